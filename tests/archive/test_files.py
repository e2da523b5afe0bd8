from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archive.files import content_equal, from_files, to_files
from archive.model import (
    Amount,
    Box,
    Column,
    Document,
    Facts,
    Identity,
    Kind,
    Level,
    LineItem,
    Locator,
    Mark,
    Paragraph,
    RawTable,
    Remark,
    Statement,
    Unit,
)
from archive.paths import (
    component,
    document_folder,
    document_name,
    identity_of,
    parse_folder,
)
from tests.archive import storing


def amount(text: str, value: str | None = None, mark: Mark = Mark.PRINTED) -> Amount:
    at = Locator(12, 8, 3, Box(10.5, 20.25, 30.0, 40.0))
    return Amount(text, Decimal(value) if value else None, mark, at=at)


ITEMS = (
    LineItem(
        name="行政运行",
        code="2010601",
        level=3,
        amounts={
            "合计": amount("1,511.90", "1511.90"),
            "项目支出": amount("", None, Mark.BLANK),
        },
        page=12,
        row=8,
    ),
    LineItem(
        name="其他",
        amounts={"合计": amount("0.00", "0.00"), "项目支出": amount("-", None, Mark.DASH)},
        page=12,
        row=9,
    ),
)
STATEMENT = Statement(
    form="final.expenditure",
    title="支出决算表",
    unit=Unit.WAN,
    pages=(12,),
    columns=(Column("合计", "合计"), Column("项目支出", "项目支出")),
    items=ITEMS,
)
DOCUMENT = Document(
    original="ab" * 32,
    media_type="application/pdf",
    extractor="pdf/1",
    pages=25,
    facts=Facts(agency="某局", year=2024, kind=Kind.FINAL, level=Level.DEPARTMENT),
    statements=(STATEMENT,),
    tables=(RawTable("不认识的表", (20,), (("甲", None), ("乙", "1.0")), "no form"),),
    prose=(Paragraph(2, "一、概况", 2), Paragraph(3, "共 3 人。")),
    remarks=(Remark("table-unknown", "said", 20),),
)


def with_items(*items: LineItem, **more: object) -> Document:
    return replace(DOCUMENT, statements=(replace(STATEMENT, items=items, **more),))


def rows_of(document: Document) -> list[list[str]]:
    files = to_files(document)
    (name,) = [n for n in files if n.startswith("statements/")]
    return list(csv.reader(io.StringIO(files[name].decode())))


# --- what counts as the same ---


def test_the_numbers_over_columns_are_layout_and_no_content() -> None:
    numbered = with_items(*ITEMS, columns=(Column("合计", "合计", number="3=4"),))
    plain = with_items(*ITEMS, columns=(Column("合计", "合计"),))
    assert content_equal(numbered, plain)
    assert from_files(to_files(numbered)) == numbered


# --- document.json ---


def test_a_document_comes_back_whole_from_its_files() -> None:
    files = to_files(DOCUMENT)
    back = from_files(files)
    assert back == DOCUMENT
    value = back.statements[0].items[1].amounts["合计"].value
    assert str(value) == "0.00"  # equal Decimals may differ in precision; the text decides
    assert to_files(back) == files


def test_every_line_item_paragraph_and_table_row_has_a_line_of_its_own() -> None:
    lines = to_files(DOCUMENT)["document.json"].decode().splitlines()
    assert sum('"name":"行政运行"' in line for line in lines) == 1
    assert [line for line in lines if "行政运行" in line] != [
        line for line in lines if "其他" in line
    ]
    changed = with_items(replace(ITEMS[0], name="行政管理"), ITEMS[1])
    other = to_files(changed)["document.json"].decode().splitlines()
    assert [(a, b) for a, b in zip(lines, other, strict=True) if a != b] == [
        (line, line.replace("行政运行", "行政管理")) for line in lines if "行政运行" in line
    ]
    assert sum("共 3 人" in line for line in lines) == 1
    assert '    ["甲",null],' in lines


def test_a_document_with_nothing_in_it_comes_back_too() -> None:
    bare = Document("cd" * 32, "application/pdf", "pdf/1", 1, Facts())
    assert from_files(to_files(bare)) == bare
    assert list(to_files(bare)) == ["document.json"]


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(texts, texts, texts), max_size=4))
def test_whatever_is_printed_survives_the_files(cells: list[tuple[str, str, str]]) -> None:
    items = tuple(
        LineItem(name=name, code=code, attributes={"item": text}, amounts={"合计": Amount(text)})
        for name, code, text in cells
    )
    document = with_items(*items, title=cells[0][0] if cells else "")
    files = to_files(document)
    assert from_files(files) == document
    for name in files:
        assert all(0 < len(part.encode()) <= 255 for part in name.split("/"))


# --- CSV ---


def test_amounts_stand_as_printed_and_a_blank_stays_blank() -> None:
    assert rows_of(DOCUMENT) == [
        ["类别", "科目编码", "名称", "合计（万元）", "项目支出（万元）", "页", "行"],
        ["", "2010601", "行政运行", "1,511.90", "", "12", "8"],
        ["", "", "其他", "0.00", "-", "12", "9"],
    ]


def test_an_unknown_unit_is_said_and_other_cells_get_columns() -> None:
    item = replace(ITEMS[0], side="支出", attributes={"method": "公开招标", "new": "x"})
    rows = rows_of(with_items(item, unit=None))
    assert rows[0] == [
        *("类别", "科目编码", "名称", "采购方式", "new"),
        *("合计（单位不明）", "项目支出（单位不明）", "页", "行"),
    ]
    assert rows[1][:5] == ["支出", "2010601", "行政运行", "公开招标", "x"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+86", "+86"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+2", "'-1+2"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-12.30", "-12.30"),
        ("-1,234.50", "-1,234.50"),
        ("—", "—"),
        ("-", "-"),
        ("a=1", "a=1"),
    ],
)
def test_no_cell_is_a_formula_while_numbers_stay_numbers(text: str, cell: str) -> None:
    item = LineItem(name=text, code=text, attributes={text: text}, amounts={text: Amount(text)})
    rows = rows_of(with_items(item))
    assert rows[1][1:4] == [cell, cell, cell]
    assert rows[1][-3] == cell
    assert not any(c.startswith(("=", "@", "\t")) for row in rows for c in row)


def test_lines_end_in_lf_only() -> None:
    assert all(b"\r" not in data for data in to_files(DOCUMENT).values())


def test_statements_are_numbered_in_order_and_named_by_their_title() -> None:
    second = replace(STATEMENT, title="../../收/支 总表?")
    third = replace(STATEMENT, title="\u202e...", form="final.total")
    names = list(to_files(replace(DOCUMENT, statements=(STATEMENT, second, third))))
    assert names[1:4] == [
        "statements/01-支出决算表.csv",
        "statements/02-_.._收_支 总表_.csv",
        "statements/03-final.total.csv",
    ]


# --- prose ---


def test_prose_has_pages_headings_and_nothing_that_acts_as_markdown() -> None:
    prose = (
        Paragraph(20, "一、概况", 2),
        Paragraph(21, "<script>alert(1)</script> [x](javascript:1) **b** a|b `c` 100%"),
        Paragraph(21, "1. 第一\n- 第二\n# 第三\n\n   &lt; $x$ ~~y~~"),
        Paragraph(21, "   "),
        Paragraph(22, "# 九", 9),
    )
    text = to_files(replace(DOCUMENT, prose=prose))["prose.md"].decode()
    assert text == (
        "<!-- 第 20 页 -->\n\n"
        "## 一、概况\n\n"
        "<!-- 第 21 页 -->\n\n"
        "\\<script\\>alert(1)\\</script\\>"
        " \\[x\\](javascript:1) \\*\\*b\\*\\* a\\|b \\`c\\` 100%\n\n"
        "1\\. 第一\n\\- 第二\n\\# 第三\n\\&lt; \\$x\\$ \\~\\~y\\~\\~\n\n"
        "<!-- 第 22 页 -->\n\n"
        "###### \\# 九\n"
    )


# --- equal in content ---


def test_another_file_with_the_same_content_is_equal_in_content() -> None:
    moved = replace(
        DOCUMENT,
        original="cd" * 32,
        pages=26,
        statements=(
            replace(
                STATEMENT,
                pages=(13, 14),
                items=tuple(
                    replace(
                        item,
                        page=14,
                        row=1,
                        amounts={m: replace(a, at=None) for m, a in item.amounts.items()},
                    )
                    for item in ITEMS
                ),
            ),
        ),
        tables=(replace(DOCUMENT.tables[0], pages=(21,)),),
        prose=tuple(replace(p, page=p.page + 1) for p in DOCUMENT.prose),
        remarks=(),
    )
    assert content_equal(DOCUMENT, moved)


def first_amount(text: str, value: str | None, mark: Mark = Mark.PRINTED) -> Document:
    amounts = {**ITEMS[0].amounts, "合计": amount(text, value, mark)}
    return with_items(replace(ITEMS[0], amounts=amounts), ITEMS[1])


@pytest.mark.parametrize(
    "other",
    [
        first_amount("1,511.91", "1511.91"),
        first_amount("1,511.9", "1511.9"),
        with_items(
            ITEMS[0],
            replace(ITEMS[1], amounts={**ITEMS[1].amounts, "合计": amount("", None, Mark.BLANK)}),
        ),
        with_items(ITEMS[1], ITEMS[0]),
        with_items(ITEMS[0]),
        with_items(*ITEMS, unit=Unit.YUAN),
        with_items(*ITEMS, title="支出决算表（更正）"),
        with_items(replace(ITEMS[0], attributes={"item": "x"}), ITEMS[1]),
        replace(DOCUMENT, prose=DOCUMENT.prose[:1]),
        replace(DOCUMENT, tables=()),
        replace(DOCUMENT, facts=replace(DOCUMENT.facts, year=2023)),
    ],
)
def test_any_printed_difference_is_a_difference(other: Document) -> None:
    assert not content_equal(DOCUMENT, other)


@pytest.mark.parametrize(
    "code",
    [
        "annotation-unread",
        "characters-undefined",
        "content-odd",
        "image-on-page",
        "page-drawn",
        "page-image",
        "text-sideways",
    ],
)
def test_what_could_not_be_read_is_never_called_the_same(code: str) -> None:
    unread = replace(DOCUMENT, remarks=(Remark(code, "said", 3),))
    assert not content_equal(unread, unread)
    assert not content_equal(DOCUMENT, unread)


# --- names ---


@given(st.text(max_size=200))
def test_any_text_becomes_one_harmless_component(text: str) -> None:
    name = component(text, "x")
    assert name
    assert len(name) <= 81
    assert len(name.encode()) <= 241
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name)
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("上海市普陀区财政局", "上海市普陀区财政局"),
        ("街道（本级）", "街道（本级）"),
        (".git", "git"),
        ("GIT~1", "_GIT~1"),
        ("nul", "_nul"),
        ("CON.csv", "_CON.csv"),
        ("..", "fallback"),
        ("a\u202eb\u200b\nc", "ab c"),
        ("", "fallback"),
    ],
)
def test_names_that_a_system_reserves_are_avoided(text: str, name: str) -> None:
    assert component(text, "fallback") == name


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("level", list(Level))
def test_folder_and_document_id_both_spell_the_identity(level: Level, kind: Kind) -> None:
    identity = storing.identity_of_finance(2024, kind, level)
    folder = document_folder("某局", identity)
    assert folder.split("/")[0] == "某局"
    assert parse_folder(*folder.split("/")[1:]) == (2024, level, kind)
    assert document_name(identity) == "".join(folder.split("/")[1:])
    assert identity_of(identity.document_id) == identity


@pytest.mark.parametrize("text", ["", "a/b", "310107/x/department/year/final", "a/b/c/2024/final"])
def test_other_text_is_no_document_id(text: str) -> None:
    with pytest.raises(ValueError, match="not a document id"):
        identity_of(text)


def test_other_folders_are_no_documents() -> None:
    assert parse_folder("2024年", "三公经费") is None
    assert parse_folder("2024", "部门决算") is None


def test_the_identity_says_which_department() -> None:
    assert storing.identity_of_finance() == Identity(
        "310107", "310107.006", Level.DEPARTMENT, 2024, Kind.FINAL
    )
