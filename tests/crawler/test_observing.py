"""Which bytes a portal may answer "not modified" about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from archive import register
from archive.intake import Intake
from archive.ledger import Http
from archive.model import Document
from archive.repository import Archive
from archive.text import Unreadable
from crawler.observing import Observer
from tests.archive.storing import seen

URL = seen().url
VALIDATORS = {"If-None-Match": '"1"'}


def spoilt(_: Path) -> Document:
    raise Unreadable("truncated", "it breaks off")


def sent_after(tmp_path: Path, reader: Callable[[Path], Document] | None) -> dict[str, str]:
    """The validators sent for a file that was stored and, with a reader, read."""
    archive = Archive(tmp_path)
    intake = Intake(
        archive,
        register.load(),
        "run",
        lambda: datetime(2026, 1, 1, tzinfo=UTC),
        reader=reader or spoilt,
        extractor="fake/1",
    )
    intake.offer(b"%PDF-1.4 a document", seen(), http=Http(etag='"1"'))
    if reader:
        intake.process()
    observer = Observer(
        intake, archive.ledger, archive.originals, "run", lambda: datetime(2026, 1, 1, tzinfo=UTC)
    )
    return observer.validators(URL)


def test_a_file_that_is_held_is_asked_for_with_its_validators(tmp_path: Path) -> None:
    assert sent_after(tmp_path, None) == VALIDATORS


def test_a_pdf_that_could_not_be_read_has_to_come_again(tmp_path: Path) -> None:
    assert sent_after(tmp_path, spoilt) == {}
