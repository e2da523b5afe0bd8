"""Where the figures of a digest lead on the site: to their cells, and to pictures of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diffing.crops import Crops
from diffing.render.links import Crop, Gathering, picture
from diffing.site import addresses
from diffing.site.anchors import Anchors
from diffing.versions import Version, Where

if TYPE_CHECKING:
    from archive.repository import Archive
    from diffing.digest import Digest
    from diffing.render.page import Page
    from diffing.words import Wording

__all__ = ["FOLDER", "Leading", "Pictures", "composed"]

FOLDER: Final = "crops"
"""Where the pictures lie, below the site's folder; their names are made of hashes."""

Lead = Callable[[str, str, str], str]
"""Document id, sha256 of the original and fragment → the address of the page that shows it."""


class Pictures:
    """Pictures of rows in the site's folder; none where the settings want none."""

    def __init__(self, archive: Archive, folder: Path, *, wanted: bool) -> None:
        self._archive = archive
        self._crops = Crops(archive, folder / FOLDER) if wanted else None

    @classmethod
    @contextmanager
    def opened(cls, archive: Archive, folder: Path, *, wanted: bool) -> Iterator[Pictures]:
        """The pictures of one build; the process that draws ends with it."""
        found = cls(archive, folder, wanted=wanted)
        try:
            yield found
        finally:
            if found._crops is not None:
                found._crops.close()

    def any(self, versions: Iterable[Version]) -> bool:
        """Whether there is an original to cut pictures from."""
        if self._crops is None:
            return False
        return any(v.document.original in self._archive.originals for v in versions)

    def make(self, places: Iterable[Where]) -> None:
        """Draw these rows, original by original."""
        if self._crops is not None:
            self._crops.make(places)

    def hurried(self) -> bool:
        """Whether a row could not be drawn in time since this was last asked. What shows it is to
        be made again by the next build."""
        if self._crops is None:
            return False
        found, self._crops.hurried = self._crops.hurried, False
        return found

    def of(self, at: Where) -> Path | None:
        """The picture of a place; None where there is none."""
        return self._crops.of(at) if self._crops is not None and at.row else None


class Leading:
    """The links of one page (`diffing.render.links.Links`)."""

    def __init__(
        self,
        page: str,
        versions: Iterable[Version],
        lead: Lead,
        pictures: Pictures,
        anchors: Callable[[Version], Anchors],
    ) -> None:
        self._page, self._lead, self._pictures, self._anchors = page, lead, pictures, anchors
        self._versions = {(v.name, v.document.original): v for v in versions}
        self.used: set[str] = set()
        """Paths of the pictures that were led to."""

    def document(self, version: Version) -> str:
        """The page of the document."""
        return self._lead(version.name, version.document.original, "")

    def place(self, at: Where) -> str:
        """The very cell on the page of the document."""
        key = at.document, at.original
        version = self._versions.get(key)
        if version is None:
            return self._lead(*key, "")
        fragment = self._anchors(version).at(at.page, at.row, at.column, at.box)
        return self._lead(*key, fragment)

    def crop(self, at: Where) -> Crop | None:
        """The picture of the row, relative to the page."""
        found = self._pictures.of(at)
        if found is None:
            return None
        path = f"{FOLDER}/{found.name}"
        self.used.add(path)
        return picture(found, addresses.link(self._page, path))


def composed(digest: Digest, words: Wording, links: Leading, pictures: Pictures) -> Page:
    """The digest in words; its pictures are drawn document by document before."""
    from diffing.render.compose import compose

    if pictures.any(digest.versions):
        wanted = Gathering()
        compose(digest, words, wanted, whole=False)
        pictures.make(wanted.places)
    return compose(digest, words, links, whole=False)
