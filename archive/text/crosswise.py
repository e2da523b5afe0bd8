"""Line items printed as columns over one row of figures → line items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from archive.forms import Form, plain
from archive.model import Amount, Classification, LineItem
from archive.text import columns
from archive.text.columns import Leaf
from archive.text.grid import Cell
from archive.text.lines import tight

__all__ = ["crosswise"]

_YEAR: Final = re.compile(r"^20\d\d年?")
_MEASURE_WORD: Final = re.compile(r"^(20\d\d年?)?(预算数|决算数|全年预算数|年初预算数)$")


def crosswise(
    form: Form,
    leaves: Iterable[Leaf],
    rows: Sequence[Sequence[Cell]],
    amount: Callable[[Cell], Amount],
    say: Callable[[str, str, int | None], None],
) -> list[LineItem]:
    """The items of the first row of figures; `say` takes what is to be remarked.

    Two columns are one item by their names as compared: its brackets may be printed in either
    width in each.
    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    row = filled[0] if filled else (rows[0] if rows else None)
    if row is None:
        return []
    for more in filled[1:]:
        cells = {id(cell): cell for cell in more}.values()
        texts = " ".join(tight(cell.text) for cell in cells)
        say("row-unexpected", f"{form.title}: a second row: {texts}", more[0].page)
    names: dict[str, str] = {}
    found: dict[str, dict[str, Amount]] = {}
    for leaf in leaves:
        name, measure = _name(form, leaf)
        known = names.setdefault(plain(name), name)
        own = found.setdefault(known, {})
        if measure in own:
            say("column-double", f"{form.title}: {known} {measure} stands twice", None)
            continue
        own[measure] = amount(row[leaf.first])
    return [
        LineItem(
            name=name,
            classification=Classification.CATEGORY,
            total=bool(columns.TOTAL.search(plain(name))) and "-" not in name,
            amounts=amounts,
            page=row[0].page,
            row=row[0].row,
        )
        for name, amounts in found.items()
    ]


def _name(form: Form, leaf: Leaf) -> tuple[str, str]:
    measure = form.default_measure or "预算数"
    parts: list[str] = []
    for text in leaf.path:
        flat = _YEAR.sub("", plain(text))
        match = _MEASURE_WORD.match(plain(text))
        if match:
            measure = match[2]
        elif flat.endswith("预算数") and len(leaf.path) == 1:
            parts.append(_YEAR.sub("", text).removesuffix("预算数"))
        elif not flat.endswith(("经费", "预算数")) or len(leaf.path) == 1:
            parts.append(text)
    if not parts:
        parts = [_YEAR.sub("", leaf.path[-1])] if leaf.path else [f"column {leaf.first + 1}"]
    last = parts[-1]
    if len(parts) > 1 and (last == "小计" or len(last) <= 3):
        last = "-".join(parts[-2:])
    return last, measure
