"""Charts as SVG at build time: pygal draws them, the site's own style sheet colours them.

pygal is the `site` extra; without it every chart is its table alone. What pygal adds for browsers
(a script, a style sheet, comments with today's date) is taken out, so that the same figures give
the same bytes and a strict Content-Security-Policy holds. See docs/decisions/0019.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import msgspec
from markupsafe import Markup

from archive.installed import version
from diffing.figures import exact
from diffing.site.rendering import shown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Cell", "Chart", "Row", "Series", "available", "bars", "library"]

_WIDTH: Final = 560
_HEIGHT: Final = 280
_PARTS: Final = 100
"""Bars are placed by hundredths of 万元: money never becomes a float here."""
_LABELLED: Final = 8
"""So many bars have room for their figures above them."""
_DROPPED: Final = frozenset({"x", "y", "x_label", "value", "label", "xlink"})
"""Classes of `desc` elements that only pygal's script reads."""
_LAYERS: Final = frozenset({"tooltip-overlay", "titles", "legends"})
"""Groups that stand empty without the script, or repeat what the page says itself."""


class Cell(msgspec.Struct, frozen=True):
    """One figure of a chart's table."""

    text: str
    href: str = ""
    """Where it is printed; "" for one that was computed."""
    certainty: str = "text"


class Row(msgspec.Struct, frozen=True):
    """One row of a chart's table."""

    name: str
    cells: tuple[Cell | None, ...]


class Chart(msgspec.Struct, frozen=True):
    """A chart and the same figures as a table."""

    title: str
    note: str
    svg: Markup | None
    """None where charts are not drawn: then the table stands alone."""
    legend: tuple[str, ...]
    """Names of the colours, in their order."""
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Series(msgspec.Struct, frozen=True):
    """One colour of a chart: a value in 万元 for every place on the axis, None for none."""

    name: str
    values: tuple[Decimal | None, ...]


@cache
def available() -> bool:
    """Whether the chart library is installed; it is loaded where something is drawn."""
    return find_spec("pygal") is not None


def library() -> str:
    """The chart library and its version; "" where it is not installed."""
    return f"pygal {version('pygal')}" if available() else ""


def bars(
    title: str, places: Sequence[str], series: Sequence[Series], *, stacked: bool = False
) -> Markup | None:
    """Bars from zero, beside each other or stacked; a missing value leaves a gap.

    None where the library is not installed, or where there is nothing to draw.
    """
    drawn = [one for one in series if any(value is not None for value in one.values)]
    if not available() or not drawn:
        return None
    import pygal
    from pygal.style import Style

    labelled = not stacked and len(places) * len(drawn) <= _LABELLED
    kind = pygal.StackedBar if stacked else pygal.Bar
    chart = kind(
        width=_WIDTH,
        height=_HEIGHT,
        explicit_size=False,
        js=(),
        css=(),
        style=Style(),
        disable_xml_declaration=True,
        x_labels=[shown(place) for place in places],
        show_legend=False,
        truncate_label=-1,
        max_scale=6,
        include_x_axis=True,
        margin=8,
        spacing=14,
        value_formatter=_axis,
        print_values=labelled,
        print_values_position="top",
        no_data_text="",
    )
    for one in drawn:
        chart.add(
            shown(one.name),
            [None if value is None else _value(value) for value in one.values],
        )
    return _plain(chart.render_tree(), title)


def _value(value: Decimal) -> dict[str, Any]:
    """A value as pygal takes it: whole hundredths place the bar, what is printed is exact."""
    text = exact(value)
    return {"value": int(value * _PARTS), "label": text, "formatter": lambda _: text}


def _axis(value: float) -> str:
    """A mark on the axis: a round number, no figure of any document."""
    return f"{value / _PARTS:,.10g}"


def _plain(root: Element, title: str) -> Markup:
    from xml.etree import ElementTree

    _strip(root)
    root.set("role", "img")
    root.set("aria-label", shown(title))
    root.attrib.pop("id", None)
    text = ElementTree.tostring(_copied(root), encoding="unicode")
    return Markup(text)  # noqa: S704 - serialised by ElementTree, which escapes every text


def _strip(element: Any) -> None:
    """Take out what only pygal's own script and style would use; labels become tooltips."""
    for child in list(element):
        name = child.tag if isinstance(child.tag, str) else ""
        classes = set((child.get("class") or "").split())
        if name.endswith("desc") and "label" in classes:
            tip = element.makeelement("title", {})
            tip.text = child.text
            element.append(tip)
        read_by_script = name.endswith("desc") and classes & _DROPPED
        heads = name in ("defs", "title") and element.get("viewBox")
        if not name or heads or read_by_script or classes & _LAYERS:
            element.remove(child)
        else:
            child.attrib.pop("style", None)
            if child.get("id"):
                child.attrib.pop("id")
            _strip(child)


def _copied(element: Any) -> Element:
    """The tree as the standard library's own, whatever pygal built it with."""
    from xml.etree import ElementTree

    made = ElementTree.Element(str(element.tag), {str(k): str(v) for k, v in element.items()})
    made.text, made.tail = element.text, element.tail
    made.extend(_copied(child) for child in element)
    return made
