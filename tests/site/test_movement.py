"""Rows of what moved against last year: which stay of too many, and what is disputed of them."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec

from archive.model import Amount, Certainty, Mark, Unit
from diffing.changes import Line
from diffing.printed import Figure
from diffing.quoted import Quoted
from diffing.roles import Table
from diffing.site.anchors import Anchors
from diffing.site.movement import moved
from diffing.site.summary import Move, Summary, moves
from diffing.site.words import words
from diffing.versions import Where
from diffing.witness import Witness
from tests.diffing.build import document


def move(name: str, difference: str, *, total: bool = False, **fields: Any) -> Move:
    given = {
        "quoted": None,
        "doubt": "",
        "old": Decimal("100.00"),
        "new": Decimal("100.00") + Decimal(difference),
    } | fields
    return Move(
        table="expenditure",
        code="",
        name=name,
        statement="支出总表",
        difference=Decimal(difference),
        percent=None,
        certainty=Certainty.TEXT,
        total=total,
        loud=False,
        old_anchor="",
        new_anchor="",
        **given,
    )


def summary(*moves: Move) -> Summary:
    nothing = msgspec.Raw(msgspec.msgpack.encode(()))
    return Summary(
        id="310107/310107.012/department/2024/budget",
        commit="c" * 40,
        original="0" * 64,
        published=None,
        seen=None,
        pages=1,
        statements=0,
        items=0,
        figures=0,
        unsure=0,
        unread=False,
        kept_totals=nothing,
        kept_lines=nothing,
        kept_moves=msgspec.Raw(msgspec.msgpack.encode(moves)),
        compared=True,
        findings=0,
        material=0,
        pictures=(),
        keys=(),
    )


def test_where_rows_are_left_out_totals_and_what_moved_most_stay_in_their_order() -> None:
    own = summary(
        move("支出总计", "1.00", total=True),
        move("一般公共服务支出", "2.00"),
        move("教育支出", "3.00"),
        move("城乡社区支出", "-900.00"),
        move("“三公”经费合计", "40.00"),
    )
    shown, left = moved(own, "index.html", words("zh"), 3)
    assert [row.name for row in shown] == ["支出总计", "城乡社区支出", "“三公”经费合计"]
    assert left == 2
    assert moved(own, "index.html", words("zh"), 5)[1] == 0


def test_beside_last_years_figure_stands_what_this_years_document_says_instead() -> None:
    own = summary(
        move("甲", "1.00", quoted=Decimal("90.00"), doubt="quoted"),
        move("乙", "1.00", quoted=Decimal("90.00"), doubt="derived"),
        move("公务接待费", "1.00", quoted=Decimal("0.45"), doubt="sangong"),
        move("丁", "1.00"),
    )
    assert [row.old_note for row in moved(own, "index.html", words("zh"), 9)[0]] == [
        "本年文件称上年为 90.00",
        "据本年文件所称增减推算，上年为 90.00",
        "本年文件所称上年“三公”合计（0.45）与此表不同",
        "",
    ]


PLACES = {
    name: Where("d", "c", "0" * 64, 8, row, 3)
    for row, name in enumerate(("“三公”经费合计", "公务接待费", "机关运行经费"), 2)
}


def witness(name: str, agrees: bool, quoted: str) -> Witness:
    return Witness(
        line=Line(statement="“三公”经费表", form="budget.sangong", name=name),
        measure="预算数",
        printed=Figure(
            Amount("4.50", Decimal("4.50"), Mark.PRINTED, Certainty.TEXT), Unit.WAN, PLACES[name]
        ),
        quoted=Quoted(Decimal(quoted), Decimal("0.01"), 12, "…"),
        agrees=agrees,
    )


def doubts(*witnesses: Witness) -> dict[str, tuple[str, Decimal | None]]:
    """What is said of each line of "三公", by what this year's document says of last year's."""
    rows = [
        SimpleNamespace(
            table=Table.SANGONG,
            code="",
            name=name,
            statement="“三公”经费表",
            figures=(Decimal("4.50"), Decimal("0.40")),
            unsure=False,
            recognised=False,
            by_order=False,
            fresh=False,
            gone=False,
            total=False,
            cell=SimpleNamespace(
                difference=Decimal("-4.10"),
                percent=None,
                certainty=Certainty.TEXT,
                significance=None,
                old_at=at,
                new_at=None,
            ),
        )
        for name, at in PLACES.items()
    ]
    block: Any = SimpleNamespace(
        totals=(),
        classes=(),
        sangong=rows,
        projects=SimpleNamespace(new=(), gone=(), changed=()),
        comparison=SimpleNamespace(witnesses=witnesses, new=SimpleNamespace(document=document())),
    )
    anchors = Anchors(document())
    return {one.name: (one.doubt, one.quoted) for one in moves(block, anchors, anchors)}


def test_a_total_that_is_disputed_is_told_beside_its_parts_and_a_part_beside_itself_alone() -> None:
    other = Decimal("0.45")
    assert doubts(witness("“三公”经费合计", False, "0.45")) == {
        "“三公”经费合计": ("quoted", other),
        "公务接待费": ("sangong", other),
        "机关运行经费": ("", None),  # stands in the table, and is no part of it
    }
    assert doubts(witness("公务接待费", False, "0.45")) == {
        "“三公”经费合计": ("", None),
        "公务接待费": ("quoted", other),
        "机关运行经费": ("", None),
    }


def test_a_figure_that_the_document_bears_out_elsewhere_is_not_called_disputed() -> None:
    both = (witness("公务接待费", True, "4.50"), witness("公务接待费", False, "0.45"))
    assert set(doubts(*both).values()) == {("", None)}
