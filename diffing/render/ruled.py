"""Leads from a rule that a digest names to what the rule says, where a page says it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from diffing.render.escaping import visible

__all__ = ["Ruled", "ruled"]

_NAMED: Final = re.compile(
    r"(?:规则 |[Rr]ule )([A-Z]\d\d)(?!\d)|(?:(?<=[\u4e00-\u9fff]) )?mingzhang check --explain"
)
"""How digests name a rule, and how they say where rules are explained (diffing/words)."""


class Ruled(NamedTuple):
    """The page of rules."""

    href: str
    """Its address; each rule stands there under its id."""
    name: str
    """What a sentence calls it, where a digest that stands alone has a command."""


def ruled(text: str, rules: Ruled | None) -> str:
    """The text with its rules as links; as it is, where there is no page to lead to or the rule is
    none of today's.

    >>> print(ruled("（规则 N15）", Ruled("../rules.html", "核对规则页")))
    （<a href="../rules.html#N15">规则 N15</a>）
    """
    if rules is None or _NAMED.search(text) is None:
        return text
    plain, said, done = visible(text), Markup(), 0
    for match in _NAMED.finditer(plain):
        said += escape(plain[done : match.start()]) + _link(match, rules)
        done = match.end()
    return said + escape(plain[done:])


def _link(match: re.Match[str], rules: Ruled) -> Markup:
    rule = match[1]
    if rule is None:
        return Markup('<a href="{}">{}</a>').format(*rules)
    if rule not in _known():
        return escape(match[0])
    return Markup('<a href="{}#{}">{}</a>').format(rules.href, rule, match[0])


@cache
def _known() -> frozenset[str]:
    from diffing.checks.rules import RULES

    return frozenset(rule.id for rule in RULES)
