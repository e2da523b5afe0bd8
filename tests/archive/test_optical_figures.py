"""What is made of a recognised figure, and which are not to be relied on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Certainty, Document, Mark
from archive.text.optical.choosing import Region, regions
from archive.text.optical.figures import figure, is_figure, misfits
from archive.text.optical.precision import without_lost_points
from archive.text.page import Page
from tests.archive.misreading import amounts, recognised
from tests.diffing.build import document as document_of
from tests.diffing.build import item, statement

# --- separators by their places ---


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("2,940.05", "2,940.05"),
        ("2.940.05", "2,940.05"),
        ("2.940,05", "2,940.05"),
        ("2，940。05", "2,940.05"),
        ("16 010.35", "16010.35"),
        ("1,234,567.89", "1,234,567.89"),
        ("29400500.00", "29400500.00"),
        ("0,95", "0.95"),
        ("(12.50)", "-12.50"),
        ("－3.20", "-3.20"),
        ("12.345678", "12.345678"),
        ("37.5%", "37.5%"),
        ("2010350", "2010350"),
    ],
)
def test_separators_are_put_right_and_digits_left(read: str, meant: str) -> None:
    assert figure(read) == meant
    digits = [char for char in meant if char.isdigit()]
    assert digits == [char for char in read if char.isdigit()]


@pytest.mark.parametrize(
    "read", ["1.234", "1,010.350", "12,34.5", "1,0l0.35", "1,01035", "3..5", "2,940.", "1,2345,678"]
)
def test_what_could_be_two_figures_or_none_is_left_open(read: str) -> None:
    assert figure(read) is None or not is_figure(read)


def test_a_name_with_digits_is_no_figure() -> None:
    assert not is_figure("2.本年支出")
    assert not is_figure("表5-1")
    assert is_figure("1,234。56")


# --- as wide as its characters ---


def test_a_lost_or_doubled_digit_shows_in_the_width_of_the_ink() -> None:
    plain = [("123.45", 55.0, 12.0), ("98.70", 45.0, 12.0), ("1,234.50", 70.0, 12.0)] * 3
    lost, doubled = ("12.45", 55.0, 12.0), ("1,2334.50", 70.0, 12.0)
    assert misfits([*plain, lost, doubled]) == [False] * 9 + [True, True]


def test_of_few_figures_nothing_is_said() -> None:
    assert misfits([("12.45", 55.0, 12.0), ("98.70", 45.0, 12.0)]) == [False, False]


def test_larger_print_is_not_held_against_smaller() -> None:
    small = [("123.45", 55.0, 12.0)] * 5
    large = [("123.45", 110.0, 24.0)] * 5
    assert not any(misfits([*small, *large]))


# --- lost decimal points ---


def figures(*texts: str) -> Document:
    """A recognised statement with these figures, one a row."""
    rows = (item(f"项目{n}", text, measures=("合计",)) for n, text in enumerate(texts))
    return recognised(document_of(statement(*rows)))


def test_a_figure_without_the_decimals_of_all_others_is_not_believed() -> None:
    plain = [f"{n}.25" for n in range(10, 30)]
    document = without_lost_points(figures(*plain, "620"))
    last = list(amounts(document))[-1]
    assert (last.text, last.value, last.mark) == ("620", None, Mark.UNREADABLE)
    assert last.certainty is Certainty.UNREADABLE
    assert [r.code for r in document.remarks] == ["cell-unreadable"]
    assert all(a.value is not None for a in list(amounts(document))[:-1])


def test_where_decimals_differ_anyway_nothing_is_doubted() -> None:
    document = figures("10.5", "20", "3.25", "40", "5.1", "6")
    assert without_lost_points(document) == document


def test_a_nought_needs_no_decimals() -> None:
    document = without_lost_points(figures(*[f"{n}.25" for n in range(10, 30)], "0"))
    assert list(amounts(document))[-1].value == Decimal(0)


def test_figures_of_the_text_layer_are_left_alone() -> None:
    rows = [item(f"项目{n}", f"{n}.25", measures=("合计",)) for n in range(10, 30)]
    text = document_of(statement(*rows, item("项目", "620", measures=("合计",))))
    assert without_lost_points(text) == text


# --- which pages ---


def sheet(chars: int = 0, images: int = 0, curves: int = 0, undefined: int = 0) -> Page:
    page = Page(1)
    page.width, page.height = 600, 800
    page.chars = [(0, 0, 5, 5, "字")] * chars
    page.images = [(50.0, 50.0, 550.0, 700.0)] * images
    page.curves, page.undefined = curves, undefined
    return page


WHOLE = [Region((0.0, 0.0, 600, 800), whole=True)]


@pytest.mark.parametrize(
    ("page", "chosen"),
    [
        (sheet(chars=900), []),
        (sheet(), []),
        (sheet(images=1), WHOLE),
        (sheet(chars=12, images=1), WHOLE),
        (sheet(curves=5_000), WHOLE),
        (sheet(chars=900, undefined=20), WHOLE),
        (sheet(chars=900, undefined=9), []),
        (sheet(chars=900, images=1), [Region((50.0, 50.0, 550.0, 700.0), whole=False)]),
    ],
    ids=["text", "blank", "scan", "page-number", "drawn", "cid", "few-cid", "picture-in-text"],
)
def test_pages_and_pictures_that_hold_unread_text_are_chosen(
    page: Page, chosen: list[Region]
) -> None:
    assert regions(page) == chosen


def test_a_scan_cut_into_strips_is_one_picture() -> None:
    page = sheet(chars=900)
    page.images = [(50, 500, 550, 600), (50, 400, 550, 499), (50, 300, 550, 400), (0, 0, 20, 20)]
    assert regions(page) == [Region((50, 300, 550, 600), whole=False)]


def test_a_logo_is_not_worth_a_look() -> None:
    page = sheet(chars=900)
    page.images = [(50, 700, 100, 750)]
    assert regions(page) == []
