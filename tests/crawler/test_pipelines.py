"""Are the bytes what they claim to be?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.pipelines import outcome_without_bytes
from crawler.portals import Entry
from crawler.publications import Attachment, Fetched, Publication
from tests.portal import faults

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DOCX = b"PK\x03\x04" + b"\0" * 40 + b"word/document.xml"
URL = "http://www.example.gov.cn/files/a"


def fetched(
    body: bytes,
    ending: str = ".pdf",
    status: int = 200,
    kind: str = "",
    final_url: str = "",
    unterminated: bool = False,
) -> Fetched:
    entry = Entry(url="http://www.example.gov.cn/")
    attachment = Attachment(url=URL + ending)
    return Fetched(
        publication=Publication(title="t", page_url=entry.url, entry=entry),
        attachment=attachment,
        final_url=final_url or attachment.url,
        status=status,
        headers={"content-type": kind} if kind else {},
        body=body,
        unterminated=unterminated,
    )


@pytest.mark.parametrize(
    "item",
    [
        fetched(PDF),
        fetched(PDF, kind="application/octet-stream"),
        fetched(PDF, ending="", kind="application/octet-stream"),
        fetched(b"\n\n" + PDF),
        fetched(OLE, ending=".doc"),
        fetched(DOCX, ending=".docx"),
        fetched(DOCX, ending=".doc"),
        fetched(DOCX, ending=".pdf"),
        fetched("科目,金额\n20101,3.20\n".encode(), ending=".csv"),
        fetched(PDF, unterminated=True),
    ],
)
def test_documents_pass_whatever_their_address_calls_them(item: Fetched) -> None:
    assert outcome_without_bytes(item) == ""


@pytest.mark.parametrize(
    ("item", "outcome"),
    [
        (fetched(b""), "refused:empty"),
        (fetched(b"\r\n"), "refused:too-short"),
        (fetched(faults.ERROR_PAGE, kind="application/pdf"), "refused:html"),
        (fetched(faults.ERROR_PAGE, ending="", kind="application/octet-stream"), "refused:html"),
        (fetched(b'{"code": 500, "msg": "busy"}'), "refused:not-a-pdf"),
        (fetched(b'{"code": 500, "msg": "busy"}', ending=".docx"), "refused:unrecognised"),
        (fetched(PDF[:30] + b"x" * 300, unterminated=True), "refused:incomplete"),
        (fetched(b"", status=503), "refused:http-503"),
        (fetched(b"", status=403), "refused:http-403"),
        (fetched(PDF, status=206), "refused:http-206"),
    ],
)
def test_other_bytes_are_refused_with_the_reason(item: Fetched, outcome: str) -> None:
    assert outcome_without_bytes(item) == outcome


@pytest.mark.parametrize(
    "item",
    [
        fetched(b"", status=404),
        fetched(b"", status=410),
        fetched(faults.NOT_FOUND),
        fetched(b"<html>" + b"<p>home</p>" * 400, final_url="http://www.example.gov.cn/"),
    ],
)
def test_a_file_that_is_not_there_is_gone_even_if_the_answer_is_200(item: Fetched) -> None:
    assert outcome_without_bytes(item) == "gone"


def test_not_modified_is_an_outcome_of_its_own() -> None:
    assert (
        outcome_without_bytes(replace(fetched(b"", status=304), confirmed=True)) == "not-modified"
    )


def test_not_modified_is_not_believed_of_bytes_that_are_not_ours() -> None:
    assert outcome_without_bytes(fetched(b"", status=304)) == "refused:unconfirmed-304"
