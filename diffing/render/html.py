"""A digest as one HTML file: no script, no request to anywhere, light and dark, printable."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from diffing.digest import Digest
from diffing.render.compose import compose
from diffing.render.environment import environment
from diffing.render.links import Links
from diffing.render.page import Page
from diffing.render.ruled import Ruled, ruled
from diffing.words import wording

__all__ = ["body", "render", "style"]


def render(digest: Digest, lang: str = "zh", links: Links | None = None) -> str:
    """The digest as HTML. Raises ValueError for an unknown `lang`."""
    page = compose(digest, wording(lang), links)
    return _environment().get_template("digest.html.j2").render(page=page, rules=None)


def body(page: Page, rules: Ruled | None = None) -> Markup:
    """A page without its frame, for a site that has one of its own: heading, parts, sources. Names
    of rules lead to `rules`, where there is such a page."""
    # every value in it went through the environment's own escaping
    found = _environment().get_template("body.html.j2").render(page=page, rules=rules)
    return Markup(found)  # noqa: S704


def style() -> str:
    """The style sheet that `body` is made for."""
    return files("diffing.render").joinpath("templates", "digest.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    found = environment("diffing.render")
    found.globals["style"] = Markup(style())  # noqa: S704 - the package's own file
    found.filters["ruled"] = ruled
    found.globals["kind"] = lambda node: type(node).__name__
    return found
