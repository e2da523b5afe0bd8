"""The numbered list of sources, and the citations that point into it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.clock import day_of
from archive.events import is_local
from diffing.changes import Cell, Change
from diffing.citing import citation
from diffing.digest import Digest
from diffing.render.links import Links, Published, taken_over
from diffing.render.page import Cite, Source
from diffing.versions import Version, Where
from diffing.words import Wording

__all__ = ["Sources"]

_COMMIT = 7


class Sources:
    """Every version a digest quotes, numbered in the order a reader meets them.

    A page that stands `alone` has a citation to copy beside every quoted figure. Otherwise rows of
    tables share that of their document, which stands in the list of sources.
    """

    def __init__(
        self, digest: Digest, words: Wording, links: Links | None = None, *, alone: bool = True
    ) -> None:
        self._words, self._alone = words, alone
        self._numbers: dict[tuple[str, str | None, str], int] = {}
        self._versions: list[Version] = []
        for version in digest.versions:
            self._add(version)
        self._links: Links = links or Published(self._versions)

    def of_cell(self, cell: Cell, *, pictured: bool = True) -> tuple[Cite, ...]:
        """Where the two figures of a cell are printed; with a picture of each row if wanted."""
        return self.of_places((cell.old_at, cell.new_at), pictured=pictured)

    def of_row(self, *places: Where | None, pictured: bool = True) -> tuple[Cite, ...]:
        """Where the figures of a row of a table are printed."""
        return self.of_places(places, pictured=pictured, cited=self._alone)

    def of_change(self, change: Change, *, pictured: bool = True) -> tuple[Cite, ...]:
        """Where a changed row, statement or passage stands."""
        return self.of_places((change.old_at, change.new_at), pictured=pictured)

    def of_places(
        self, places: Iterable[Where | None], *, pictured: bool = True, cited: bool = True
    ) -> tuple[Cite, ...]:
        """One citation a place, in order; places that are not there leave none."""
        cites = []
        for at in places:
            if at is None:
                continue
            number = self._numbers[at.document, at.commit, at.original]
            key = "cite" if at.row else "cite-page"
            cites.append(
                Cite(
                    self._words(key, source=number, page=at.page, row=at.row),
                    number,
                    self._links.place(at),
                    self._links.crop(at) if pictured and at.row else None,
                    citation(self._versions[number - 1], at, self._words)
                    if pictured and cited
                    else "",
                    self._head(number, at) if pictured and at.column else "",
                )
            )
        return tuple(dict.fromkeys(cites))

    def _head(self, number: int, at: Where) -> str:
        """The head of the column of a place, in words."""
        return self._words.head(self._versions[number - 1].heads.of(at))

    def of_version(self, version: Version) -> tuple[Cite, ...]:
        """The whole document."""
        number = self._numbers[_key(version)]
        return (Cite(f"[{number}]", number),)

    def of_page(self, version: Version) -> tuple[Cite, ...]:
        """The whole document, where it is to be seen."""
        number = self._numbers[_key(version)]
        return (Cite(f"[{number}]", number, self._links.document(version)),)

    def listed(self) -> tuple[Source, ...]:
        """The list of sources for the end of the page."""
        return tuple(self._source(n, version) for n, version in enumerate(self._versions, 1))

    def _add(self, version: Version) -> None:
        if _key(version) not in self._numbers:
            self._versions.append(version)
            self._numbers[_key(version)] = len(self._versions)

    def _source(self, number: int, version: Version) -> Source:
        words, entry = self._words, version.entry
        details = []
        if version.published:
            details.append(words("source-published", date=version.published.isoformat()))
        if entry and entry.observed:
            details.append(words("source-observed", date=day_of(entry.observed).isoformat()))
        if version.commit:
            details.append(words("source-version", commit=version.commit[:_COMMIT]))
        else:
            details.append(words("source-unarchived"))
            if version.label and version.year is not None:
                details.append(version.label)
        details.append(words("source-original", sha=version.original))
        if other := taken_over(version, self._versions):
            details.append(words("source-replaced", source=self._numbers[_key(other)]))
        url = entry.source_url if entry else ""
        if is_local(url):
            details.append(words("source-local", name=url.removeprefix("file:")))
            url = ""
        href = self._links.document(version)
        quoted = citation(version, None, words)
        return Source(number, words.document(version), tuple(details), url, href, quoted)


def _key(version: Version) -> tuple[str, str | None, str]:
    return version.name, version.commit, version.document.original
