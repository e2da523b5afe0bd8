"""Recognised figures are confirmed by arithmetic only, and no misreading ever is."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from msgspec.structs import replace

from archive.model import (
    Amount,
    Binding,
    Certainty,
    Claim,
    Document,
    Mark,
    Remark,
    Role,
    Unit,
)
from archive.money import parse
from archive.text.optical.confirmation import with_confirmations
from tests.archive.misreading import amounts, misread, recognised, with_amounts
from tests.diffing.build import document as document_of
from tests.diffing.build import item, statement
from tests.portal import documents
from tests.reading import read_once

ROWS = (
    ("合计", "", ("971.26", "560.71", "410.55")),
    ("教育支出", "205", ("638.42", "382.47", "255.95")),
    ("普通教育", "20502", ("638.42", "382.47", "255.95")),
    ("小学教育", "2050202", ("427.31", "295.36", "131.95")),
    ("初中教育", "2050203", ("211.11", "87.11", "124.00")),
    ("住房保障支出", "221", ("332.84", "178.24", "154.60")),
    ("住房改革支出", "22102", ("332.84", "178.24", "154.60")),
    ("住房公积金", "2210201", ("332.84", "178.24", "154.60")),
)


def spent(**read_as: str) -> Document:
    """A recognised table of expenditure; `r3c1="…"` is what was read in that row and column."""
    items = []
    for r, (name, code, cells) in enumerate(ROWS):
        texts = [read_as.get(f"r{r}c{c}", text) for c, text in enumerate(cells)]
        items.append(item(name, *texts, code=code, row=r + 1))
    return recognised(document_of(statement(*items)))


def at(document: Document, row: int, column: int) -> Amount:
    return list(document.statements[0].items[row].amounts.values())[column]


def test_figures_that_rows_and_codes_bear_out_are_confirmed() -> None:
    document = with_confirmations(spent())
    assert at(document, 3, 1).certainty is Certainty.CONFIRMED
    assert at(document, 4, 2).certainty is Certainty.CONFIRMED
    assert [a.value for a in amounts(document)] == [a.value for a in amounts(spent())]


def test_a_misread_figure_is_not_confirmed_and_what_sums_ask_for_stands_beside_it() -> None:
    document = with_confirmations(spent(r3c1="295.86"))
    wrong = at(document, 3, 1)
    assert (wrong.text, wrong.value) == ("295.86", Decimal("295.86"))
    assert wrong.certainty is Certainty.RECOGNISED
    assert wrong.proposed == Decimal("295.36")
    assert wrong.witnesses
    assert all("[295.36]" in witness for witness in wrong.witnesses)


def test_a_figure_that_could_not_be_read_is_proposed_from_the_rest() -> None:
    document = spent()
    lost = replace(at(document, 3, 1), value=None, mark=Mark.UNREADABLE, text="2〓5.36")
    lost = replace(lost, certainty=Certainty.UNREADABLE)
    document = with_amounts(document, lambda a: lost if a.text == "295.36" else a)
    found = at(with_confirmations(document), 3, 1)
    assert (found.value, found.proposed) == (None, Decimal("295.36"))


def test_two_places_that_print_the_same_figure_do_not_confirm_each_other() -> None:
    items = [
        item("公务接待费", "3.85", measures=("合计",)),
        item("合计", "3.85", measures=("合计",)),
    ]
    document = recognised(document_of(statement(*items)))
    assert with_confirmations(document) == document


def test_the_same_digit_misread_in_a_line_and_its_total_is_not_confirmed() -> None:
    """The 6 in the hundreds of 638.42 read as 8 wherever it stands: its own sums still hold."""
    document = with_confirmations(
        spent(r1c0="838.42", r2c0="838.42", r3c0="627.31", r0c0="1,171.26")
    )
    for row in (0, 1, 2, 3):
        assert at(document, row, 0).certainty is Certainty.RECOGNISED


def test_sums_of_figures_that_all_lost_their_points_confirm_nothing() -> None:
    def lost(amount: Amount) -> Amount:
        text = amount.text.replace(".", "")
        return replace(amount, text=text, value=parse(text)[1])

    document = with_confirmations(with_amounts(spent(), lost))
    assert not any(a.certainty is Certainty.CONFIRMED for a in amounts(document))


def test_prose_of_the_text_layer_confirms_the_figure_it_states() -> None:
    stated_row = item("合计", "77.77", measures=("合计",))
    document = recognised(document_of(statement(stated_row)))
    bound = Binding("budget.expenditure", "合计", "合计")
    claim = Claim(
        role=Role.VALUE,
        subject="支出合计",
        text="77.77万元",
        page=9,
        quotation="支出合计77.77万元。",
        span=(4, 11),
        value=Decimal("77.77"),
        unit=Unit.WAN,
        bound=(bound,),
    )
    stated = replace(document, claims=(claim,))
    assert at(with_confirmations(stated), 0, 0).certainty is Certainty.CONFIRMED
    scanned = replace(stated, remarks=(Remark("page-recognised", "", 9),))
    assert at(with_confirmations(scanned), 0, 0).certainty is Certainty.RECOGNISED
    other = replace(stated, claims=(replace(claim, value=Decimal("77.17")),))
    assert at(with_confirmations(other), 0, 0).certainty is Certainty.RECOGNISED


def test_figures_of_the_text_layer_stay_what_they_are() -> None:
    document = document_of(statement(*(item(n, *c, code=k) for n, k, c in ROWS)))
    assert with_confirmations(document) == document


def wrong_and_confirmed(name: str, seeds: range) -> tuple[int, int]:
    """Misreadings in a generated publication, and how many of them were confirmed."""
    truth = replace(recognised(read_once(documents.pdf(name))), claims=())
    wrong = confirmed = 0
    for seed in seeds:
        found = with_confirmations(misread(truth, random.Random(seed)))
        for meant, got in zip(amounts(truth), amounts(found), strict=True):
            if meant.value != got.value:
                wrong += 1
                confirmed += got.certainty is Certainty.CONFIRMED
    return wrong, confirmed


def test_no_misreading_however_it_spreads_is_confirmed() -> None:
    wrong, confirmed = wrong_and_confirmed("rencai-2024-final", range(40))
    assert wrong > 500
    assert confirmed == 0


@pytest.mark.full
@pytest.mark.parametrize("name", documents.NAMES)
def test_no_misreading_is_confirmed_in_any_publication(name: str) -> None:
    wrong, confirmed = wrong_and_confirmed(name, range(1_000, 1_060))
    assert wrong > 500
    assert confirmed == 0
