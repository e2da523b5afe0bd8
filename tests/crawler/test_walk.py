"""Walking a list to its end, and no further."""

from __future__ import annotations

from collections.abc import Callable

from crawler import walk as walking
from crawler.portals import Entry
from crawler.publications import Ask, Item, Listing
from crawler.walk import Walk

PAGE = Callable[[int], Listing]


def listing(*names: str, following: str = "", announced: int | None = None) -> Listing:
    return Listing(
        items=tuple(Item(url=name, title=name) for name in names),
        following=(Ask(url=following),) if following else (),
        announced=announced,
    )


def read(pages: Callable[[str], Listing]) -> tuple[list[str], list[str], Walk]:
    """Walk a list from page "1" as the spider does: the pages asked for, the items found."""
    walk = Walk(entry=Entry(url="1"), first=Ask(url="1"))
    asked: list[str] = []
    found: list[str] = []
    ask: Ask | None = walk.first
    reread = False
    while ask:
        asked.append(ask.url)
        page = pages(ask.url)
        new = walk.take(page, ask)
        found += [item.url for item in new]
        ask, reread = walk.next(page, reread=reread, new=bool(new))
    return asked, found, walk


def test_a_list_of_one_page_is_asked_for_once() -> None:
    assert read(lambda _: listing("a", "b"))[0] == ["1"]


def test_a_list_of_several_pages_is_looked_at_from_the_front_once_more() -> None:
    pages = {"1": listing("a", following="2"), "2": listing("b", following="3"), "3": listing("c")}
    asked, found, walk = read(pages.__getitem__)
    assert asked == ["1", "2", "3", "1"]
    assert found == ["a", "b", "c"]
    assert not walk.circling


def test_a_pinned_item_on_every_page_is_found_once() -> None:
    pages = {"1": listing("pin", "a", following="2"), "2": listing("pin", "b")}
    assert read(pages.__getitem__)[1] == ["pin", "a", "b"]


def test_what_is_published_while_the_list_is_read_is_found_all_the_same() -> None:
    served: list[str] = []

    def page(url: str) -> Listing:
        served.append(url)
        items = ["a", "b", "c", "d"] if len(served) == 1 else ["x", "y", "z", "a", "b", "c", "d"]
        first = (int(url) - 1) * 2
        onward = str(int(url) + 1) if first + 2 < len(items) else ""
        return listing(*items[first : first + 2], following=onward)

    _, found, _ = read(page)
    assert sorted(found) == ["a", "b", "c", "d", "x", "y", "z"]


def test_a_list_that_goes_round_in_circles_is_left_after_two_pages_without_news() -> None:
    asked, found, walk = read(lambda url: listing("a", "b", following=str(int(url) + 1)))
    assert found == ["a", "b"]
    assert asked == ["1", "2", "3", "1"]
    assert walk.circling


def test_a_list_without_end_is_cut_and_says_so() -> None:
    asked, _, walk = read(lambda url: listing(f"item {url}", following=str(int(url) + 1)))
    assert len(asked) == walking.MOST_PAGES
    assert walk.cut


def test_items_announced_and_not_shown_are_counted() -> None:
    assert read(lambda _: listing("a", "b", announced=5))[2].shortfall == 3
    assert read(lambda _: listing("a", "b", announced=2))[2].shortfall == 0
    assert read(lambda _: listing("a", "b"))[2].shortfall == 0


def test_a_frame_that_only_leads_to_the_list_is_not_read_again() -> None:
    pages = {"frame": listing(following="1"), "1": listing("a", following="2"), "2": listing("b")}
    walk = Walk(entry=Entry(url="frame"), first=Ask(url="frame"))
    asked: list[str] = []
    ask: Ask | None = walk.first
    reread = False
    while ask:
        asked.append(ask.url)
        new = walk.take(pages[ask.url], ask)
        ask, reread = walk.next(pages[ask.url], reread=reread, new=bool(new))
    assert asked == ["frame", "1", "2", "1"]
