"""How a budget was carried out: the budget and the final account of one year, line by line.

年初预算 is what the budget says, 全年预算 what the final account's own table says was in force
after adjustments, 决算 the outcome. The three are different things: an execution rate is no growth,
and nothing here is ever mixed with a comparison of two years (docs/comparison.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import msgspec

from archive.model import Certainty, Kind, LineItem, Statement
from diffing.align import RowPair, StatementPair
from diffing.alone import alone
from diffing.bodies import bodies_of
from diffing.changes import Line, Significance, half_up, is_nothing, lead_measure, wan
from diffing.gaps import recognised_in, unread_beside
from diffing.known import Known
from diffing.names import bare
from diffing.pairing import pair_rows
from diffing.printed import Figure, figure_of, value_of
from diffing.quoted import Quoted, agrees, originals
from diffing.roles import Table, is_class, table_of
from diffing.thresholds import Thresholds
from diffing.versions import (
    IncomparableError,
    Mode,
    Version,
    lowest,
    same,
    same_agency,
    same_level,
)

__all__ = ["Executed", "Execution", "executed"]

_TABLES: Final = (
    Table.TOTAL,
    Table.INCOME,
    Table.EXPENDITURE,
    Table.FISCAL,
    Table.GENERAL,
    Table.BASIC,
    Table.SANGONG,
    Table.FUND,
    Table.STATE_CAPITAL,
)
"""The tables both kinds of document print; performance forms quote money the others have."""

_PLANNED: Final = ("预算数", "合计")
_OUTCOME: Final = ("决算数", "合计", "本年支出")
_ADJUSTED: Final = "预算数"
"""In the "三公" table of a final account this column is the 全年预算."""


class Executed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the year: what was planned and what came of it; amounts in 万元."""

    line: Line
    measure: str
    """What is counted, as the final account calls it."""
    original: Figure | None
    """年初预算, from the budget; None where it has no such line or column."""
    full_year: Figure | None
    """全年预算, where the final account's table prints it."""
    outcome: Figure | None
    """决算."""
    difference: Decimal | None
    """Outcome minus original budget; None where the two do not compare."""
    rate: Decimal | None
    """Outcome in percent of the original budget; None where that is nothing or unknown."""
    full_year_rate: Decimal | None
    """Outcome in percent of 全年预算."""
    quoted: Quoted | None = None
    """The original budget as the prose of the final account quotes it: a second witness."""
    quoted_agrees: bool | None = None
    """Whether it says what the budget says, but for rounding; None where one is missing."""
    carried: Decimal | None = None
    """Of 年末结转和结余: its share of the year's expenditure (本年支出), in percent."""
    unsure: bool = False
    """Only one document has the line, and the other was not read whole or is divided otherwise."""
    significance: Significance = Significance.LIST
    certainty: Certainty = Certainty.TEXT


class Execution(msgspec.Struct, frozen=True):
    """A year's plan and outcome, every line of the tables that both documents print."""

    budget: Version
    final: Version
    lines: tuple[Executed, ...]
    only: tuple[str, ...] = ()
    """Titles of standard tables that one of the two does not have: nothing is said of them."""


def executed(
    budget: Version,
    final: Version,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> Execution:
    """Hold the outcome of a year against its budget.

    Raises IncomparableError unless they are the budget and the final account of one year, one
    agency and one level.
    """
    _same_year(budget, final)
    quoted = originals(final.document)
    known = Known(bodies=(bodies_of(budget), bodies_of(final)))
    lines: list[Executed] = []
    only: list[str] = []
    plans, outcomes = _by_table(budget), _by_table(final)
    for table in _TABLES:
        old, new = plans.get(table), outcomes.get(table)
        if old is None or new is None:
            only += [s.title for s in (old, new) if s is not None]
            continue
        rows, _ = pair_rows(old, new, known)
        pair = StatementPair(
            old,
            new,
            rows,
            (),
            unread_beside(budget.document, old),
            unread_beside(final.document, new),
            recognised_in(budget.document, old),
            recognised_in(final.document, new),
        )
        for row in pair.rows:
            lines += _lines(budget, final, pair, row, quoted, thresholds)
    return Execution(budget, final, tuple(lines), tuple(only))


def _same_year(budget: Version, final: Version) -> None:
    if budget.kind is not Kind.BUDGET or final.kind is not Kind.FINAL:
        kinds = " and ".join(str(v.kind or "not said") for v in (budget, final))
        raise IncomparableError(
            f"{budget.name} and {final.name}: execution needs a budget first and then the final "
            f"account of the same year; they are {kinds}"
        )
    if budget.year is None or final.year is None:
        unsure = budget if budget.year is None else final
        raise IncomparableError(f"{unsure.name}: the document does not say its year")
    why = "a final account is held against the budget of its own year"
    same("year", budget.year, final.year, budget, final, why)
    same_level(budget, final)
    same_agency(budget, final)


def _by_table(version: Version) -> dict[Table, Statement]:
    """The first statement of each kind: a form that stands twice is compared once."""
    found: dict[Table, Statement] = {}
    for statement in version.document.statements:
        found.setdefault(table_of(statement.form), statement)
    return found


def _lines(
    budget: Version,
    final: Version,
    pair: StatementPair,
    row: RowPair,
    quoted: Mapping[tuple[str, str, str, str], Quoted],
    thresholds: Thresholds,
) -> Iterator[Executed]:
    assert pair.old is not None  # noqa: S101 - only tables of both documents come here
    assert pair.new is not None  # noqa: S101
    item = row.new or row.old
    assert item is not None  # noqa: S101 - a pair has at least one side
    table = table_of(pair.new.form)
    unsure = alone(row, pair, Mode.YEAR) is not None
    statement = pair.new if row.new else pair.old
    for name, planned, outcome, adjusted in _measures(row, table):
        figures = [
            figure_of(version, s, i, measure)
            for version, s, i, measure in (
                (budget, pair.old, row.old, planned),
                (final, pair.new, row.new, adjusted),
                (final, pair.new, row.new, outcome),
            )
        ]
        original, full_year, came = figures
        witness = quoted.get((pair.new.form, item.code, item.name, name)) if row.new else None
        if all(f is None or is_nothing(f.amount) for f in figures) and witness is None:
            continue
        difference = _difference(original, came, unsure=unsure)
        line = Executed(
            line=Line.of(statement, item),
            measure=name,
            original=original,
            full_year=full_year,
            outcome=came,
            difference=difference,
            rate=_rate(came, original),
            full_year_rate=_rate(came, full_year),
            quoted=witness,
            quoted_agrees=_agreement(witness, original),
            carried=_carried(row.new, pair.new, outcome) if table is Table.TOTAL else None,
            unsure=unsure,
            certainty=lowest(*(f.amount.certainty for f in figures if f)),
        )
        leading = name == (lead_measure(row.new, row.old) or name)
        loud = _significance(line, item, table, thresholds) if leading else Significance.LIST
        yield msgspec.structs.replace(line, significance=loud)


def _measures(
    row: RowPair, table: Table
) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """(name, the budget's column, the outcome's column, 全年预算's column) of every measure.

    The two kinds name their one total differently: 预算数 or 合计 there, 决算数, 合计 or 本年支出
    here. Other columns are compared where both documents have one of the same name.
    """
    plan = row.old.amounts if row.old else {}
    account = row.new.amounts if row.new else {}
    planned = next((m for m in _PLANNED if m in plan), None)
    outcome = next((m for m in _OUTCOME if m in account), None)
    adjusted = _ADJUSTED if table is Table.SANGONG and _ADJUSTED in account else None
    if planned or outcome:
        yield outcome or planned or "", planned, outcome, adjusted
    for measure in account or plan:
        if measure not in (planned, outcome, adjusted) and (not plan or measure in plan):
            yield measure, measure, measure, None


def _difference(original: Figure | None, outcome: Figure | None, *, unsure: bool) -> Decimal | None:
    planned, came = value_of(original), value_of(outcome)
    if unsure or planned is None or came is None:
        return None
    return came - planned


def _rate(outcome: Figure | None, base: Figure | None) -> Decimal | None:
    planned, came = value_of(base), value_of(outcome)
    if outcome is None or planned is None or came is None or planned <= 0 or came < 0:
        return None
    return half_up(Fraction(came) / Fraction(planned) * 100, 2)


def _carried(item: LineItem | None, account: Statement, measure: str | None) -> Decimal | None:
    """What a line of money left over comes to in percent of the year's expenditure; None for any
    other line, and where the table does not print one such line and one 本年支出."""
    if item is None or measure is None or not _is_left_over(item):
        return None
    if item is not _only(account, _is_left_over):
        return None
    spent = _only(account, _is_spent)
    left = wan(item.amounts.get(measure), account.unit)
    base = wan(spent.amounts.get(measure), account.unit) if spent else None
    if left is None or base is None or base <= 0:
        return None
    return half_up(Fraction(left) / Fraction(base) * 100, 2)


def _only(statement: Statement, wanted: Callable[[LineItem], bool]) -> LineItem | None:
    found = [item for item in statement.items if wanted(item)]
    return found[0] if len(found) == 1 else None


def _is_left_over(item: LineItem) -> bool:
    name = bare(item.name)
    return name.startswith("年末") and ("结转" in name or "结余" in name)


def _is_spent(item: LineItem) -> bool:
    return item.total and bare(item.name).startswith("本年支出")


def _agreement(quoted: Quoted | None, original: Figure | None) -> bool | None:
    if quoted is None or original is None:
        return None
    return agrees(quoted, original.amount, original.unit)


def _significance(line: Executed, item: LineItem, table: Table, t: Thresholds) -> Significance:
    """domain: below 80 % or above 120 % is told, above 200 % of a total or 类 first; what is left
    over at the end above 20 % of what was spent."""
    if line.carried is not None:
        return Significance.REPORT if line.carried > t.carried_percent else Significance.LIST
    came, planned = value_of(line.outcome), value_of(line.original)
    if line.difference is None or came is None or planned is None:
        return Significance.LIST
    whole = item.total or is_class(item, table)
    if planned <= 0:
        return Significance.REPORT if came > t.unbudgeted_amount else Significance.LIST
    low, high = t.execution_low_percent * planned, t.execution_high_percent * planned
    if low <= came * 100 <= high:
        return Significance.LIST
    if not whole and abs(line.difference) < t.detail_amount:
        return Significance.LIST
    loud = whole and came * 100 > t.execution_headline_percent * planned
    return Significance.HEADLINE if loud else Significance.REPORT
