"""Charts over years from the kept summaries: totals, "三公", functional classes, district sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from archive.model import Certainty, Kind, Level
from archive.paths import identity_of
from diffing.figures import exact
from diffing.site import addresses
from diffing.site.charts import Cell, Chart, Row, Series, bars
from diffing.site.summary import EXPENDITURE, INCOME, TOTALS, Line, Summary
from diffing.site.words import Words

__all__ = ["line_of", "of_agency", "of_district"]

_YEARS: Final = 8
"""Of more years a phone shows nothing any more; the table has them all."""
_CLASSES: Final = 6
_PANEL: Final = 2
"""Years and departments from which on a sum over a district says anything."""

_Years = dict[int, dict[Kind, Summary]]


def line_of(summary: Summary, role: str, key: str | None = None) -> Line | None:
    """The line a summary has for a role (and of a class, by its key)."""
    lines = summary.totals if role in TOTALS else summary.lines
    return next((line for line in lines if line.role == role and key in (None, line.key)), None)


def of_agency(summaries: Iterable[Summary], page: str, words: Words) -> list[Chart]:
    """What an agency's page shows of its years; nothing of less than one figure."""
    years: _Years = defaultdict(dict)
    for summary in summaries:
        identity = identity_of(summary.id)
        years[identity.year][identity.kind] = summary
    charts = [
        _by_kind(
            years, (EXPENDITURE, INCOME), words("totals-title"), words("totals-note"), page, words
        ),
        _by_kind(years, ("total",), words("sangong-title"), words("sangong-note"), page, words),
        *(_classes(years, kind, page, words) for kind in Kind),
    ]
    return [chart for chart in charts if chart is not None]


def _by_kind(
    years: _Years, roles: Sequence[str], title: str, note: str, page: str, words: Words
) -> Chart | None:
    """One figure over years, budgets beside final accounts; the first role is drawn."""
    kinds = [kind for kind in Kind if any(kind in found for found in years.values())]
    columns, cells = [], dict[int, list[Cell | None]]()
    series = []
    for role in roles:
        for kind in kinds:
            lines = {y: line_of(years[y][kind], role) for y in years if kind in years[y]}
            if not any(line for line in lines.values()):
                continue
            name = words(f"kind-{kind}")
            columns.append(name if len(roles) == 1 else f"{name} {words(role)}")
            for year in years:
                cells.setdefault(year, []).append(
                    _cell(lines.get(year), years, year, kind, page, words)
                )
            if role == roles[0]:
                drawn = sorted(years)[-_YEARS:]
                values = tuple(line.wan if (line := lines.get(y)) else None for y in drawn)
                series.append(Series(name, values))
    if not columns:
        return None
    shown = [str(year) for year in sorted(years)[-_YEARS:]]
    rows = tuple(Row(str(year), tuple(cells[year])) for year in sorted(years, reverse=True))
    svg = bars(title, shown, series) if len(years) > 1 else None
    legend = tuple(one.name for one in series)
    return Chart(title, note, svg, legend, words("year"), tuple(columns), rows)


def _classes(years: _Years, kind: Kind, page: str, words: Words) -> Chart | None:
    """The 类 of expenditure over years, the largest of the newest year as parts of each bar."""
    known = [year for year in sorted(years) if kind in years[year]]
    lines: dict[str, dict[int, Line]] = defaultdict(dict)
    for year in known:
        for line in years[year][kind].lines:
            if line.role == "class":
                lines[line.key][year] = line
    if not lines:
        return None
    order = sorted(lines, key=lambda key: _weight(lines[key]), reverse=True)
    title = words("classes-title", kind=words(f"kind-{kind}"))
    rows = tuple(
        Row(
            _newest(lines[key]).name,
            tuple(_cell(lines[key].get(y), years, y, kind, page, words) for y in known),
        )
        for key in order
    )
    drawn = known[-_YEARS:]
    series = [
        Series(_newest(lines[key]).name, tuple(_wan(lines[key].get(y)) for y in drawn))
        for key in order[:_CLASSES]
    ]
    rest = order[_CLASSES:]
    if rest:
        sums = (sum((_wan(lines[k].get(y)) or Decimal(0) for k in rest), Decimal(0)) for y in drawn)
        series.append(Series(words("others"), tuple(sums)))
    negative = any(value is not None and value < 0 for one in series for value in one.values)
    svg = None
    if len(known) > 1 and not negative:
        svg = bars(title, [str(year) for year in drawn], series, stacked=True)
    note = words("classes-note") if rest else words("sangong-note")
    legend = tuple(one.name for one in series)
    return Chart(title, note, svg, legend, words("line"), tuple(map(str, known)), rows)


def _wan(line: Line | None) -> Decimal | None:
    return line.wan if line else None


def _weight(lines: dict[int, Line]) -> tuple[int, Decimal]:
    newest = max(lines)
    return newest, lines[newest].wan or Decimal(0)


def _newest(lines: dict[int, Line]) -> Line:
    return lines[max(lines)]


def _cell(
    line: Line | None, years: _Years, year: int, kind: Kind, page: str, words: Words
) -> Cell | None:
    if line is None:
        return None
    href = addresses.link(page, addresses.document(years[year][kind].id), line.anchor)
    return Cell(in_wan(line, words), href, str(line.certainty))


def in_wan(line: Line, words: Words) -> str:
    """The figure in 万元, exactly; as printed where its unit is not known or it is no number; of a
    blank, that it is one."""
    return (line.text or words("blank")) if line.wan is None else exact(line.wan)


def of_district(summaries: Iterable[Summary], words: Words) -> list[Chart]:
    """The sum of total expenditure of the departments that have a document in every year shown:
    another set of departments each year would be no trend."""
    charts = []
    found: dict[Kind, dict[int, dict[str, Line]]] = {kind: defaultdict(dict) for kind in Kind}
    for summary in summaries:
        identity, line = identity_of(summary.id), line_of(summary, EXPENDITURE)
        if identity.level is Level.DEPARTMENT and line is not None and line.wan is not None:
            found[identity.kind][identity.year][identity.agency] = line
    for kind, years in found.items():
        shown, panel = _panel(years)
        if len(shown) < _PANEL or len(panel) < _PANEL:
            continue
        sums = [sum((years[y][a].wan or Decimal(0) for a in panel), Decimal(0)) for y in shown]
        certainties = [[years[y][a].certainty for a in panel] for y in shown]
        title = f"{words(f'kind-{kind}')} · {words('panel-title', count=len(panel))}"
        note = words("panel-note", first=shown[0], last=shown[-1], kind=words(f"kind-{kind}"))
        svg = bars(title, [str(year) for year in shown], [Series(title, tuple(sums))])
        rows = tuple(
            Row(str(year), (Cell(exact(total), "", _least(sure)),))
            for year, total, sure in zip(shown, sums, certainties, strict=True)
        )
        columns = (words("expenditure"),)
        charts.append(Chart(title, note, svg, (), words("year"), columns, rows))
    return charts


def _panel(years: dict[int, dict[str, Line]]) -> tuple[list[int], set[str]]:
    """The newest years, as many as leave at least half of the newest year's departments."""
    ordered = sorted(years, reverse=True)
    shown: list[int] = []
    panel: set[str] = set()
    for year in ordered[:_YEARS]:
        common = panel & set(years[year]) if shown else set(years[year])
        if shown and (len(common) * 2 < len(years[ordered[0]]) or year != shown[-1] - 1):
            break
        panel, shown = common, [*shown, year]
    return sorted(shown), panel


def _least(certainties: Sequence[Certainty]) -> str:
    order = list(Certainty)
    return str(max(certainties, key=order.index, default=Certainty.TEXT))
