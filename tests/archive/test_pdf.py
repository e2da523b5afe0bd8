"""Damaged and hostile files end in a named outcome, and nothing else suffers."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.text import Unreadable, read, read_apart
from archive.text.limits import Limits
from tests.portal import documents

GOOD = "rencai-2024-budget"


def outcome(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.code, caught.value.page


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: b"", "empty"),
        (lambda data: b"<html>403</html>", "no-statement"),
        (lambda data: b"\x00" * 4096, "unread-format"),
        (lambda data: data[:300], "truncated"),
        (lambda data: data[: len(data) // 2], "truncated"),
        (lambda data: b"%PDF-1.4\n%%EOF", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(damage: Callable[[bytes], bytes], code: str) -> None:
    assert outcome(damage(documents.pdf(GOOD)))[0] == code


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(100, 100, "secret")
    canvas.save()
    return out.getvalue()


def test_a_password_is_not_guessed() -> None:
    assert outcome(encrypted()) == ("encrypted", None)


def spoilt_stream(data: bytes, nth: int) -> bytes:
    """The file with one byte changed in the middle of its nth compressed stream."""
    start = [match.end() for match in re.finditer(rb"(?<!end)stream\r?\n", data)][nth - 1]
    end = data.index(b"endstream", start)
    middle = (start + end) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def test_a_spoilt_page_is_damage_on_that_page_never_a_shorter_table() -> None:
    with pytest.raises(Unreadable) as caught:
        read(spoilt_stream(drawn_pages(3), 2))
    assert (caught.value.code, caught.value.page) == ("damaged", 2)
    assert "page 2" in str(caught.value)


def drawn_pages(count: int) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1)
    for number in range(count):
        for line in range(60):
            canvas.drawString(50, 800 - 12 * line, f"line {line * 7919 % 1000} of page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_worker_reads_what_this_process_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(documents.pdf(GOOD))
    assert read_apart(path) == read(documents.pdf(GOOD))


def test_a_worker_names_the_same_outcomes(tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(documents.pdf(GOOD)[:300])
    with pytest.raises(Unreadable) as caught:
        read_apart(path)
    assert caught.value.code == "truncated"


def test_a_missing_file_is_the_caller_s_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_apart(tmp_path / "none.pdf")


def endless(operators: int) -> bytes:
    """A small file whose only page unpacks to a great many operators."""
    content = zlib.compress(b"0 0 m 9 9 l S\n" * operators, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 5\n0000000000 65535 f \n" + table
    return out + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % out.index(b"xref")


def test_a_document_that_never_ends_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "endless.pdf"
    path.write_bytes(endless(3_000_000))
    with pytest.raises(Unreadable) as caught:
        read_apart(path, Limits(memory=1 << 31, seconds=0.1, seconds_per_page=0.0, output=1 << 20))
    assert caught.value.code == "timeout"


def test_a_document_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(endless(20_000_000))
    with pytest.raises(Unreadable) as caught:
        read_apart(path, Limits(memory=1 << 28, seconds=30, seconds_per_page=0.5, output=1 << 20))
    assert caught.value.code == "memory"
