"""Runs every rule over a document and gathers what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from archive.model import Certainty, Document
from diffing.checks.case import Case
from diffing.checks.grouping import grouped
from diffing.checks.model import (
    Check,
    Finding,
    Found,
    Group,
    Outcome,
    Rule,
    Severity,
    Sureness,
    key_of,
)
from diffing.checks.saying import said

__all__ = ["Report", "check", "run"]

_IMAGED = frozenset({Certainty.RECOGNISED, Certainty.CONFIRMED})
"""From a picture: sums confirm a figure, but not that it stands under the right name."""
_AGREES = frozenset({Outcome.HOLDS, Outcome.ROUNDING})
_LESS_SURE = _IMAGED | {Certainty.ALIGNED}


class Report(msgspec.Struct, frozen=True):
    """What checking one document came to."""

    document: Document
    counts: dict[str, dict[Outcome, int]]
    """Rule -> outcome -> how many."""
    reasons: dict[str, dict[str, int]]
    """Rule -> reason of what was not asked or decided -> how many."""
    groups: tuple[Group, ...]
    errors: tuple[str, ...] = ()
    """Rules that broke, with the error."""
    notes: tuple[Group, ...] = ()
    """What is worth knowing and nobody's error; it is never among `groups`."""

    def count(self, outcome: Outcome) -> int:
        """How many checks came out like this."""
        return sum(counts.get(outcome, 0) for counts in self.counts.values())

    @property
    def material(self) -> tuple[Group, ...]:
        """The groups that hold a material finding."""
        return tuple(g for g in self.groups if g.first.severity is Severity.MATERIAL)


def check(
    document: Document,
    others: Sequence[Document] = (),
    agency: str | None = None,
    replaced: Callable[[], Sequence[Document]] = tuple,
) -> Report:
    """Hold a document against itself and, where given, against other documents of its agency.

    `agency` is the registered name, used where the document does not say its own. `replaced` gives
    the versions the others took the place of; it is asked only where one of those does not agree.
    """
    from diffing.checks.rules import RULES

    return run(Case(document, others, agency, replaced), RULES)


def run(case: Case, rules: Sequence[Rule]) -> Report:
    """Every rule in scope over the case. A rule that breaks is counted, and the others go on."""
    counts: dict[str, Counter[Outcome]] = {}
    reasons: dict[str, Counter[str]] = {}
    found: list[tuple[Finding, Found]] = []
    errors: list[str] = []
    for rule in rules:
        outcomes = counts.setdefault(rule.id, Counter())
        why = reasons.setdefault(rule.id, Counter())
        if case.kind is not None and case.kind not in rule.kinds:
            outcomes[Outcome.NOT_APPLICABLE] += 1
            why["kind"] += 1
            continue
        checks = _checks(rule, case, errors)
        if checks is None:
            outcomes[Outcome.ERROR] += 1
            continue
        for place, made in enumerate(checks or [Check(Outcome.NOT_APPLICABLE, "absent")]):
            one = _unless_damaged(case, made)
            outcomes[one.outcome] += 1
            if one.reason:
                why[one.reason] += 1
            if one.outcome is Outcome.FAILS and one.found is not None:
                agreed = _agreed(case, rule, one.found, (place, len(checks)), errors)
                found.append((_finding(case, rule, one.found, agreed), one.found))
    groups = grouped(case, found)
    return Report(
        case.document,
        {rule: dict(outcomes) for rule, outcomes in counts.items()},
        {rule: dict(why) for rule, why in reasons.items() if why},
        tuple(g for g in groups if g.first.severity is not Severity.INFO),
        tuple(errors),
        tuple(g for g in groups if g.first.severity is Severity.INFO),
    )


def _checks(rule: Rule, case: Case, errors: list[str]) -> list[Check] | None:
    """What a rule says of the case; None where it breaks, which is noted."""
    try:
        return list(rule.run(case))
    except Exception as error:  # noqa: BLE001 - a broken rule must not silence the others
        errors.append(f"{rule.id}: {type(error).__name__}: {error}")
        return None


def _unless_damaged(case: Case, check: Check) -> Check:
    """A figure that was damaged before the file was published accuses nobody."""
    if check.found is None or not case.damaged:
        return check
    places = (*check.found.here, *check.found.there)
    if any(
        place.text == text and place.quotation.endswith(sentence)
        for sentence, text in case.damaged
        for place in places
    ):
        return Check(Outcome.UNDECIDABLE, "damaged")
    return check


def _agreed(case: Case, rule: Rule, found: Found, which: tuple[int, int], errors: list[str]) -> str:
    """The other document that agreed before it was replaced: its name, or "". `which` of how many
    questions of the rule found it.

    A rule asks the same questions in the same order, whatever the other document prints.
    """
    place, count = which
    name = next((p.document for p in (*found.there, *found.here) if p.document), "")
    for before in case.before if name else ():
        checks = _checks(rule, before, errors) or []
        if len(checks) == count and checks[place].outcome in _AGREES:
            return name
    return ""


def _finding(case: Case, rule: Rule, found: Found, agreed: str) -> Finding:
    severity = found.severity or rule.severity
    here, there = (tuple(map(case.weighed, places)) for places in (found.here, found.there))
    places = (*here, *there)
    unsure = case.worn or any(place.certainty in _LESS_SURE for place in places)
    imaged = case.worn or any(place.certainty in _IMAGED for place in places)
    if severity is Severity.MATERIAL and imaged:
        severity = Severity.MINOR
    return Finding(
        rule=rule.id,
        severity=severity,
        sureness=Sureness.LIKELY if unsure else Sureness.SURE,
        sentence=said(rule.says, found, "zh", agreed),
        sentence_en=said(rule.says_en, found, "en", agreed),
        stated=found.stated,
        expected=found.expected,
        here=here,
        there=there,
        difference=found.difference,
        tolerance=found.tolerance,
        unit=found.unit,
        key=key_of(case.document.original, rule.id, found),
    )
