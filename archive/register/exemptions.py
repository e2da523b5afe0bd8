"""Which agencies need not publish, as far as somebody said so: `[[exemption]]` in an agencies file.

预算法 art. 14 excepts state secrets; nothing follows from an agency's name or work alone.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from archive.model import Kind

__all__ = ["Exemption", "exemption"]


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is said of one agency; both years count, and without a kind both kinds."""

    agency: str
    reason: str
    """In the words of the source, such as 涉密."""
    source: str
    """Where it is said. Without one nobody is called exempt."""
    since: int | None = None
    until: int | None = None
    kind: Kind | None = None

    def problem(self) -> str:
        """Why it cannot be so, in a few words; "" when it can."""
        if not self.source.strip():
            return "names no source"
        if self.since is not None and self.until is not None and self.since > self.until:
            return "ends before it begins"
        return ""

    def covers(self, agency: str, year: int, kind: Kind) -> bool:
        """Whether it speaks of that agency's account."""
        return (
            self.agency == agency
            and self.kind in (None, kind)
            and (self.since is None or self.since <= year)
            and (self.until is None or year <= self.until)
        )


def exemption(
    exemptions: Iterable[Exemption], agency: str, year: int, kind: Kind
) -> Exemption | None:
    """The first that speaks of an agency's account; None where nobody said anything."""
    return next((one for one in exemptions if one.covers(agency, year, kind)), None)
