"""What does not add up: a document held against itself and its siblings, rule by rule."""

from __future__ import annotations

from diffing.checks.engine import Report, check
from diffing.checks.model import Finding, Group, Outcome, Severity

__all__ = ["Finding", "Group", "Outcome", "Report", "Severity", "check"]
