"""Digests as Markdown, HTML and JSON."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from diffing.digest import Digest
from diffing.render.links import Links

__all__ = ["FORMATS", "in_format", "write"]

FORMATS: Final = ("md", "html", "json")


def in_format(digest: Digest, lang: str, form: str, links: Links | None = None) -> str:
    """The digest in one format; `links` says where its citations lead.

    Raises ValueError for an unknown format or language.
    """
    from diffing.render import data, html, markdown

    if form == "html":
        return html.render(digest, lang, links)
    writers = {"md": markdown.render, "json": data.render}
    if form not in writers:
        raise ValueError(f"no format {form!r}: there is {', '.join(FORMATS)}")
    return writers[form](digest, lang)


def write(digest: Digest, folder: Path, lang: str, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write the digest into its own folder below `folder`; returns the files.

    A file of an earlier digest of the same name is replaced in one step, never half written.
    Raises OSError where that fails.
    """
    place = folder / digest.name
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for form in formats:
        path = place / f"digest.{form}"
        _replace(path, in_format(digest, lang, form))
        written.append(path)
    return written


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".digest-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
