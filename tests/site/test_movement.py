"""Rows of what moved against last year: which stay of too many, and what is disputed of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from archive.model import Certainty
from diffing.site.movement import moved
from diffing.site.summary import Move, Summary
from diffing.site.words import words


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
