"""Line items printed as the heads of columns: the statement of three public expenses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from archive.text.columns import Leaf

__all__ = ["columns_across", "printed_names"]

_ITEMS: Final = {
    "合计": ("三公经费合计", '"三公"经费合计', "合计"),
    "因公出国(境)费": ("因公出国(境)费用", "因公出国(境)费"),
    "公务用车购置及运行维护费": ("公务用车购置及运行维护费", "公务用车购置及运行费"),
    "公务接待费": ("公务接待费",),
    "小计": ("小计",),
    "公务用车购置费": ("公务用车购置费", "购置费"),
    "公务用车运行维护费": ("公务用车运行维护费", "公务用车运行费", "运行维护费", "运行费"),
}
"""The items of the statement, as heads of columns (财预〔2016〕143号)."""
_CARS: Final = "公务用车购置及运行维护费"
_OF_CARS: Final = ("小计", "公务用车购置费", "公务用车运行维护费")
_OFFICE: Final = ("机关运行经费预算数", "机关运行经费")
"""What Shanghai prints beside them."""


def printed_names() -> Iterator[str]:
    """All that may stand in one of its head cells."""
    for names in _ITEMS.values():
        yield from names
    yield from _OFFICE


def columns_across(words: Sequence[tuple[str, str]], measures: Mapping[str, str]) -> list[Leaf]:
    """The columns from left to right; none where the head lacks one.

    `words` are the head cells in printed order, as compared and as printed: the upper ones of a
    group before those below them. `measures` are the heads over whole groups.
    """
    names = {printed: item for item, all_ in _ITEMS.items() for printed in all_}
    over = list(dict.fromkeys(measures[text] for text, _ in words if text in measures)) or [""]
    printed: dict[str, list[str]] = {item: [] for item in _ITEMS}
    order: list[str] = []
    for text, own in words:
        if text in names:
            printed[names[text]].append(own)
            order.append(names[text])
    if any(len(found) != len(over) for found in printed.values()):
        return []
    office = [own for text, own in words if text in _OFFICE]
    if len(office) > 1 or (office and len(over) > 1):
        return []
    found: list[Leaf] = []
    upper = [item for item in order if item not in _OF_CARS][: len(_ITEMS) - len(_OF_CARS)]
    if len(set(upper)) < len(upper):
        return []
    for number, measure in enumerate(over):
        head: tuple[str, ...] = (measure,) if measure else ()
        for item in upper:
            over_all = (*head, printed[item][number])
            below = [printed[lower][number] for lower in _OF_CARS] if item == _CARS else []
            paths = [(*over_all, lower) for lower in below] or [over_all]
            found += [Leaf(len(found) + n, len(found) + n, path) for n, path in enumerate(paths)]
    if office:
        found.append(Leaf(len(found), len(found), (office[0],)))
    return found
