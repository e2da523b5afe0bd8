"""Word 97–2003, WPS and Rich Text: read by the file's own rows, merged cells included.

`samples/budget.doc` was made of `twins.tracked(twins.docx(NAME, SHEETS), CHANGED)`, saved as Word
97–2003 by LibreOffice 7.4; nothing here needs that program.
"""

from __future__ import annotations

import random
import struct
from itertools import pairwise
from pathlib import Path

import pytest

from archive.model import Document
from archive.text import Unreadable, read
from archive.text.formats.marked import Mark, Merge, Span, blocks
from tests.archive import twins
from tests.archive.test_formats import pdf
from tests.archive.test_lined import figures

NAME = "archives-2025-budget"
SHEETS = ("2025年部门财务收支预算总表", "2025年部门支出预算总表")
CHANGED = ("6,499,279", "1,385,000")
SAMPLE = (Path(__file__).parent / "samples" / "budget.doc").read_bytes()
RICH = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1 Arial;}}"
SPENDING = (
    r"\pard \'b2\'bf\'c3\'c5\'d6\'a7\'b3\'f6\'d7\'dc\'b1\'ed\par "
    r"\u21333?\u20301?:\u19975?\u20803?\par "
)
"""部门支出总表, 单位:万元"""


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


def outcome(data: bytes) -> str:
    """Why these bytes are not read; "" where they are."""
    try:
        read(data)
    except Unreadable as error:
        return error.code
    return ""


def test_a_word_97_file_has_the_line_items_of_its_docx() -> None:
    old, new = read(SAMPLE), read(twins.docx(NAME, SHEETS))

    assert [s.form for s in old.statements] == ["budget.total", "budget.expenditure"]
    assert [figures(s) for s in old.statements] == [figures(s) for s in new.statements]
    assert [s.unit for s in old.statements] == [s.unit for s in new.statements]
    assert (old.media_type, old.extractor) == ("application/msword", "doc/3")


def test_what_was_deleted_or_is_hidden_is_no_digit_of_a_figure_and_said() -> None:
    texts = [a.text for s in read(SAMPLE).statements for i in s.items for a in i.amounts.values()]

    assert all(text in texts for text in CHANGED)
    assert not any(text.startswith(("9", "89", "98")) for text in texts)
    assert codes(read(SAMPLE)) == ["changes-tracked"]


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        pytest.param(0x02, 0x68, "unread-format", id="Word 95"),
        pytest.param(0x0A, 0x13F0, "encrypted", id="a password"),
        pytest.param(0x4C, 0xFFFF, "", id="a length beyond its end"),
        pytest.param(0x1A6, 0, "damaged", id="no pieces"),
    ],
)
def test_what_a_header_says_decides_the_outcome(at: int, value: int, code: str) -> None:
    header = SAMPLE.index(b"\xec\xa5")
    changed = bytearray(SAMPLE)
    struct.pack_into("<H", changed, header + at, value)

    assert outcome(bytes(changed)) == code


def test_no_damage_of_a_word_file_ends_but_in_a_named_outcome() -> None:
    chance = random.Random(97)
    found = set()
    for _ in range(150):
        damaged = bytearray(SAMPLE)
        for _ in range(chance.choice((1, 8, 64))):
            damaged[chance.randrange(512, len(damaged))] = chance.randrange(256)
        found.add(outcome(bytes(damaged[: chance.choice((len(damaged), 9_000, 30_000))])))

    assert found <= {"", "damaged", "tables-lost", "encrypted", "too-large", "unread-format"}
    assert "damaged" in found


@pytest.mark.parametrize("name", [NAME, "rencai-2024-budget", "rencai-2024-final"])
def test_rich_text_has_the_line_items_of_the_pdf(name: str) -> None:
    rich, model = read(twins.rtf(name)), pdf(name)

    assert [(s.form, figures(s)) for s in rich.statements] == [
        (s.form, figures(s)) for s in model.statements
    ]
    assert rich.extractor == "rtf/3"


def row(*cells: str) -> str:
    edges = "".join(rf"\cellx{1000 * n}" for n in range(1, len(cells) + 1))
    printed = "".join(rf"\pard\intbl {cell}\cell " for cell in cells)
    return rf"\trowd{edges}{printed}\row "


HEAD = row(*map(twins.escaped_rtf, ("科目编码", "科目名称", "合计")))


def rich(*rows: str) -> bytes:
    return "".join((RICH, SPENDING, HEAD, *rows, "}")).encode()


def test_rich_text_is_read_in_the_encoding_of_each_font_and_shows_no_more_than_it_shows() -> None:
    name = r"{\f0 \'d0\'d0\'d5\'fe}{\f1 \uc2\u-28796??}{\v hidden}{\*\secret gone}\u34892?"
    data = rich(row("2010301", name, r"{\deleted 9}1{\v 8}2.50"))
    (item,) = read(data).statements[0].items

    assert item.name == "行政辄行"
    assert item.amounts["合计"].text == "12.50"
    assert codes(read(data)) == ["changes-tracked"]


def test_a_picture_in_rich_text_is_said_to_be_unread() -> None:
    data = rich(row("201", "a", "1.00"), r"{\*\shppict{\pict\pngblip 89504e47}}")

    assert codes(read(data)) == ["image-on-page"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (rich(row("201", "a", "1.00"))[:-1], "truncated"),
        (b"{\\rtf1 " + b"{" * 2_000, "damaged"),
        (b"{\\rtf1 \\'zz}", "damaged"),
        (rich(row("201", "a", "1.00").replace(r"\cellx3000", "")), "tables-lost"),
    ],
)
def test_damaged_rich_text_is_refused(data: bytes, code: str) -> None:
    assert outcome(data) == code


def cells(*edges: float, above: tuple[int, ...] = ()) -> tuple[Span, ...]:
    return tuple(
        Span(left, right, Merge(left=False, above=n in above))
        for n, (left, right) in enumerate(pairwise(edges))
    )


def marked(*rows: tuple[tuple[Span, ...], tuple[str, ...]]) -> list[Mark]:
    found = []
    for spans, texts in rows:
        found += [Mark(text, cell=True, in_table=True, row=None) for text in texts]
        found.append(Mark("", cell=True, in_table=True, row=spans))
    return found


def test_rows_with_other_edges_have_their_cells_over_the_same_columns() -> None:
    (table,) = blocks(
        marked(
            (cells(0, 200, 400), ("项目", "金额")),
            (cells(0, 100, 200.8, 400, above=(2,)), ("编码", "名称", "")),
            (cells(0, 100, 200, 400), ("201", "支出", "1.00")),
        )
    )
    assert not isinstance(table, str)
    assert [[cell.text for cell in line] for line in table] == [
        ["项目", "项目", "金额"],
        ["编码", "名称", "金额"],
        ["201", "支出", "1.00"],
    ]


def test_a_row_with_another_number_of_cells_than_it_says_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        list(blocks(marked((cells(0, 100, 200), ("201", "支出", "1.00")))))
    assert caught.value.code == "tables-lost"
