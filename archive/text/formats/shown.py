"""A number in a cell of a spreadsheet → the text that is shown, by the cell's number format.

A workbook keeps binary floats: 16010.35 is stored as 16010.349999999999. What a publisher prints is
what the number format shows of it, and that is what is read. Where the format rounds, the figure is
read as shown, and said to be rounded.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

__all__ = ["Shown", "shown"]

_SIGNIFICANT: Final = 15
"""Digits of a number that a spreadsheet keeps (Excel specifications and limits)."""
_GENERAL: Final = re.compile(r"^(general|g/通用格式|@|)$", re.IGNORECASE)
_CONDITION: Final = re.compile(r"\[(?!\$)[^\]]*\]")
_CURRENCY: Final = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|!(.)')
_PLACES: Final = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+,*")
_DATE: Final = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


class Shown(NamedTuple):
    """What is shown, whether digits are hidden, and whether the format was understood."""

    text: str
    rounded: bool = False
    known: bool = True


def shown(value: float | int, pattern: str | None) -> Shown:
    """The text a spreadsheet shows for a number.

    >>> shown(16010.349999999999, "#,##0.00").text
    '16,010.35'
    >>> shown(0.0, '#,##0.00;-#,##0.00;"-"').text
    '-'
    """
    exact = Decimal(format(value, f".{_SIGNIFICANT}g"))
    sections = _sections(pattern or "")
    if _GENERAL.match(sections[0]):
        return Shown(_bare(exact))
    section, negative = _chosen(sections, exact)
    if not section and len(sections) > 1:
        return Shown("")  # ";;" shows nothing
    if _GENERAL.match(section.strip()):
        return Shown(_bare(-exact if negative else exact))
    magnitude = abs(exact) if negative or len(sections) == 1 else exact
    text = _formatted(abs(magnitude), section)
    if text is None:
        return Shown(_bare(exact), known=False)
    minus = exact < 0 and not negative
    said = f"-{text.text}" if minus and re.search(r"[1-9]", text.text) else text.text
    return Shown(said.strip(), text.rounded)


def _bare(exact: Decimal) -> str:
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sections(pattern: str) -> list[str]:
    """A format's parts for positive, negative, zero: parted by semicolons outside quotation."""
    parts, quoted = [""], False
    for character in pattern:
        if character == '"':
            quoted = not quoted
        if character == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _chosen(sections: list[str], exact: Decimal) -> tuple[str, bool]:
    """The section for a value, and whether it shows the sign of a negative one itself."""
    if exact < 0 and len(sections) > 1:
        return sections[1], True
    if exact == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _formatted(value: Decimal, section: str) -> Shown | None:
    section = _CONDITION.sub("", _CURRENCY.sub(r"\1", section))
    section = re.sub(r"_.|\*.", "", section)
    literals: list[str] = []

    def keep(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or found[3] or "")
        return f"\x00{len(literals) - 1}\x00"

    section = _LITERAL.sub(keep, section)
    places = re.search(_PLACES, re.sub(r"\x00\d+\x00", lambda m: "\x01" * len(m[0]), section))
    if places is None and _DATE.search(re.sub(r"\x00\d+\x00", "", section)):
        return None
    if places is None:
        return Shown(_back(section, literals))
    rest = section[: places.start()] + section[places.end() :]
    plain = re.sub(r"\x00\d+\x00", "", rest)
    if _DATE.search(plain) or "E" in plain.upper() or "/" in plain or _PLACES.search(plain):
        return None
    digits = _digits(value, places[0], percent="%" in plain)
    if set(places[0]) <= {"?"} and value == 0:
        digits = Shown("")
    before, after = section[: places.start()], section[places.end() :]
    return Shown(_back(before, literals) + digits.text + _back(after, literals), digits.rounded)


def _back(text: str, literals: list[str]) -> str:
    return re.sub(r"\x00(\d+)\x00", lambda found: literals[int(found[1])], text)


def _digits(value: Decimal, places: str, *, percent: bool) -> Shown:
    scaled = len(places) - len(places.rstrip(","))
    places = places.rstrip(",")
    whole, _, decimals = places.partition(".")
    exact = value.scaleb((2 if percent else 0) - 3 * scaled)
    kept = exact.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    text = format(kept, ",f" if "," in whole else "f")
    optional = len(decimals) - len(decimals.rstrip("#?"))
    if optional and "." in text:
        head, tail = text[: len(text) - optional], text[len(text) - optional :]
        text = (head + tail.rstrip("0")).rstrip(".")
    if not re.search("0", whole) and text.startswith("0"):
        text = text[1:] if "." in text else ("" if kept == 0 else text)
    least = whole.count("0")
    if "," not in whole and least > 1:
        head, _, tail = text.partition(".")
        text = head.rjust(least, "0") + (f".{tail}" if tail else "")
    return Shown(text, rounded=kept != exact)
