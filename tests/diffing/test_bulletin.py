"""A message has no more bytes than its service takes, title and text as the service counts them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.settings import Settings
from diffing.changes import Significance
from diffing.feed import Entry, News
from diffing.notify.bulletin import Message, messages
from diffing.notify.targets import plan_of
from diffing.notify.wire import Wire
from diffing.render.story import Story
from diffing.words import wording

from .archived import identity

NOW = datetime(2026, 4, 1, tzinfo=UTC)
PAGE = "https://site.example.org/310107/310107.006/2024-budget-department/index.html"
WIDE = "〔核对发现〕某某区某某局2024年部门预算与上年数不符之处甚多"
TAKEN = 2048
"""Bytes 企业微信 takes, of the title, a line break and the text."""


@pytest.fixture(scope="module")
def limit() -> int:
    tables = {"notify": {"targets": {"room": {"url": "wecombot://abcdefghijkl"}}}}
    (target,) = plan_of(Settings(Path("mingzhang.toml"), tables)).targets
    return Wire(target).limit


def told(title: str, point: str, page: str = PAGE) -> tuple[Entry, Story, str]:
    entry = Entry(id=title, news=News.REVISION, identity=identity(2024), agency="某局", at=NOW)
    story = Story(
        title=title,
        points=(point,) * 3,
        notes=(point,),
        updated=NOW,
        significance=Significance.HEADLINE,
    )
    return entry, story, page


def size(message: Message) -> int:
    """As 企业微信 counts, which knows no titles: Apprise puts it above the text."""
    return len(f"{message.title}\r\n{message.body}".encode())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("times", [1, 2, 5, 40])
def test_a_title_in_wide_characters_leaves_the_text_what_room_there_is(
    limit: int, times: int, lang: str
) -> None:
    for length in range(60, 200):
        for message in messages([told(WIDE * times, "某" * length)], wording(lang), limit):
            assert size(message) <= limit < TAKEN
            assert PAGE in message.body


def test_several_entries_fill_a_message_up_to_the_limit_and_not_beyond(limit: int) -> None:
    for length in range(20, 80):
        entries = [told(f"{n} {WIDE}", "某" * length) for n in range(7)]
        found = list(messages(entries, wording("zh"), limit))
        assert max(size(message) for message in found) <= limit
        assert [id_ for message in found for id_ in message.ids] == [e.id for e, _, _ in entries]


def test_a_title_is_cut_between_characters_and_says_so(limit: int) -> None:
    (message,) = messages([told("某" * 500, "甲")], wording("zh"), limit)
    assert message.title == f"明账：{'某' * 79}…"


def test_an_address_too_long_for_any_message_is_left_out(limit: int) -> None:
    page = f"https://site.example.org/{'x' * 3000}"
    (message,) = messages([told("某" * 900, "某" * 900, page)], wording("zh"), limit)
    assert size(message) <= limit
    assert message.body.startswith("某某")
    assert page not in message.body
