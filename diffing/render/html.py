"""A digest as one HTML file: no script, no request to anywhere, light and dark, printable."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from diffing.digest import Digest
from diffing.render.compose import compose
from diffing.render.markdown import visible
from diffing.words import wording

__all__ = ["render"]


def render(digest: Digest, lang: str = "zh") -> str:
    """The digest as HTML. Raises ValueError for an unknown `lang`."""
    page = compose(digest, wording(lang))
    return _environment().get_template("digest.html.j2").render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("diffing.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # every value that is printed passes here, so that no template can forget it
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
    )
    environment.tests["web"] = _is_web
    style = files("diffing.render").joinpath("templates", "digest.css").read_text("utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704 - the package's own file
    environment.globals["kind"] = lambda node: type(node).__name__
    return environment


def _is_web(url: str) -> bool:
    """True for an address a reader may be led to: http(s) with a host, and nothing hidden."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and visible(url) == url
