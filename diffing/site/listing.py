"""Puts out the pages that lead on: front, districts, agencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffing.site import addresses, places, rules, year
from diffing.site.agency import agency_values
from diffing.site.mentions import mentioned, mentions, month_list

if TYPE_CHECKING:
    from diffing.site.catalogue import Holding
    from diffing.site.digests import Announced
    from diffing.site.mentions import Mention, Periods
    from diffing.site.months import Month
    from diffing.site.work import Work

__all__ = ["put"]


def put(work: Work, digests: list[tuple[Announced, str]], periods: Periods) -> None:
    """Bring them up to date, once the documents and digests are there.

    The pages that take longest come last: who makes what is due begins at the end of the list.
    """
    spoken = mentions(work.catalogue, (one for one, _ in digests), periods)
    years = year.put(work, spoken)
    _entrances(work, digests)
    for division in work.catalogue.divisions:
        _district(work, division, periods.get(division, ()))
    for key, holdings in work.catalogue.by_agency.items():
        _agency(work, key, holdings, mentioned(spoken, holdings), years[key])


def _entrances(work: Work, digests: list[tuple[Announced, str]]) -> None:
    words, output = work.frame.words, work.output
    told = [one for one, _ in digests]
    marks = [key for _, key in digests]
    every = [work.keys[id_] for id_ in sorted(work.keys)]
    output.page(
        addresses.FRONT,
        (*every, *marks, *work.catalogue.kinds),
        "front.html.j2",
        work.inputs.site.title,
        lambda: places.front_values(work.catalogue, work.summaries, told, words),
    )
    output.page(
        addresses.DIGESTS,
        marks,
        "digests.html.j2",
        words("digests"),
        lambda: {"digests": places.digest_list(told, words)},
    )
    output.page(
        addresses.ABOUT,
        (),
        "about.html.j2",
        words("about"),
        lambda: places.about_values(words, drawn=work.built.charts),
    )
    output.page(
        addresses.RULES,
        (),
        "rules.html.j2",
        words("rules"),
        lambda: rules.values(words),
        ((words("about"), addresses.ABOUT),),
    )


def _agency(
    work: Work,
    key: tuple[str, str],
    holdings: tuple[Holding, ...],
    spoken: Sequence[Mention],
    years: Sequence[int],
) -> None:
    division, agency = key
    catalogue = work.catalogue
    units = [one.id for one in catalogue.units.get(key, ())]
    known = catalogue.agency(agency)
    said = [mention.said for mention in spoken]
    compared = known is not None and known.kind in catalogue.kinds
    work.output.page(
        addresses.agency(*key),
        (*(work.keys[h.id] for h in holdings), *units, compared, *said, *years),
        "agency.html.j2",
        catalogue.name(agency),
        lambda: {
            **agency_values(catalogue, key, work.summaries, work.frame.words, years),
            "mentions": spoken,
        },
        ((catalogue.place(division), addresses.district(division)),),
        feed=addresses.feed(*key),
    )


def _district(work: Work, division: str, months: Sequence[tuple[Month, str]]) -> None:
    catalogue, words = work.catalogue, work.frame.words
    place = catalogue.place(division)
    holdings = catalogue.of_division(division)
    work.output.page(
        addresses.district(division),
        [*(work.keys[h.id] for h in holdings), *(key for _, key in months)],
        "district.html.j2",
        place,
        lambda: {
            **places.district_values(catalogue, division, work.summaries, words),
            "months": month_list(months, words),
        },
        feed=addresses.feed(division),
    )
