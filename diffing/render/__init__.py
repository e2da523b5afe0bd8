"""Digests as Markdown, HTML and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.replacing import replace
from diffing.digest import Digest
from diffing.render.links import Links

if TYPE_CHECKING:
    from archive.repository import Archive

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


def write(
    digest: Digest,
    folder: Path,
    lang: str,
    formats: Sequence[str] = FORMATS,
    archive: Archive | None = None,
) -> list[Path]:
    """Write the digest into its own folder below `folder`; returns the files.

    With an archive, pictures of the quoted rows are made beside the HTML, in `crops/`. A file of an
    earlier digest of the same name is replaced in one step, never half written. Raises OSError
    where that fails.
    """
    place = folder / digest.name
    place.mkdir(parents=True, exist_ok=True)
    written = []
    with _linking(digest, place, lang, archive if "html" in formats else None) as links:
        for form in formats:
            path = place / f"digest.{form}"
            replace(path, in_format(digest, lang, form, links).encode())
            written.append(path)
    return written


@contextmanager
def _linking(
    digest: Digest, place: Path, lang: str, archive: Archive | None
) -> Iterator[Links | None]:
    """Links with pictures, drawn document by document; None where there are no originals."""
    if archive is None:
        yield None
        return
    from diffing.crops import Crops
    from diffing.render.compose import compose
    from diffing.render.links import Gathering, Pictured, Published
    from diffing.words import wording

    wanted = Gathering()
    compose(digest, wording(lang), wanted)
    with Crops(archive, place / "crops") as crops:
        crops.make(wanted.places)
        yield Pictured(Published(digest.versions), crops)
