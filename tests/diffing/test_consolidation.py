from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from archive.model import Document, Kind, Level
from diffing.consolidation import Consolidation, Sum, divided
from diffing.versions import IncomparableError, Version

from .archived import identity, known
from .build import document, item, statement, version
from .test_commands import Desk

DEPARTMENT = "310107.012"


def table(*rows: tuple[str, str, str]) -> Document:
    return document(
        statement(
            *(
                item(name, amount, code=code, row=n)
                for n, (code, name, amount) in enumerate(rows, 3)
            )
        )
    )


def unit(number: int, *rows: tuple[str, str, str], **rest: object) -> Version:
    return version(table(*rows), level=Level.UNIT, agency=f"{DEPARTMENT}.{number:03d}", **rest)


WHOLE = version(table(("206", "科学技术支出", "30.00"), ("", "合计", "30.00")))
FIRST = unit(1, ("206", "科学技术支出", "20.00"), ("", "合计", "20.00"))
SECOND = unit(2, ("206", "科学技术支出", "10.00"), ("", "合计", "10.00"))


def outcomes(found: Consolidation) -> dict[str, tuple[Sum, Decimal | None]]:
    return {line.line.name: (line.outcome, line.remainder) for line in found.lines}


def test_a_department_is_the_sum_of_its_units() -> None:
    found = divided(WHOLE, [FIRST, SECOND], missing=[])

    assert outcomes(found) == {
        "科学技术支出": (Sum.HOLDS, Decimal("0.00")),
        "合计": (Sum.HOLDS, Decimal("0.00")),
    }
    line = found.lines[0]
    assert [part.figure and part.figure.wan for part in line.parts] == [
        Decimal("20.00"),
        Decimal("10.00"),
    ]


def test_what_units_do_not_explain_is_a_remainder_only_when_all_are_here() -> None:
    less = unit(2, ("206", "科学技术支出", "9.00"), ("", "合计", "9.00"))

    assert outcomes(divided(WHOLE, [FIRST, less], []))["合计"] == (Sum.REMAINDER, Decimal("1.00"))
    assert outcomes(divided(WHOLE, [FIRST], ["乙中心"]))["合计"] == (Sum.PARTLY, Decimal("10.00"))
    assert outcomes(divided(WHOLE, [FIRST, less]))["合计"][0] is Sum.PARTLY


def test_rounding_in_print_is_no_remainder() -> None:
    tail = unit(2, ("206", "科学技术支出", "10.01"), ("", "合计", "10.01"))

    assert outcomes(divided(WHOLE, [FIRST, tail], []))["合计"] == (Sum.HOLDS, Decimal("-0.01"))


def test_a_line_that_only_a_unit_prints_is_shown() -> None:
    more = unit(2, ("206", "科学技术支出", "10.00"), ("229", "其他支出", "2.00"))

    line = divided(WHOLE, [FIRST, more], []).lines[-1]

    assert (line.line.name, line.whole, line.outcome) == ("其他支出", None, Sum.REMAINDER)
    assert line.remainder == Decimal("-2.00")


@pytest.mark.parametrize(
    ("whole", "units", "why"),
    [
        (WHOLE, [], "no document of a unit"),
        (FIRST, [SECOND], "name the department first"),
        (WHOLE, [WHOLE], "only its units can stand"),
        (WHOLE, [FIRST, FIRST], "named twice"),
        (WHOLE, [unit(1, year=2023)], "year is 2024 on one side and 2023"),
        (WHOLE, [unit(1, kind=Kind.FINAL)], "kind is budget on one side and final"),
        (
            WHOLE,
            [version(table(), level=Level.UNIT, agency="310107.013.001")],
            "is no unit of",
        ),
    ],
)
def test_only_a_department_and_its_own_units_are_held_together(
    whole: Version, units: list[Version], why: str
) -> None:
    with pytest.raises(IncomparableError, match=why):
        divided(whole, units, [])


def test_units_are_found_in_the_archive_and_missing_ones_are_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    own = known().find("310107", "上海市普陀区民政局", Level.DEPARTMENT)[0]
    units = [a for a in known().agencies("310107") if a.parent == own.id]
    whole = identity(name="上海市普陀区民政局")
    desk.filing.commit(WHOLE.document, whole)
    part = identity(level=Level.UNIT, name=units[1].name)
    desk.filing.commit(FIRST.document, part)

    table_ = desk.run("diff", whole.document_id, "--as", "units")
    found = json.loads(desk.run("diff", whole.document_id, "--as", "units", "--json").stdout)
    refused = desk.run("diff", whole.document_id, part.document_id)

    assert table_.exit_code == 0
    assert f"缺少 {len(units) - 1} 个所属单位的文件" in table_.stdout
    assert found["schema"] == "mingzhang-units/1"
    assert units[0].name in found["missing"]
    assert {line["outcome"] for line in found["lines"]} == {"partly"}
    assert (refused.exit_code, "--as units" in refused.stderr) == (2, True)
