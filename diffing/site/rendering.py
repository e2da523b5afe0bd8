"""Turns what a page shows into HTML: everything is escaped, and nothing hidden stays hidden."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

from jinja2 import Environment

from diffing.render.environment import environment
from diffing.render.escaping import visible

__all__ = ["render", "shown"]

_REMEMBERED: Final = 1 << 16


@lru_cache(maxsize=_REMEMBERED)
def shown(text: str) -> str:
    """One line, with characters that would turn or hide text shown by their number."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return visible(text)


def render(template: str, **values: Any) -> str:
    """The page of a template. Raises jinja2.UndefinedError for a value it lacks."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return environment("diffing.site", shown)
