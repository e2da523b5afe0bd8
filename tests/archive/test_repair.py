"""One try at mending: what is whole is read and said to be mended, what lost something is not."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from archive.text import Unreadable, read, read_apart
from tests.archive import pdfs
from tests.archive.pdfs import file, objects, pdf, stream, table, text, updated

PAGE, BODY = 100, 101
"""The numbers of the first page and its content in `pdfs.objects`."""
PLAIN = pdfs.plain()


def cut_before(mark: bytes, data: bytes = PLAIN) -> bytes:
    return data[: data.rindex(mark)]


def wrong_length(data: bytes, to: bytes) -> bytes:
    return re.sub(rb"/Length \d+", b"/Length " + to, data)


def in_object_streams() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PLAIN)) as whole:
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def misplaced(data: bytes) -> bytes:
    return cut_before(b"startxref", data) + b"startxref\n77\n%%EOF\n"


MENDED = {
    "no startxref": cut_before(b"startxref"),
    "startxref elsewhere": misplaced(PLAIN),
    "object streams, startxref elsewhere": misplaced(in_object_streams()),
    "an offset is wrong": PLAIN.replace(b"0000000", b"0000001", 3),
    "objects do not end": PLAIN.replace(b"endobj", b"endbbj", 4),
    "length too short": wrong_length(PLAIN, b"1"),
    "length too long": wrong_length(PLAIN, b"99999"),
    "length refers to itself": wrong_length(PLAIN, b"%d 0 R" % BODY),
    "the cross-references go in a circle": cut_before(b"startxref").replace(
        b"/Root", b"/Prev %d/Root" % PLAIN.rindex(b"xref\n0 ")
    )
    + b"startxref\n%d\n%%%%EOF" % PLAIN.rindex(b"xref\n0 "),
    "something stands before it": b"X-Header: yes\r\n\r\n" + PLAIN,
    "a page that says it is something else": PLAIN.replace(b"/Type/Page/P", b"/Type/Pgae/P"),
}


@pytest.mark.parametrize("damage", MENDED)
def test_what_is_whole_is_read_and_said_to_be_mended(damage: str) -> None:
    document, plain = read(MENDED[damage]), read(PLAIN)
    assert document.statements == plain.statements
    assert [remark.code for remark in document.remarks] == ["repaired"]
    assert "repaired before it was read" in document.remarks[0].message


def test_a_mended_document_is_still_the_one_that_was_published(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(MENDED["no startxref"])
    document = read_apart(path)
    assert document.original == hashlib.sha256(MENDED["no startxref"]).hexdigest()
    assert document == read(MENDED["no startxref"])


def hole(kid: bytes) -> bytes:
    """Two pages are announced; what should be the second is something else."""
    made = objects(table(), table())
    made[2] = b"<</Type/Pages/Kids[100 0 R %s]/Count 2>>" % kid
    return file(made)


def spoilt_checksum() -> bytes:
    packed = bytearray(zlib.compress(table()))
    packed[-1] ^= 1
    made = objects(table())
    made[BODY] = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return file(made)


def plain_stream(length: bytes) -> bytes:
    """A stream without a checksum whose length is wrong: is it the length, or are data missing?"""
    made = objects(table())
    made[BODY] = wrong_length(stream(table(), packed=False), length)
    return file(made)


LOST: dict[str, tuple[bytes, str]] = {
    "cut in the middle": (PLAIN[: len(PLAIN) // 2], "truncated"),
    "cut before the cross-reference": (cut_before(b"xref\n0 "), "truncated"),
    "cut in the trailer": (cut_before(b">>\nstartxref"), "truncated"),
    "a page has gone": (hole(b"999 0 R"), "damaged"),
    "a page has gone, and startxref": (cut_before(b"startxref", hole(b"999 0 R")), "truncated"),
    "a page stands twice": (hole(b"100 0 R"), "damaged"),
    "the tree holds itself": (hole(b"2 0 R"), "damaged"),
    "something that is no page": (hole(b"10 0 R"), "damaged"),
    "fewer pages than announced": (PLAIN.replace(b"/Count 1", b"/Count 3"), "damaged"),
    "fewer than announced, no startxref": (
        cut_before(b"startxref", PLAIN.replace(b"/Count 1", b"/Count 3")),
        "truncated",
    ),
    "content is missing": (PLAIN.replace(b"/Contents 101", b"/Contents 199"), "damaged"),
    "content is missing, no startxref": (
        cut_before(b"startxref", PLAIN.replace(b"/Contents 101", b"/Contents 199")),
        "truncated",
    ),
    "two objects have each other's number": (
        PLAIN.replace(b"101 0 obj", b"1O1 0 obj")
        .replace(b"11 0 obj", b"101 0 obj")
        .replace(b"1O1 ", b"11 "),
        "damaged",
    ),
    "a wrong checksum": (spoilt_checksum(), "damaged"),
    "a wrong checksum, no startxref": (cut_before(b"startxref", spoilt_checksum()), "truncated"),
    "length wrong without a checksum": (plain_stream(b"9999"), "damaged"),
    "length short without a checksum": (plain_stream(b"50"), "damaged"),
    "no root": (PLAIN.replace(b"/Root", b"/Toor"), "damaged"),
}


@pytest.mark.parametrize("damage", LOST)
def test_what_lost_something_is_not_mended(damage: str) -> None:
    data, code = LOST[damage]
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.code == code


REVISED = updated(
    PLAIN,
    BODY,
    stream(table().replace(*(part.encode("gbk").hex().encode() for part in ("8.37", "9.99")))),
)


def figure(data: bytes) -> str:
    return read(data).statements[0].items[1].amounts["项目支出"].text


def test_the_last_revision_counts() -> None:
    assert (figure(PLAIN), figure(REVISED)) == ("8.37", "9.99")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(PLAIN) + 60],
        lambda data: data[: data.rindex(b"endobj")],
        lambda data: cut_before(b"xref\n", cut_before(b"startxref", data)),
        lambda data: data[: len(PLAIN)] + data[len(PLAIN) :].replace(b"101 0 obj", b"101 0 0bj"),
    ],
    ids=["in its object", "at its object's end", "before its reference", "in its object's head"],
)
def test_an_older_revision_is_never_read_in_place_of_a_damaged_one(
    damage: Callable[[bytes], bytes],
) -> None:
    with pytest.raises(Unreadable):
        read(damage(REVISED))


def test_the_last_revision_is_found_without_the_reference_to_it() -> None:
    data = cut_before(b"startxref", REVISED)  # the one that is left leads to the older figures
    assert figure(data) == "9.99"
    assert figure(data + b"startxref\n5\n%%EOF\n") == "9.99"


def test_the_reason_names_both_the_damage_and_why_it_was_not_mended() -> None:
    with pytest.raises(Unreadable) as caught:
        read(LOST["a page has gone"][0])
    assert "cannot be mended" in str(caught.value)
    with pytest.raises(Unreadable) as caught:
        read(LOST["cut in the middle"][0])
    assert "end is missing" in str(caught.value)


def test_a_repair_stays_within_the_limits_of_the_document(tmp_path: Path) -> None:
    from archive.text.limits import Limits

    deep = pdf(table(), page=b"/Deep " + b"[" * 200_000)
    path = tmp_path / "deep.pdf"
    path.write_bytes(cut_before(b"startxref", deep) + text("x", 1, 1))
    limits = Limits(memory=1 << 29, seconds=10, seconds_per_page=0, output=1 << 20)
    with pytest.raises(Unreadable) as caught:
        read_apart(path, limits)
    assert caught.value.code in ("truncated", "damaged", "memory", "timeout")
