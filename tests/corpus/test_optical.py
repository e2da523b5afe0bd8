"""Real publications as page images, against hand-checked figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.text import read
from tests.archive.rasters import Scanner, scanned
from tests.corpus import FOLDER, absent
from tests.corpus.scoring import Score, score

pytestmark = pytest.mark.corpus

RASTERISED = ("czj_2024_final", "ghzyj_2024_final")
PICTURED = ("qingshan-2023-final", "wuchang-2025-budget")
SCANNERS = {
    "clean-150": Scanner(150),
    "clean-200": Scanner(200),
    "worn-150": Scanner(150, skew=1.0, noise=8.0, jpeg=60),
    "worn-200": Scanner(200, skew=1.0, noise=8.0, jpeg=60),
}


def there(names: tuple[str, ...]) -> list[object]:
    return list(names) if FOLDER.is_dir() else [absent()]


def nothing_wrong(found: Score) -> None:
    assert found.faults == []
    assert (found.amounts["wrong"], found.amounts["missing"]) == (0, 0)
    assert found.wrong_confirmed == 0
    assert found.amounts["right"] > 0


@pytest.mark.parametrize("name", there(("czj_2024_final",)))
def test_a_worn_scan_of_a_real_statement_is_read_rightly(name: str) -> None:
    expected = json.loads((FOLDER / f"expected_{name}.json").read_text())
    expected["tables"] = [t for t in expected["tables"] if t["page"] == 15]
    data = scanned((FOLDER / expected["file"]).read_bytes(), SCANNERS["worn-150"], [1, 15])
    nothing_wrong(score(read(data, optically=True), expected))


@pytest.mark.full
@pytest.mark.long
@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("name", there(RASTERISED))
def test_every_figure_and_code_of_a_scanned_publication_is_right(name: str, scanner: str) -> None:
    expected = json.loads((FOLDER / f"expected_{name}.json").read_text())
    pages = {page for t in expected["tables"] for page in t.get("pages", [t["page"]])}
    data = (FOLDER / expected["file"]).read_bytes()
    scan = scanned(data, SCANNERS[scanner], sorted({1, *pages}))
    nothing_wrong(score(read(scan, optically=True), expected))


@pytest.mark.full
@pytest.mark.parametrize("name", there(PICTURED))
def test_tables_published_as_images_are_read_rightly(name: str) -> None:
    path = Path(FOLDER / "wuhan" / f"expected_{name}.json")
    expected = json.loads(path.read_text())
    document = read((path.parent / expected["file"]).read_bytes(), optically=True)
    nothing_wrong(score(document, expected, images_only=True))
