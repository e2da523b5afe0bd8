"""Articles that are no longer there: suspected at first, confirmed a day later, or back again.

What the crawler calls. Absence is said only of an article itself, asked for by its own address in
a crawl that was complete and not blocked; never because a list no longer shows it. Where a crawl
was cut off or turned away, nothing is reported: the answer is then "not known".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from archive.ledger import Article, Ledger, now

__all__ = ["Absences", "State"]

State = Literal["present", "suspected", "confirmed"]


class Absences:
    """Reports looks at articles to the ledger in the name of one run.

    The crawler's part, after a crawl of a portal that went through::

        absences = Absences(archive.ledger, run)
        for url in absences.to_ask(portal.slug):      # articles the archive has documents of
            if url in seen_in_this_crawl:             # its page was fetched anyway
                absences.present(url, portal.slug)
            elif is_gone(fetch(url)):                 # 404, 410, a soft 404, led to the home page
                absences.absent(url, portal.slug, status=404, evidence="http-404")
            elif fetched_well:
                absences.present(url, portal.slug)
            # blocked, timed out, 5xx: report nothing

    A first absence is only a suspicion and stays in the ledger. Once a second look, 24 hours or
    more after it and with none between that found the article, is absent too, the next
    `Intake.process` commits a withdrawal (or a migration, where the portal shows the same bytes
    elsewhere by then). When the article and its file are seen again it commits a return.
    """

    def __init__(self, ledger: Ledger, run: str, clock: Callable[[], datetime] = now) -> None:
        self._ledger = ledger
        self._run = run
        self._clock = clock

    def to_ask(self, portal: str) -> list[str]:
        """The addresses of this portal's articles under which documents are archived."""
        return self._ledger.articles(portal)

    def state(self, url: str) -> State:
        """What is known of an article now; "present" where nothing was reported missing."""
        missing = self._ledger.missing().get(url)
        if missing is None:
            return "present"
        return "confirmed" if missing.confirmed else "suspected"

    def absent(self, url: str, portal: str, *, status: int = 0, evidence: str = "") -> State:
        """Report that the article was asked for and is not there; returns the state it is in now.

        `status` is the HTTP status, `evidence` why it counts as absent ("http-404", "soft-404",
        "home-page"). Raises OSError or ChainDamaged when the ledger cannot be written.
        """
        self._append(url, portal, present=False, status=status, evidence=evidence)
        return self.state(url)

    def present(self, url: str, portal: str, *, status: int = 200) -> bool:
        """Report that the article is there; True if it had been missed.

        Nothing is written of an article nobody missed, so it may be called for every article.
        """
        missed = self.state(url) != "present"
        if missed:
            self._append(url, portal, present=True, status=status, evidence="")
        return missed

    def _append(self, url: str, portal: str, *, present: bool, status: int, evidence: str) -> None:
        self._ledger.append(
            Article(
                url=url,
                portal=portal,
                at=self._clock(),
                present=present,
                run=self._run,
                status=status,
                evidence=evidence,
            )
        )
