"""What arrives: bytes into the store, and into the ledger that they were seen.

Reading and filing is `archive.intake`; a crawl only receives, and loads nothing it does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from archive.identity import Hints
from archive.ledger import Http, Ledger, Observation, now
from archive.model import Source
from archive.originals import Originals, media_type

__all__ = ["Receiving"]


class Receiving:
    """Takes bytes into an archive's store in the name of one run."""

    def __init__(
        self,
        originals: Originals,
        ledger: Ledger,
        run: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._originals = originals
        self._ledger = ledger
        self._run = run
        self._clock = clock

    def offer(
        self,
        data: bytes,
        source: Source,
        hints: Hints = Hints(),  # noqa: B008 - immutable
        http: Http = Http(),  # noqa: B008 - immutable
        *,
        insist: bool = False,
        backfill: bool = False,
    ) -> str:
        """Store bytes and the fact that they were seen; returns their sha256.

        `Intake.process` deals with them unless their URL showed the same bytes the last time; with
        `insist` it does so in any case (an operator named this file), and with `backfill` it files
        them as of the date they claim.
        """
        if source.observed is None:
            source = msgspec.structs.replace(source, observed=self._clock())
        sha256 = self._originals.put(data)
        last = self._ledger.last_seen(source.url)
        stated = {k: v for k, v in msgspec.to_builtins(hints).items() if v is not None}
        self._ledger.append(
            Observation(
                source=source,
                sha256=sha256,
                media_type=media_type(data),
                size=len(data),
                final_url=http.final_url,
                etag=http.etag,
                last_modified=http.last_modified,
                headers=http.headers,
                redirects=http.redirects,
                tls_name=http.tls_name,
                run=self._run,
                outcome="same" if last and last.sha256 == sha256 else "stored",
                stated=stated,
                insisted=insist or backfill,
                backfill=backfill,
            )
        )
        return sha256
