"""A digest as Markdown: readable as it is, and on any git host; nothing from outside is markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from diffing.digest import Digest
from diffing.render.compose import compose
from diffing.render.escaping import escape, visible
from diffing.render.page import Cite, Fold, Heading, Node, Page, Paragraph, Points, Source, Table
from diffing.words import wording

__all__ = ["escape", "render", "visible"]


def render(digest: Digest, lang: str = "zh") -> str:
    """The digest as Markdown (CommonMark with tables). Raises ValueError for an unknown `lang`."""
    return "\n".join(_page(compose(digest, wording(lang)))) + "\n"


def _page(page: Page) -> Iterator[str]:
    yield f"# {escape(page.title)}"
    yield ""
    yield " · ".join(escape(text) for text in page.standing)
    yield ""
    yield from _nodes(page.nodes)
    yield f"## {escape(page.sources_title)}"
    yield ""
    for source in page.sources:
        yield _source(source)
    yield ""


def _nodes(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Heading(level, text):
                yield f"{'#' * level} {escape(text)}"
            case Paragraph():
                yield _paragraph(node)
            case Points(items, leading):
                for number, item in enumerate(items, 1):
                    yield f"{f'{number}.' if leading else '-'} {_paragraph(item)}"
            case Table():
                yield from _table(node)
            case Fold(summary, inner):
                yield f"**{escape(summary)}**"
                yield ""
                yield from _nodes(inner)
                continue
        yield ""


def _paragraph(paragraph: Paragraph) -> str:
    return escape(paragraph.text) + _cites(paragraph.cites)


def _cites(cites: Sequence[Cite], before: str = " ") -> str:
    return f"{before}*{escape('; '.join(cite.text for cite in cites))}*" if cites else ""


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield escape(table.caption)
        yield ""
    yield _row(escape(column.label) for column in table.columns)
    yield _row("---:" if column.figures else "---" for column in table.columns)
    for row in table.rows:
        cells = []
        for cell in row:
            note = f" <small>{escape(cell.note)}</small>" if cell.note else ""
            cells.append(escape(cell.text) + note + _cites(cell.cites, " " if cell.text else ""))
        yield _row(cells)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _source(source: Source) -> str:
    parts = [escape(part) for part in (source.name, *source.details)]
    if source.url:
        parts.append(f"`{visible(source.url).replace('`', '%60')}`")
    return f"- \\[{source.number}\\] {' · '.join(parts)}"
