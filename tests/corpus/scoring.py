"""How many figures and codes of a hand-checked publication a reading has right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from archive import money
from archive.forms import plain
from archive.model import Document
from archive.text.report import report
from tests.corpus.test_figures import matching_form


@dataclass
class Score:
    """Figures and codes counted by outcome, and what is not right by name."""

    amounts: Counter[str] = field(default_factory=Counter)
    """right, wrong (another figure, or one where none is printed), missing."""
    codes: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    wrong_confirmed: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another score in."""
        self.amounts += other.amounts
        self.codes += other.codes
        self.confirmed += other.confirmed
        self.wrong_confirmed += other.wrong_confirmed
        self.faults += other.faults


def score(document: Document, expected: dict[str, Any], *, images_only: bool = False) -> Score:
    """Hold the statements of a reading against the truth of a publication."""
    got = report(document, "reading")
    total = Score()
    for table in expected["tables"]:
        if images_only and not table.get("image"):
            continue
        form = matching_form(table["title"], expected["kind"])
        rows = [row for t in got["tables"] if t["form"] == form.id for row in t["rows"]]
        headers = {
            (c["side"], c["measure"]): c["header"]
            for t in got["tables"]
            if t["form"] == form.id
            for c in t["columns"]
        }
        for row in table["rows"]:
            found = _found(row, rows)
            if found is not None:
                rows.remove(found)
            _codes(total, table["title"], row, found)
            for key, value in row["values"].items():
                side = found.get("side") if found else None
                header = headers.get((side, form.measure(key) or key), "")
                _amount(total, f"{table['title']} {row['name']} {key}", value, found, header)
    return total


def _found(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row of that name and code, else of one of them."""

    def same(other: dict[str, Any], *keys: str) -> bool:
        sides = "side" not in row or plain(other.get("side") or "") == plain(row["side"])
        return sides and all(plain(other[key]) == plain(row[key]) for key in keys)

    for keys in (("code", "name"), ("name",), ("code",)):
        if keys == ("code",) and not row["code"]:
            continue
        found = next((other for other in rows if same(other, *keys)), None)
        if found is not None:
            return found
    return None


def _codes(total: Score, title: str, row: dict[str, Any], found: dict[str, Any] | None) -> None:
    if not row["code"]:
        return
    read = found["code"] if found else ""
    outcome = "right" if read == row["code"] else "wrong" if read else "missing"
    total.codes[outcome] += 1
    if outcome != "right":
        total.faults.append(f"{title} code {row['code']}: {read or outcome}")


def _amount(
    total: Score, where: str, value: float | None, found: dict[str, Any] | None, header: str
) -> None:
    text = found["values"].get(header) if found else None
    read = None if text is None else money.parse(text)[1]
    sure = found["certainty"].get(header) if found else None
    if sure == "unreadable":
        read = None
    wanted = None if value is None else Decimal(str(value))
    confirmed = sure == "confirmed"
    total.confirmed += confirmed
    if wanted is None and read is None:
        return
    outcome = "right" if read == wanted else "missing" if read is None else "wrong"
    total.amounts[outcome] += 1
    if outcome != "right":
        total.faults.append(f"{where}: {value}, read {text} ({sure})")
        total.wrong_confirmed += confirmed and outcome == "wrong"
