"""Whether an entry is what a target asked for: how much it matters, and its watch list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from archive.settings import SettingsError
from diffing.changes import Significance, lead_measure, wan
from diffing.compare import compare
from diffing.feed import Entry, News
from diffing.finding import NotFoundError, Wanted, agencies_registered

if TYPE_CHECKING:
    from archive.register import Register
    from diffing.notify.targets import Target, Watch
    from diffing.render.story import Stories, Story
    from diffing.versions import Version

__all__ = ["Line", "Watching"]

_RANK: Final = list(Significance)


class Line(NamedTuple):
    """A line an entry is about, and by how much."""

    code: str
    name: str
    amount: Decimal | None
    """In 万元, never negative; None where nothing is known in figures."""


class Watching:
    """Holds entries against watch lists; agencies' names are looked up once.

    Raises SettingsError, naming the target, for an agency the register does not know.
    """

    def __init__(self, register: Register, targets: Iterable[Target]) -> None:
        self._register = register
        self._agencies: dict[tuple[str, str], set[str]] = {}
        for target in targets:
            for watch in target.watch:
                if watch.agency:
                    self._look_up(target, watch)

    def wants(self, target: Target, entry: Entry, story: Story, stories: Stories) -> bool:
        """Whether the target is to hear of the entry."""
        if entry.news not in target.news:
            return False
        if _RANK.index(story.significance) > _RANK.index(target.significance):
            return False
        if not target.watch:
            return True
        near = [watch for watch in target.watch if self._is_of(watch, entry)]
        if any(not _asks_for_lines(watch) for watch in near):
            return True
        return bool(near) and any(
            _matches(watch, line) for line in lines_of(entry, stories) for watch in near
        )

    def _is_of(self, watch: Watch, entry: Entry) -> bool:
        identity = entry.identity
        if watch.division not in ("", identity.division):
            return False
        wanted = self._agencies.get((watch.agency, watch.division))
        return wanted is None or identity.agency in wanted

    def _look_up(self, target: Target, watch: Watch) -> None:
        wanted = Wanted(agency=watch.agency, division=watch.division or None)
        try:
            # also where nothing is archived yet: its first document is what is waited for
            found = agencies_registered(self._register, wanted)
        except NotFoundError as error:
            raise SettingsError(f"[notify.targets.{target.name}] watch: {error}") from error
        self._agencies[watch.agency, watch.division] = found


def lines_of(entry: Entry, stories: Stories) -> Iterator[Line]:
    """The lines an entry is about: those that changed, with their change; all lines of a document
    there is nothing to compare with, or that is gone or back; the sentence of a finding, and the
    lines it is about with the figures it names."""
    if entry.told is not None:
        said = entry.told.sentence
        yield Line("", said, None)
        for one in entry.told.lines:
            # a word asked for may stand in the sentence or in the name
            yield Line(one.code, f"{one.name} {said}", one.amount)
        return
    old, new = stories.versions(entry)
    if new is None:
        return
    if old is None or entry.news in (News.WITHDRAWAL, News.RETURN):
        yield from _lines(new)
        return
    for change in compare(old, new).changes:
        cells = [abs(c.difference) for c in change.cells if c.difference is not None]
        amount = max(cells, default=None)
        for line in (change.line, change.before):
            if line is not None:
                yield Line(line.code, line.name, amount)


def _lines(version: Version) -> Iterator[Line]:
    for statement in version.document.statements:
        for item in statement.items:
            measure = lead_measure(item)
            amount = wan(item.amounts.get(measure), statement.unit) if measure else None
            yield Line(item.code, item.name, abs(amount) if amount is not None else None)


def _asks_for_lines(watch: Watch) -> bool:
    return bool(watch.code or watch.keyword) or watch.amount is not None


def _matches(watch: Watch, line: Line) -> bool:
    if not line.code.startswith(watch.code) or watch.keyword not in line.name:
        return False
    return watch.amount is None or (line.amount is not None and line.amount >= watch.amount)
