"""Watch lists over findings: by the lines a finding is about and the figures it names."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from archive.model import Document, Kind, Unit
from diffing.checks import check
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Finding
from diffing.concern import Concern, concerns
from diffing.told import Told, load

from .receiving import hook
from .test_notify import LATER, Desk


def contradicting(unit: Unit = Unit.WAN) -> Document:
    """A budget in which 206's own figures do not add up, and its prose states another total."""
    said = "2024年支出预算170.00万元，其中：科学技术支出110.00万元。"
    rows = (
        line("合计", 合计="150.00", 基本支出="50.00", 项目支出="100.00"),
        line("科学技术支出", "206", 合计="100.00", 基本支出="40.00", 项目支出="50.00"),
        line("教育支出", "205", 合计="50.00", 基本支出="10.00", 项目支出="40.00"),
    )
    example = Example(
        prose=("## 二、支出预算总体情况说明", said),
        statements=(sheet("budget.expenditure", *rows, title="2024年支出预算表", unit=unit),),
        kind=Kind.BUDGET,
    )
    return example.document()


def findings(document: Document, rule: str) -> list[Finding]:
    groups = check(document, [], None).groups
    return [f for group in groups for f in group.findings if f.rule == rule]


def test_a_finding_is_about_the_lines_at_its_places_with_the_figures_printed_there() -> None:
    document = contradicting()

    (sum_of_lines,) = findings(document, "I01")
    (sentence,) = [f for f in findings(document, "N01") if "科学技术" in f.sentence]

    assert concerns(sum_of_lines, document) == (
        Concern("合计", "", Decimal("100.00")),
        Concern("科学技术支出", "206", Decimal("50.00")),
        Concern("教育支出", "205", Decimal("40.00")),
    )
    assert concerns(sentence, document) == (
        Concern("科学技术支出", "206", Decimal("110.00")),
        Concern("科学技术支出", "206", Decimal("100.00")),
    )


def test_amounts_are_in_wan_whatever_unit_the_table_is_in() -> None:
    document = contradicting(Unit.YUAN)

    (found,) = findings(document, "I01")

    amounts = [one.amount for one in concerns(found, document)]
    assert amounts == [Decimal("0.0100"), Decimal("0.0050"), Decimal("0.0040")]


def test_a_place_in_another_document_is_no_line_of_this_one() -> None:
    document = contradicting()
    (made,) = findings(document, "I01")
    away = tuple(structs.replace(place, document="another") for place in (*made.here, *made.there))

    assert concerns(structs.replace(made, here=away, there=()), document) == ()


WATCHED = (
    ({"code": "206"}, True),
    ({"code": "205"}, True),
    ({"code": "207"}, False),
    ({"code": "2060"}, False),
    ({"amount": 100}, True),
    ({"amount": Decimal("100.01")}, False),
    ({"code": "206", "amount": 50}, True),
    ({"code": "206", "amount": Decimal("50.01")}, False),
    ({"code": "206", "keyword": "科学技术"}, True),
    ({"code": "206", "keyword": "教育"}, False),
    ({"keyword": "项目支出"}, True),
    ({"keyword": "信访"}, False),
)


def test_a_watch_list_finds_a_finding_by_code_and_amount(tmp_path: Path) -> None:
    """All that one watch says must hold of one and the same line."""
    with hook() as webhook:
        desk = Desk(tmp_path, webhook)
        desk.settings.tables["notify"]["targets"] = {
            str(n): target(webhook.url(str(n)), watch) for n, (watch, _) in enumerate(WATCHED)
        }
        desk.begin()
        desk.run("r1", only_rows(contradicting()))
        (one,) = load(tmp_path / "digests").values()
        assert one.rule == "I01"

        found = {report.target: len(report.sent) for report in desk.round(LATER).targets}

    assert [found[str(n)] for n in range(len(WATCHED))] == [int(told) for _, told in WATCHED]


def target(url: str, watch: dict[str, Any]) -> dict[str, Any]:
    return {"url": url, "significance": "list", "news": ["finding"], "watch": [watch]}


def only_rows(document: Document) -> Document:
    """Without its prose."""
    return structs.replace(document, prose=(), claims=())


def test_a_record_of_an_older_release_has_no_lines_and_is_read() -> None:
    old = (
        b'{"key":"k","document":"d","name":"n","original":"o","rule":"I01","sentence":"s",'
        b'"sentence_en":"s","stated":"1","expected":"2","digest":"run-1","day":"2026-03-01"}'
    )
    assert msgspec.json.decode(old, type=Told).lines == ()
