"""The page of the rules that documents are checked by: what each says, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from diffing.checks.catalogue import example
from diffing.checks.limits import LEFT, TOLERANCES
from diffing.checks.model import Rule
from diffing.checks.rules import RULES
from diffing.site.words import Words

__all__ = ["values"]

_GROUPS: Final = {
    "I": "inside",
    "X": "across",
    "N": "text",
    "S": "shape",
    "T": "wording",
    "D": "between",
}
"""What the first letter of a rule's id says of it."""


class Shown(msgspec.Struct, frozen=True):
    """A rule as readers see it."""

    id: str
    title: str
    formula: str
    kinds: str
    severity: str
    tolerance: str
    source: str
    fires: str
    """A sentence that is listed; "" where the example is a table, which says little on one line."""
    silent: str
    limits: tuple[tuple[str, str], ...]
    """What it leaves alone: (id on the page, in words)."""


def values(words: Words) -> dict[str, Any]:
    """What the template needs."""
    zh = words.lang == "zh"
    groups = {
        letter: [_shown(rule, words) for rule in RULES if rule.id.startswith(letter)]
        for letter in _GROUPS
    }
    return {
        "count": len(RULES),
        "groups": [
            {
                "id": _GROUPS[letter],
                "title": words(f"rules-{_GROUPS[letter]}"),
                "rules": sorted(rules, key=lambda rule: rule.id),
            }
            for letter, rules in groups.items()
        ],
        "tolerances": [
            (name, one.allowed) if zh else (one.name_en, one.allowed_en)
            for name, one in TOLERANCES.items()
        ],
        "left": list(_left(words)),
    }


def _shown(rule: Rule, words: Words) -> Shown:
    zh = words.lang == "zh"
    alone = not rule.fires.statements and not rule.fires.others
    return Shown(
        id=rule.id,
        title=rule.title if zh else rule.title_en,
        formula=rule.formula,
        kinds=("、" if zh else ", ").join(words(f"kind-{kind}") for kind in rule.kinds),
        severity=words(f"severity-{rule.severity}"),
        tolerance=rule.tolerance if zh else TOLERANCES[rule.tolerance].name_en,
        source=rule.source,
        fires=example(rule.fires.prose, ()) if alone else "",
        silent=example(rule.silent.prose, ()) if alone else "",
        limits=tuple(
            (id_, what)
            for one, (id_, what, _) in zip(LEFT, _left(words), strict=True)
            if one.touches(rule.id)
        ),
    )


def _left(words: Words) -> Iterator[tuple[str, str, str]]:
    """What no rule checks, and why; commands in it stand without their marks."""
    for number, one in enumerate(LEFT, 1):
        texts = (one.what, one.why) if words.lang == "zh" else (one.what_en, one.why_en)
        what, why = (text.replace("`", "") for text in texts)
        yield f"left-{number}", what, why
