"""Lines below a head → rows, where nothing printed parts them."""

from __future__ import annotations

from archive.text.bands import Shape, entries, rows
from archive.text.words import Word

SIZE = 12.0
SHAPE = Shape(frozenset({(1, 1)}), frozenset(), ((296, 385), (433, 488)), sided=True)


def rows_of(*names: tuple[str, float], leading: float, apart: float) -> list[str] | None:
    """The names put together as rows: each line, its width, "" before a name for a new row."""
    placed = []
    y = 700.0
    for text, wide in names:
        begins = text.startswith("|")
        y -= apart if begins else leading
        name = text.lstrip("|")
        placed.append((0, 0, Word(296, y, 296 + wide, y + SIZE, name)))
        if name == "总计":
            placed.append((1, 1, Word(460, y, 488, y + SIZE, "9.00")))
    made = rows(entries(placed), SHAPE, [])
    if made is None:
        return None
    return ["".join(entry.text for entry in row if entry.column == 0) for row in made]


LONG = (
    ("|二十一、国有资", 89),
    ("本经营预算支出", 89),
    ("|二十二、灾害防", 89),
    ("治及应急管理支", 89),
    ("出", 12),
    ("|二十三、其他支", 89),
    ("出", 12),
    ("|二十六、抗疫特", 89),
    ("别国债安排的支", 89),
    ("出", 12),
    ("|本年支出合计", 76),
    ("|年末财政拨款结", 89),
    ("转和结余", 51),
    ("|总计", 25),
)


def test_lines_set_close_are_put_together() -> None:
    made = rows_of(*LONG, leading=14, apart=24)
    assert made is not None
    assert made[1] == "二十二、灾害防治及应急管理支出"
    assert made[-1] == "总计"


def test_pieces_of_a_name_set_wide_are_never_rows() -> None:
    made = rows_of(*LONG, leading=18, apart=24)
    assert made is None or made[1] == "二十二、灾害防治及应急管理支出"


def test_a_line_that_ends_short_is_a_row_of_its_own() -> None:
    short = (("|结余分配", 48), ("|年末结转和结余", 89), ("|总计", 25))
    assert rows_of(*LONG[:2], *short, leading=14, apart=16) == [
        "二十一、国有资本经营预算支出",
        "结余分配",
        "年末结转和结余",
        "总计",
    ]
