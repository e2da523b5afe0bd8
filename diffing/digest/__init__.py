"""Gathers what changed into a digest: of a run, two years, a district's period or a document."""

from __future__ import annotations

from diffing.digest.gathering import build, latest_run
from diffing.digest.histories import of_document
from diffing.digest.model import Collected, Digest, Happening, Headline, Scope, Span
from diffing.digest.pairs import between, of_versions
from diffing.digest.spans import of_span, parse_span

__all__ = [
    "Collected",
    "Digest",
    "Happening",
    "Headline",
    "Scope",
    "Span",
    "between",
    "build",
    "latest_run",
    "of_document",
    "of_span",
    "of_versions",
    "parse_span",
]
