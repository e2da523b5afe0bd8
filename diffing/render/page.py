"""A digest put into words: headings, points and tables, before it is Markdown or HTML.

Everything here is plain text; the two writers escape all of it, wherever it came from.
"""

from __future__ import annotations

import msgspec

from diffing.render.links import Crop

__all__ = [
    "Cell",
    "Cite",
    "Column",
    "Fold",
    "Heading",
    "Labels",
    "Node",
    "Page",
    "Paragraph",
    "Points",
    "Source",
    "Table",
]


class Cite(msgspec.Struct, frozen=True):
    """A place in a source, as printed after a figure: "[1] 第 20 页第 9 行"."""

    text: str
    source: int
    href: str = ""
    """Where it leads; its entry in the list of sources where this is ""."""
    crop: Crop | None = None
    """A picture of the row, where one was made."""
    citation: str = ""
    """What to copy to quote the figure: title, agency, date, page, version, address."""
    head: str = ""
    """What stands at the head of the figure's column, for who sees its row alone."""

    @property
    def proven(self) -> bool:
        """Whether there is more to show of it than where it stands."""
        return self.crop is not None or bool(self.citation)


class Cell(msgspec.Struct, frozen=True):
    """A table cell; `note` stands smaller after the text, `cites` smallest."""

    text: str
    note: str = ""
    cites: tuple[Cite, ...] = ()


class Column(msgspec.Struct, frozen=True):
    """A column head; figures are set right-aligned and do not wrap."""

    label: str
    figures: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table with a caption (its unit, or whose table it quotes)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    below: tuple[tuple[Paragraph, ...], ...] = ()
    """For each row what stands under it, over all columns; () where no row has anything."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of level 2 to 4; level 1 is the page's title."""

    level: int
    text: str


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph; the small ones are method and asides."""

    text: str
    cites: tuple[Cite, ...] = ()
    small: bool = False
    below: tuple[Paragraph, ...] = ()
    """What the document itself says of it, in its own words."""


class Points(msgspec.Struct, frozen=True):
    """A list of points; a leading list is numbered and set larger."""

    items: tuple[Paragraph, ...]
    leading: bool = False


class Fold(msgspec.Struct, frozen=True):
    """Something long that is opened on demand, and always there in print and in Markdown."""

    summary: str
    nodes: tuple[Node, ...]


Node = Heading | Paragraph | Points | Table | Fold


class Source(msgspec.Struct, frozen=True):
    """An entry of the list of sources."""

    number: int
    name: str
    details: tuple[str, ...]
    url: str = ""
    """Where it was published, as the publisher has it."""
    href: str = ""
    """Where the document is to be seen: on the site, or at that address; "" for nowhere."""
    citation: str = ""
    """What to copy to quote the document as a whole."""


class Labels(msgspec.Struct, frozen=True):
    """Words of the page's own controls."""

    show: str
    picture: str
    alt: str
    """With {place}."""
    figures: str
    """Of a picture that shows figures alone."""
    cite: str
    document: str


class Page(msgspec.Struct, frozen=True):
    """A whole digest in one language."""

    lang: str
    title: str
    standing: tuple[str, ...]
    """What it is, said under the title."""
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    sources_title: str
    labels: Labels
