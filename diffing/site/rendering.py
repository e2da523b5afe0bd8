"""Turns what a page shows into HTML: everything is escaped, and nothing hidden stays hidden."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from diffing.render.escaping import visible
from diffing.render.links import is_web

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
    environment = Environment(
        loader=PackageLoader("diffing.site"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # every value that is printed passes here, so that no template can forget it
        finalize=lambda value: value if isinstance(value, Markup) else shown(str(value)),
    )
    environment.tests["web"] = is_web
    return environment
