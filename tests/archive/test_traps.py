"""What PDFs do that loses or falsifies text elsewhere, each drawn here in one small file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from archive.model import Certainty, Document, Mark
from archive.text import Unreadable, read, read_apart
from tests.archive import pdfs
from tests.archive.pdfs import Objects, pdf, stream, table, text


def figures(document: Document) -> list[Any]:
    """Everything a comparison would see."""
    return [
        (s.form, s.title, s.unit, [(i.code, i.name, i.side, amounts(i.amounts)) for i in s.items])
        for s in document.statements
    ]


def amounts(cells: dict[str, Any]) -> dict[str, tuple[str, Mark]]:
    return {measure: (amount.text, amount.mark) for measure, amount in cells.items()}


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


PLAIN = figures(read(pdfs.plain()))


def same(data: bytes, *remarks: str) -> None:
    """The file reads as the plain one, with these remarks."""
    document = read(data)
    assert figures(document) == PLAIN
    assert codes(document) == list(remarks)


def test_the_plain_page_has_something_to_lose() -> None:
    [(form, _, _, items)] = PLAIN
    assert form == "final.expenditure"
    assert [item[3]["项目支出"][0] for item in items] == ["603.14", "8.37", "594.77"]


# --- where the text is ----------------------------------------------------------------------------


def form(content: bytes, extra: bytes = b"", *, box: bytes = b"/BBox[0 0 999 999]") -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Form" + box + extra)


def test_text_in_nested_forms_is_read() -> None:
    inner = form(table(), b"/Resources<</Font<</F1 10 0 R>>>>/Matrix[1 0 0 1 -30 0]")
    outer = form(b"1 0 0 1 0 -50 cm /In Do", b"/Resources<</XObject<</In 21 0 R>>>>")
    page = b"q 1 0 0 1 30 50 cm /Out Do Q"
    same(pdf(page, resources=b"/XObject<</Out 20 0 R>>", more={20: outer, 21: inner}))


def test_a_form_without_a_box_is_read() -> None:
    inner = form(table(), b"/Resources<</Font<</F1 10 0 R>>>>", box=b"")
    same(pdf(b"/Out Do", resources=b"/XObject<</Out 20 0 R>>", more={20: inner}))


def test_a_form_that_shows_itself_ends() -> None:
    inner = form(b"/Out Do", b"/Resources<</XObject<</Out 20 0 R>>>>")
    resources = b"/XObject<</Out 20 0 R>>"
    same(pdf(table() + b"/Out Do", resources=resources, more={20: inner}), "content-odd")


def test_a_form_that_is_missing_is_damage_and_not_an_empty_place() -> None:
    with pytest.raises(Unreadable, match=r"page 1.*content is missing") as caught:
        read(pdf(table() + b"/Out Do", resources=b"/XObject<</Out 99 0 R>>"))
    assert caught.value.code == "damaged"


TURNS = {90: "0 1 -1 0 {w} 0", 180: "-1 0 0 -1 {w} {h}", 270: "0 -1 1 0 0 {h}"}


def turned(by: int) -> tuple[bytes, bytes]:
    """Content laid `by` degrees anticlockwise, and the box of its page."""
    wide, high = (600, 400) if by == 180 else (400, 600)
    matrix = TURNS[by].format(w=wide, h=high)
    return f"{matrix} cm\n".encode() + table(), b"/MediaBox[0 0 %d %d]" % (wide, high)


@pytest.mark.parametrize("by", TURNS)
def test_a_page_that_is_turned_for_display_reads_the_same(by: int) -> None:
    content, box = turned(by)
    same(pdf(content, page=box + b"/Rotate %d" % by))


@pytest.mark.parametrize("by", TURNS)
def test_text_laid_sideways_reads_the_same(by: int) -> None:
    content, box = turned(by)
    same(pdf(content, page=box))


@pytest.mark.parametrize("by", TURNS)
def test_an_upright_page_with_a_wrong_turn_reads_the_same(by: int) -> None:
    same(pdf(table(), page=b"/Rotate %d" % by))


def test_text_that_runs_another_way_than_the_page_is_said() -> None:
    across = text(
        "这一行在页边竖着印，与本页其余的文字方向不同，不能与其一起阅读", 20, 60, matrix="0 1 -1 0"
    )
    assert "text-sideways" in codes(read(pdf(table() + across)))


def test_a_watermark_set_across_a_page_is_no_part_of_its_cells_and_is_said() -> None:
    across = b"".join(
        text("决算公开", x, y, matrix="0.77 0.64 -0.64 0.77", size="40")
        for x, y in ((90, 180), (250, 230))
    )
    same(pdf(table() + across), "text-across")


@pytest.mark.parametrize(
    ("matrix", "size", "before"),
    [
        ("-1 0 0 -1", "-10", ""),
        ("-1 0 0 1", "10", "-100 Tz"),
        ("10 0 0 10", "1", ""),
        ("-0.5 0 0 -0.5", "-20", ""),
    ],
)
def test_negative_sizes_and_mirrored_matrices_that_cancel_out(
    matrix: str, size: str, before: str
) -> None:
    same(pdf(table(matrix=matrix, size=size, before=before)))


def test_a_page_drawn_from_the_top_down() -> None:
    # the page is mirrored, and every line of text mirrored back
    mirrored = bytearray(b"1 0 0 -1 0 400 cm\n")
    for line in table().splitlines(keepends=True):
        words = line.split()
        if words[-2:] == [b"re", b"S"]:
            words[1] = b"%d" % (400 - int(words[1]) - 20)
        elif b"Tm" in words:
            place = words.index(b"Tm")
            words[place - 3], words[place - 1] = b"-1", b"%d" % (400 - float(words[place - 1]))
        mirrored += b" ".join(words) + b"\n"
    same(pdf(bytes(mirrored)))


def test_vertical_writing_keeps_its_order() -> None:
    upright: Objects = {12: pdfs.WIDE % (b"GBK-EUC-V", 11)}
    words = "科目编码".encode("gbk").hex()
    rows = [("", *pdfs.HEAD[1:]), *pdfs.ROWS[1:]]
    heading = f"BT /F2 4 Tf 1 0 0 1 95 298 Tm <{words}> Tj ET\n".encode()
    content = table(rows) + heading
    data = pdf(content, more=upright).replace(b"/F1 10 0 R", b"/F1 10 0 R/F2 12 0 R")
    with pikepdf.open(io.BytesIO(data)) as mended:  # the offsets have moved
        out = io.BytesIO()
        mended.save(out)
    same(out.getvalue())


# --- what the codes mean --------------------------------------------------------------------------


def unreadable_not_blank(document: Document) -> None:
    """No figure was lost to a blank; none was made up."""
    marks = [a.mark for s in document.statements for i in s.items for a in i.amounts.values()]
    assert Mark.BLANK not in marks
    assert Mark.PRINTED not in marks
    cells = [cell for t in document.tables for row in t.rows for cell in row]
    assert len([cell for cell in cells if cell and "(cid:" in cell]) >= 18 or marks


def test_an_unknown_cmap_is_said_and_leaves_no_blank_cells() -> None:
    document = read(pdf(table(), font={10: pdfs.WIDE % (b"Nonesuch-H", 11)}))
    assert codes(document)[:2] == ["font-unsure", "characters-undefined"]
    assert "CMap" in document.remarks[0].message
    unreadable_not_blank(document)


def test_a_font_without_a_table_of_characters_is_said() -> None:
    identity = pdfs.CID.replace(b"(GB1)", b"(Identity)")
    font: Objects = {10: pdfs.WIDE % (b"Identity-H", 11), 11: identity}
    document = read(pdf(table(), font=font))
    assert "characters-undefined" in codes(document)
    unreadable_not_blank(document)


LATIN = b"<</Type/Font/Subtype/TrueType/BaseFont/Some/FirstChar 0/LastChar 255/Widths[%s]%s>>" % (
    b"500 " * 256,
    b"%s",
)


def latin(extra: bytes) -> Document:
    """A123 in a simple font of its own."""
    content = b"BT /F1 12 Tf 100 100 Td (A123) Tj ET"
    return read(pdf(content, font={10: LATIN % extra}))


def prose(document: Document) -> str:
    return "".join(paragraph.text for paragraph in document.prose)


@pytest.mark.parametrize(
    "extra",
    [
        b"/Encoding<</Differences[49/g17/g18/g19]>>",
        b"/ToUnicode 99 0 R",
        b"/Encoding 99 0 R",
        b"/BaseFont/ABCDEF+ZapfDingbats",
        b"/Subtype/Typo",
    ],
)
def test_codes_that_need_not_be_digits_are_not_read_as_digits(extra: bytes) -> None:
    document = latin(extra)
    assert codes(document) == ["characters-undefined"]
    assert prose(document).endswith("(cid:49)(cid:50)(cid:51)")


def test_an_ordinary_font_without_a_table_of_characters_is_read() -> None:
    document = latin(b"/Encoding/WinAnsiEncoding")
    assert (prose(document), codes(document)) == ("A123", [])


def test_a_symbolic_font_without_any_table_is_read_but_said() -> None:
    descriptor = b"/FontDescriptor<</Type/FontDescriptor/Flags 4/FontFile2 12 0 R>>"
    content = b"BT /F1 12 Tf 100 100 Td (A123) Tj ET"
    document = read(pdf(content, font={10: LATIN % descriptor, 12: stream(b"")}))
    assert (prose(document), codes(document)) == ("A123", ["font-unsure"])


def test_a_font_that_the_page_does_not_have() -> None:
    document = read(pdf(b"BT /F9 12 Tf 100 100 Td (A123) Tj ET"))
    assert codes(document) == ["characters-undefined"]


TYPE3 = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 750 750]/FontMatrix[0.001 0 0 0.001 0 0]"
    b"/CharProcs<</a 20 0 R/b 20 0 R/c 20 0 R>>/Encoding<</Differences[49/a1/b1/c1]>>"
    b"/FirstChar 49/LastChar 51/Widths[500 500 500]/Resources<<>>%s>>"
)
TO_UNICODE = stream(
    b"begincmap 4 beginbfchar <41><0041> <31><0031> <32><0032> <33><0033> endbfchar endcmap"
)


def test_type3_fonts_are_read_where_they_say_their_characters_and_named_where_not() -> None:
    content = b"BT /F1 12 Tf 100 100 Td (A123) Tj ET"
    glyph = stream(b"500 0 0 0 750 750 d1 0 0 750 750 re f")
    more = {20: glyph, 21: TO_UNICODE}
    told = read(pdf(content, font={10: TYPE3 % b"/ToUnicode 21 0 R"}, more=more))
    silent = read(pdf(content, font={10: TYPE3 % b""}, more=more))
    assert (prose(told), codes(told)) == ("A123", [])
    assert codes(silent) == ["characters-undefined"]


# --- what can be seen -----------------------------------------------------------------------------

IMAGE: Objects = {
    30: stream(b"\x80" * 9, b"/Type/XObject/Subtype/Image/Width 3/Height 3/BitsPerComponent 8")
}
SCAN = b"q 600 0 0 400 0 0 cm /Im Do Q\n"


def test_a_recognition_layer_is_read_and_said() -> None:
    content = SCAN + table(before="3 Tr")
    document = read(pdf(content, resources=b"/XObject<</Im 30 0 R>>", more=IMAGE))
    assert figures(document) == PLAIN
    assert codes(document) == ["image-on-page", "text-layered", "text-hidden"]


def certainties(document: Document) -> set[Certainty]:
    """How surely the figures were read."""
    return {a.certainty for s in document.statements for i in s.items for a in i.amounts.values()}


@pytest.mark.parametrize("turn", [b"", b"/Rotate 90", b"/Rotate 180"])
def test_a_figure_of_a_recognition_layer_was_recognised_by_whoever_laid_it(turn: bytes) -> None:
    resources = b"/XObject<</Im 30 0 R>>"
    layer = pdf(SCAN + table(before="3 Tr"), resources=resources, more=IMAGE, page=turn)
    assert certainties(read(layer)) == {Certainty.RECOGNISED}


def test_a_printed_table_on_a_picture_is_printed_though_a_word_of_it_is_invisible() -> None:
    content = SCAN + table() + text("见", 20, 20, before="3 Tr")
    document = read(pdf(content, resources=b"/XObject<</Im 30 0 R>>", more=IMAGE))
    assert certainties(document) == {Certainty.TEXT}
    assert codes(document) == ["image-on-page", "text-hidden"]


def test_invisible_text_on_nothing_is_not_read_as_a_figure() -> None:
    hidden = text("9", 362, 266, before="3 Tr") + b"BT 0 Tr ET\n"
    same(pdf(table() + hidden), "text-unseen")


@pytest.mark.parametrize(("matrix", "size"), [("1 0 0 1", "0"), ("0 0 0 0", "9"), ("1 1 1 1", "9")])
def test_text_too_small_to_be_seen_is_not_read_as_a_figure(matrix: str, size: str) -> None:
    same(pdf(table() + text("9", 362, 266, matrix=matrix, size=size)), "text-unseen")


def test_white_text_on_nothing_is_not_read_as_a_figure() -> None:
    white = b"1 1 1 rg\n" + text("9", 362, 266) + b"0 g\n"
    same(pdf(table() + white), "text-unseen")


def test_white_text_on_a_dark_ground_is_read() -> None:
    rows = table().splitlines(keepends=True)
    first = next(n for n, line in enumerate(rows) if line.startswith(b"60 280"))
    ground, white, black = b"0.2 0.2 0.6 rg 60 280 460 20 re f\n", b"1 g\n", b"0 g\n"
    same(
        pdf(
            ground
            + b"".join(
                [*rows[:first], white, *rows[first : first + 10], black, *rows[first + 10 :]]
            )
        )
    )


def test_text_over_the_edge_of_the_paper_is_read_and_said() -> None:
    same(pdf(table(), page=b"/MediaBox[0 0 600 280]"), "text-outside")


def test_text_outside_a_crop_box_is_left_out_and_said() -> None:
    other = text("另一页的内容", 60, 20)
    same(pdf(table() + other, page=b"/MediaBox[0 0 600 400]/CropBox[0 100 600 400]"), "text-unseen")


def test_text_outside_a_clipping_path_is_left_out_and_said() -> None:
    other = b"q 0 0 600 100 re W n\n" + text("9", 362, 266) + b"Q"
    same(pdf(table() + other), "text-unseen")


@pytest.mark.parametrize("shift", ["0", "0.3"])
def test_text_printed_twice_to_look_bold_is_read_once(shift: str) -> None:
    same(pdf(table() + f"1 0 0 1 {shift} 0 cm\n".encode() + table()))


def test_rulings_filled_in_the_old_way_are_seen() -> None:
    lines = bytearray()
    for line in table().splitlines(keepends=True):
        if line.endswith(b"re S\n"):
            x, y, wide, high = (int(word) for word in line.split()[:4])
            for a, b, c, d in ((x, y, wide, 1), (x, y + high, wide, 1)):
                lines += b"%d %d %d %d re F\n" % (a, b, c, d)
            for a, b, c, d in ((x, y, 1, high), (x + wide, y, 1, high)):
                lines += b"%d %d %d %d re F\n" % (a, b, c, d)
        else:
            lines += line
    same(pdf(bytes(lines)))


def test_stamps_and_form_fields_are_said() -> None:
    note = b"<</Type/Annot/Subtype/Stamp/Rect[0 0 50 50]/AP<</N 40 0 R>>>>"
    more = {40: form(text("1", 1, 1)), 41: note}
    same(pdf(table(), page=b"/Annots[41 0 R]", more=more), "annotation-unread")


def test_layers_that_are_off_are_said() -> None:
    made = pdfs.objects(table())
    made[1] = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[50 0 R]/D<</OFF[50 0 R]>>>>>>"
    made[50] = b"<</Type/OCG/Name(x)>>"
    same(pdfs.file(made), "layers-off")


def test_letters_turned_into_drawings_are_said() -> None:
    shape = b"0 0 m 1 2 3 4 5 6 c 7 8 9 1 2 3 c f\n" * 600
    assert codes(read(pdf(shape))) == ["page-drawn"]


def test_a_page_without_content_is_said() -> None:
    made = pdfs.objects(table(), b"")
    made[102] = made[102].replace(b"/Contents 103 0 R", b"")
    same(pdfs.file(made), "page-blank")


def test_a_page_with_the_content_of_another_is_said() -> None:
    made = pdfs.objects(table(), text("另一页", 60, 60))
    made[102] = made[102].replace(b"/Contents 103", b"/Contents 101")
    assert codes(read(pdfs.file(made))) == ["content-repeated"]


# --- broken content -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [
        b"xyzzy",
        b"1 2 3",
        b"Tj",
        b"BT /F1 9 Tf [/Name] TJ ET",
        b"[1 2",
        b"(never closed",
        b"<0102",
        b"BI /W 4 /H 4 /BPC 8 ID 0123",
        bytes(40),
    ],
)
def test_content_that_makes_no_sense_is_said(odd: bytes) -> None:
    document = read(pdf(table() + b"\n" + odd))
    assert figures(document) == PLAIN
    assert codes(document) == ["content-odd"]


def test_an_inline_image_that_never_ends_swallows_nothing_silently() -> None:
    document = read(pdf(b"BI /W 4 /H 4 /BPC 8 ID 0123 " + table()))
    assert "content-odd" in codes(document)


def test_an_inline_image_that_ends_is_passed_over() -> None:
    same(pdf(b"q 9 0 0 9 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q\n" + table()))


# --- locks ----------------------------------------------------------------------------------------


def encrypted(user: str, revision: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.plain())) as whole:
        aes = revision >= 4
        lock = pikepdf.Encryption(user=user, owner="x", R=revision, aes=aes, metadata=aes)  # type: ignore[arg-type]
        whole.save(out, encryption=lock)
    return out.getvalue()


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_an_empty_password_opens(revision: int) -> None:
    same(encrypted("", revision))


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_real_password_is_named(revision: int) -> None:
    with pytest.raises(Unreadable) as caught:
        read(encrypted("secret", revision))
    assert (caught.value.code, caught.value.page) == ("encrypted", None)


def test_an_unknown_lock_is_named() -> None:
    made = pdfs.file(pdfs.objects(table()), b"/Encrypt<</Filter/Adobe.PubSec/V 4>>")
    with pytest.raises(Unreadable) as caught:
        read(made)
    assert caught.value.code == "cipher-unknown"


# --- size -----------------------------------------------------------------------------------------


def test_a_file_without_pages_is_named() -> None:
    with pytest.raises(Unreadable, match="0 are there") as caught:
        read(pdf())
    assert caught.value.code == "damaged"


def test_a_file_of_forty_megabytes_is_read(tmp_path: Path) -> None:
    pixels = (
        b"<</Type/XObject/Subtype/Image/Width 4000/Height 10000/Length %d>>stream\n%s\nendstream"
    )
    scan = pixels % (40_000_000, b"\x80" * 40_000_000)
    content = b"q 10 0 0 10 0 0 cm /Im Do Q\n" + table()
    path = tmp_path / "large.pdf"
    path.write_bytes(pdf(content, resources=b"/XObject<</Im 30 0 R>>", more={30: scan}))
    assert figures(read_apart(path)) == PLAIN
