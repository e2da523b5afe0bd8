"""What a document gives as the reason, in quotation marks and with its page."""

from __future__ import annotations

from collections.abc import Iterable

from diffing.reasons import Reason
from diffing.render.page import Paragraph
from diffing.render.sources import Sources
from diffing.versions import Version
from diffing.words import Wording

__all__ = ["said"]


def said(
    reasons: Iterable[Reason], version: Version, words: Wording, sources: Sources
) -> tuple[Paragraph, ...]:
    """One paragraph a reason, each with the page it stands on."""
    return tuple(
        Paragraph(
            words("reason", text=reason.text),
            sources.of_places([version.where(reason.page, 0)], pictured=False),
        )
        for reason in reasons
    )
