"""Pictures of quoted rows on the site: made once, led to, and taken away with their pages."""

from __future__ import annotations

import posixpath
from pathlib import Path

import pytest

from archive.model import ChangeKind
from archive.withholding import withhold
from diffing.crops.order import Drawn
from diffing.crops.process import BUSY, Artist
from diffing.site.state import FOLDER
from tests.archive.rasters import Scanner, scanned
from tests.diffing.archived import identity
from tests.diffing.papers import LINES, paper
from tests.reading import read_once

from .built import OFFICE, Site, document_path, text_of

OTHERS = (("合计", "", "2,990.05", "2,386.91", "603.14"), *LINES[1:])


def published(site: Site) -> str:
    """A budget whose total was replaced; returns the folder of its pages."""
    what = identity(2024, name=OFFICE)
    site.filing.publish(paper(), what)
    site.filing.publish(paper(rows=OTHERS), what, ChangeKind.REVISION)
    assert site.build().failed == []
    return posixpath.dirname(document_path(what))


def test_what_a_revision_changed_is_shown_as_printed_before_and_after(tmp_path: Path) -> None:
    site = Site(tmp_path)
    folder = published(site)
    (changes,) = (site.folder / folder).glob("changes-*.html")
    path = f"{folder}/{changes.name}"
    page = site.page(path)
    pictures = page.xpath("//img/@src")
    files = {posixpath.normpath(posixpath.join(folder, one)) for one in pictures}
    assert len(files) >= 2
    for one in files:
        assert one.startswith("crops/")
        assert (site.folder / one).read_bytes().startswith(b"\x89PNG")
    (first,) = page.xpath("//ol[@class='leading']/li[1]")
    cells = [href.partition("#")[2] for href in first.xpath(".//span[@class='cites']/a/@href")]
    assert len(cells) == 2
    before, now = first.xpath(".//span[@class='cites']/a/@href")
    assert before.startswith("version-")
    assert now.startswith("index.html")
    for href, printed in ((before, "2,940.05"), (now, "2,990.05")):
        name, _, place = href.partition("#")
        assert text_of(site.page(f"{folder}/{name}").get_element_by_id(place)) == printed
    citation = text_of(first.xpath(".//code[@class='citation']")[0])
    assert "sha256:" in citation
    assert "第 1 页" in citation


def test_below_figures_cut_out_of_a_scan_stands_that_the_rest_need_not_be_blank(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    what = identity(2024, name=OFFICE)
    site.filing.publish(paper(), what)
    scan = scanned(paper(rows=OTHERS), Scanner(dpi=200))
    reading = read_once(paper(rows=OTHERS))
    site.filing.publish(scan, what, ChangeKind.REVISION, reading=reading)
    assert site.build().failed == []
    folder = posixpath.dirname(document_path(what))
    (changes,) = (site.folder / folder).glob("changes-*.html")
    pictures = site.page(f"{folder}/{changes.name}").xpath("//figure[.//img]")
    note = "扫描件：仅截出能与识别结果核对的数字，未截出处不等于空白"
    said = {
        (one.xpath(".//img/@src")[0][-12:] == "-figures.png", note in text_of(one))
        for one in pictures
    }
    assert said == {(True, True), (False, False)}


def test_pictures_stay_while_they_are_shown_and_go_when_they_are_not(tmp_path: Path) -> None:
    site = Site(tmp_path)
    published(site)
    pictures = set((site.folder / "crops").iterdir())
    assert pictures
    again = site.build()
    assert (again.read, again.written, again.removed) == (0, 0, 0)
    for picture in sorted(pictures):
        picture.unlink()
        assert (site.build().written, picture.exists()) == (0, True)
    other = Site(tmp_path / "other")
    other.filing.publish(paper(), identity(2023, name=OFFICE))
    other.folder = site.folder
    other.build()
    left = {path.name for path in site.folder.glob("crops/*")}
    assert left < {path.name for path in pictures}
    assert left == {
        posixpath.basename(one)
        for page in site.pages().values()
        for one in page.xpath("//img/@src")
    }


def test_a_picture_for_which_there_was_no_time_is_made_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(
            Artist, "draw", lambda _, order: [Drawn(s.key, why=BUSY) for s in order.shots]
        )
        published(site)
    assert shown(site) == set()
    site.build()
    later = shown(site)
    assert later
    assert (site.build().read, site.build().written) == (0, 0)
    site.folder = tmp_path / "fresh"
    site.build()
    assert shown(site) == later


@pytest.mark.parametrize("lost", [False, True])
def test_no_picture_of_an_original_that_is_withheld_stays(tmp_path: Path, lost: bool) -> None:
    site = Site(tmp_path)
    published(site)
    assert shown(site)
    for entry in site.filing.archive.repository("310107").history():
        withhold(site.filing.archive, entry.originals[0], "takedown", "", tmp_path / "register")
    if lost:
        (site.folder / FOLDER / "state.sqlite").write_bytes(b"no state any more" * 99)
    assert site.build().failed == []
    assert shown(site) == set()
    assert list(site.folder.glob("crops/*")) == []


def shown(site: Site) -> set[str]:
    """The names of the pictures that pages show."""
    found = (one for page in site.pages().values() for one in page.xpath("//img/@src"))
    return {posixpath.basename(one) for one in found}
