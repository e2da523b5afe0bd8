"""The quick tokeniser and device give exactly what pdfminer's own parser and LTChars give."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword

from archive.text.device import RADICALS, InkDevice
from archive.text.stream import Operator, QuickInterpreter, Unusual, tokenise
from tests import corpus
from tests.portal import documents


def stock(data: bytes) -> list[object]:
    """What pdfminer's parser makes of the same bytes; operators as `Operator`."""
    stream = PDFStream({}, data)
    stream.set_objid(1, 0)
    parser = PDFContentParser([stream])
    out: list[object] = []
    while True:
        try:
            _, token = parser.nextobject()
        except PSEOF:
            return out
        out.append(Operator(token.name) if isinstance(token, PSKeyword) else token)


SAMPLE = rb"""q 1 0 0 1 56.7 -.5 cm BT /F1 12 Tf [(a\(b\)\051\n) -250 <0041 42> +3.] TJ
/Name#20x gs (line\
joined) ' 0 0 m 10 0 l S % comment ] (
ET /P <</MCID 0 /K [1 2]>> BDC EMC true false T* Q"""


def test_ordinary_content_gives_the_same_operands_and_operators() -> None:
    assert tokenise(SAMPLE) == stock(SAMPLE)


@pytest.mark.parametrize(
    "odd",
    [
        b"BI /W 1 ID \x00 EI",
        b"(unclosed",
        b"[ 1 2",
        b"1 ]",
        b"(a (nested) b) Tj",
        b"<41 4z>",
        b"1-2",
    ],
)
def test_what_is_odd_is_left_to_pdfminer(odd: bytes) -> None:
    with pytest.raises(Unusual):
        tokenise(odd)


PIECES = st.sampled_from(
    rb"""1 -2.5 +.5 6. (a) (\051\)x) <4142> /N /A#42 [ ] << >> Tj TJ re f* ' " true 1e5""".split()
    + [b"<41 4>", b"%c\n", b"\n", b" ", b"\x00"]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from([b" ", b"\n", b""]))
def test_any_mixture_is_read_as_pdfminer_reads_it_or_not_at_all(
    pieces: list[bytes], between: bytes
) -> None:
    # pdfminer drops an operand that ends the stream without a delimiter; nothing would run it
    data = between.join(pieces) + b"\n"
    try:
        quick = tokenise(data)
    except Unusual:
        return
    assert quick == stock(data)


class Layout(PDFLayoutAnalyzer):
    """pdfminer's own device without layout analysis."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources, laparams=None)
        self.pages: list[LTPage] = []

    def receive_layout(self, ltpage: LTPage) -> None:
        self.pages.append(ltpage)


def chars(item: LTContainer) -> list[tuple[float, float, float, float, str]]:
    out = []
    for child in item:
        if isinstance(child, LTChar):
            out.append((*child.bbox, child.get_text()))
        elif isinstance(child, LTContainer):
            out += chars(child)
    return out


NEAR = 1e-6
"""Points."""


def compare(data: bytes, step: int = 1) -> int:
    """Hold every character of a file, or of each so many-th page, against pdfminer's; returns how
    many were compared."""
    resources = PDFResourceManager()
    layout = Layout(resources)
    stock_interpreter = PDFPageInterpreter(resources, layout)
    ours = InkDevice(PDFResourceManager())
    ours.end_page = lambda _: None  # type: ignore[method-assign]  # not turned upright
    quick = QuickInterpreter(ours.rsrcmgr, ours)
    compared = 0
    for page in islice(PDFPage.get_pages(io.BytesIO(data)), 0, None, step):
        stock_interpreter.process_page(page)
    for number, page in enumerate(islice(PDFPage.get_pages(io.BytesIO(data)), 0, None, step)):
        quick.process_page(page)
        expected = chars(layout.pages[number])
        assert len(expected) == len(ours.page.chars)
        for theirs, mine in zip(expected, ours.page.chars, strict=True):
            assert max(abs(a - b) for a, b in zip(mine[:4], theirs[:4], strict=True)) <= NEAR
            assert mine[4] == theirs[4].translate(RADICALS)
        compared += len(expected)
    return compared


def test_every_character_of_a_sample_stands_where_pdfminer_puts_it() -> None:
    assert compare(documents.pdf("rencai-2024-budget")) > 500


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_characters_of_a_real_publication_stand_where_pdfminer_puts_them(path: Path) -> None:
    assert compare(path.read_bytes(), step=5) > 1_000


@pytest.mark.corpus
@pytest.mark.full
@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_every_character_of_a_real_publication_stands_where_pdfminer_puts_it(path: Path) -> None:
    assert compare(path.read_bytes()) > 5_000


def test_radicals_are_the_characters_a_reader_sees() -> None:
    assert "财政专⼾、⻔户、⻋辆".translate(RADICALS) == "财政专户、门户、车辆"
