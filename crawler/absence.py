"""Articles that are no longer where they were: said of the article itself, and of few at a time.

Whether an article is there is asked of its own address; a list that no longer shows it says
nothing. One that is gone is reported to the archive as a suspicion, which a second look a day
later confirms (archive/absences.py). When a third of a portal's articles are gone at once, the
portal is broken or was rebuilt: that is told, and nothing is suspected of any of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from archive.absences import Absences
from archive.ledger import Ledger, Observation
from crawler import articles
from crawler.publications import Page
from crawler.report import Look, PortalReport, Trouble, TroubleKind

__all__ = ["MASS", "MOVED", "report_absences", "why_absent"]

MASS: Final = 3
"""So many articles, and more than a third of those known, are not withdrawn in one night."""
MOVED: Final = "moved"
"""Evidence that an address leads to another article."""
_GONE: Final = (404, 410)
_HOMES: Final = frozenset(
    f"/{name}" for name in ("", "index.html", "index.htm", "index.shtml", "index.asp", "index.jsp")
)


def why_absent(status: int, asked: str, page: Page, lists: Iterable[str] = ()) -> str:
    """Why an answer means that the article asked for is not there; "" where it is there.

    "http-404", "home-page" and "column" (it leads there instead), "soft-404" (a page that says so
    with status 200). `lists` are addresses known to be columns, as `markup.same_page` writes them.
    """
    from crawler.markup import same_page

    if status in _GONE:
        return f"http-{status}"
    if status >= 400:  # HTTP's own class of errors: not known
        return ""
    if page.url != asked:
        if urlsplit(page.url).path in ("", *_HOMES) and not urlsplit(page.url).query:
            return "home-page"
        if same_page(page.url) in lists and same_page(page.url) != same_page(asked):
            return "column"
    return "soft-404" if articles.is_missing(page) else ""


def report_absences(
    ledger: Ledger,
    run: str,
    clock: Callable[[], datetime],
    report: PortalReport,
    withdrawn: Collection[str] = (),
) -> list[Trouble]:
    """Tell the archive which articles of a portal are gone or back; returns what a person reads.

    Nothing is said after a crawl that was not complete: then nobody knows. Nor of an article whose
    address leads to another one, unless that shows its file. The articles of a mass absence are
    noted in the report; those a person says were `withdrawn` are no part of one.
    """
    if not report.complete:
        return []
    absences = Absences(ledger, run, clock)
    gone = {url: look for url, look in report.looks.items() if look.evidence}
    for url in sorted(report.looks.keys() - gone.keys()):
        absences.present(url, report.portal, status=report.looks[url].status)
    elsewhere = _shown_elsewhere(ledger, run, gone)
    gone = {url: look for url, look in gone.items() if look.evidence != MOVED or url in elsewhere}
    lost = [url for url in gone if url not in elsewhere]
    lost = sorted(url for url in lost if url not in withdrawn)
    known = max(report.known_articles, len(report.looks))
    if len(lost) >= MASS and 3 * len(lost) > known:
        report.lost = lost
        message = (
            f"{len(lost)} of {known} articles are not where they were, such as {lost[0]}:"
            " a fault or a move of the portal; nothing is taken for withdrawn. If they were"
            f" withdrawn: mingzhang status {report.portal} --withdrawn"
        )
        return [Trouble(TroubleKind.MASS_ABSENCE, "", message)]
    found = []
    for url, look in sorted(gone.items()):
        state = absences.absent(url, report.portal, status=look.status, evidence=look.evidence)
        if url in elsewhere:
            message = f"the article is not there ({look.evidence}); its file is shown elsewhere"
        elif state == "confirmed":
            message = f"the article is not there ({look.evidence}), a day later still"
        else:
            message = f"the article is not there ({look.evidence}); a later look will confirm it"
        found.append(Trouble(TroubleKind.MISSING, url, message))
    return found


def _shown_elsewhere(ledger: Ledger, run: str, gone: Mapping[str, Look]) -> set[str]:
    """Of articles that are gone, those whose file was seen under another article in this run."""
    if not gone:
        return set()
    had: dict[str, str] = {}
    shown: dict[str, set[str]] = defaultdict(set)
    for row in ledger.rows():
        if not isinstance(row, Observation) or row.sha256 is None:
            continue
        page = row.source.page_url
        if page in gone:
            had[page] = row.sha256
        elif row.run == run:
            shown[row.sha256].add(page)
    return {page for page, sha256 in had.items() if shown[sha256]}
