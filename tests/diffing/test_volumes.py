"""Feeds in volumes (RFC 5005, section 4), read by a reader that was away for long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from archive.model import ChangeKind
from diffing.render.atom import ATOM, HISTORY
from diffing.syndicate import feeds

from .archived import BEGINNING, identity, known
from .test_feed import Newsroom, budget, made, newsroom, read

__all__ = ["newsroom"]

FEED = "atom.xml"


def years(newsroom: Newsroom, first: int, last: int) -> None:
    """A budget a day, of these years."""
    for year in range(first, last):
        observed = BEGINNING + timedelta(days=year - 1990)
        newsroom.filing.commit(budget("1.00"), identity(year), observed=observed)


def link(data: bytes, relation: str) -> str:
    found = etree.fromstring(data).xpath("a:link", namespaces={"a": ATOM})
    return next((str(one.get("href")) for one in found if one.get("rel") == relation), "")


def is_volume(data: bytes) -> bool:
    return etree.fromstring(data).find(f"{{{HISTORY}}}archive") is not None


def gathered(found: dict[str, bytes], path: str = FEED) -> dict[str, str]:
    """What a reader has after following a feed back to its beginning: id → when updated; of an
    entry it meets twice, the newer."""
    folder = path.rpartition("/")[0]
    entries: dict[str, str] = {}
    while path:
        for entry in read(found[path]):
            entries[entry.id] = max(entry.updated, entries.get(entry.id, ""))
        before = link(found[path], "prev-archive")
        path = f"{folder}/{before}".lstrip("/") if before else ""
    return entries


@pytest.fixture
def away(newsroom: Newsroom) -> Newsroom:
    """Ten entries, three a feed."""
    years(newsroom, 2000, 2009)
    newsroom.settings.tables["feed"] = {"limit": 3}
    return newsroom


def test_whoever_follows_a_feed_back_meets_every_entry(away: Newsroom) -> None:
    found = made(away)
    away.settings.tables["feed"] = {"limit": 1000}

    everything = [entry.id for entry in read(made(away)[FEED])]

    assert len(everything) == 10
    assert gathered(found).keys() == set(everything)
    agency = f"310107/{identity().agency}/atom.xml"
    assert gathered(found, agency).keys() == set(everything)


def test_a_volume_is_valid_says_what_it_is_and_leads_to_the_feed(away: Newsroom) -> None:
    found = made(away)

    own = sorted(path for path in found if "/" not in path)
    assert own == ["atom-1.xml", "atom-2.xml", "atom-3.xml", "atom.xml"]
    assert [is_volume(found[path]) for path in own] == [True, True, True, False]
    assert [len(read(found[path])) for path in own] == [3, 3, 3, 3]
    assert [link(found[path], "prev-archive") for path in own] == [
        "",
        "atom-1.xml",
        "atom-2.xml",
        "atom-3.xml",
    ]
    assert [link(found[path], "current") for path in own] == [FEED, FEED, FEED, ""]
    assert [link(found[path], "self") for path in own] == own
    ids = {etree.fromstring(found[path]).findtext(f"{{{ATOM}}}id") for path in own}
    assert len(ids) == 1  # one feed, in parts


def test_a_volume_stays_as_it_is_whatever_comes_after(away: Newsroom) -> None:
    before = {path: data for path, data in made(away).items() if is_volume(data)}
    years(away, 2009, 2014)

    after = made(away)

    assert before.keys() < after.keys()
    assert all(after[path] == data for path, data in before.items())


def test_a_feed_that_holds_all_has_no_volumes(newsroom: Newsroom) -> None:
    years(newsroom, 2000, 2003)
    newsroom.settings.tables["feed"] = {"limit": 4}
    assert sorted(path for path in made(newsroom) if "/" not in path) == [FEED]
    assert link(made(newsroom)[FEED], "prev-archive") == ""
    years(newsroom, 2003, 2004)
    assert sorted(path for path in made(newsroom) if "/" not in path) == ["atom-1.xml", FEED]


def test_what_was_corrected_pushes_nothing_out_that_stands_nowhere_else(away: Newsroom) -> None:
    """Old entries whose figures were read anew come to the top; the newest stay."""
    years(away, 2009, 2011)  # twelve: three that are in no volume
    for year in range(2000, 2009):
        away.filing.count = year - 1999  # the bytes of that year
        read_again = BEGINNING + timedelta(days=40)
        kind = ChangeKind.RE_EXTRACTION
        away.filing.commit(budget("2.00"), identity(year), kind, observed=read_again)

    found = made(away)
    corrected = [entry.id for entry in read(found[FEED]) if "〔更正〕" in entry.title]
    everything = gathered(found)

    assert corrected
    assert len(everything) == 12
    newest = {entry.id for entry in read(found[FEED])}
    assert {one for one in everything if "/2010/" in one or "/2009/" in one} <= newest


def test_absolute_addresses_where_the_site_has_one(away: Newsroom) -> None:
    away.settings.tables["feed"] = {"limit": 3, "base_url": "https://budgets.example.org/"}
    found = made(away)
    home = "https://budgets.example.org/"
    assert link(found[FEED], "prev-archive") == f"{home}atom-3.xml"
    district = found["310107/atom-2.xml"]
    assert link(district, "prev-archive") == f"{home}310107/atom-1.xml"
    assert link(district, "current") == f"{home}310107/atom.xml"


def test_the_same_archive_gives_the_same_volumes(away: Newsroom) -> None:
    first = made(away)
    (away.filing.archive.root / "index" / "stories.sqlite").unlink()
    assert feeds(away.filing.archive, known(), away.settings) == first
