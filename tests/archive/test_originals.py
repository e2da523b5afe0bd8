from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from archive.originals import CorruptOriginal, MissingOriginal, Originals, media_type


@pytest.fixture
def store(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def test_bytes_come_back_by_their_sha256_from_a_read_only_file(store: Originals) -> None:
    sha256 = store.put(b"%PDF-1.7 one")
    assert sha256 == hashlib.sha256(b"%PDF-1.7 one").hexdigest()
    assert store.get(sha256) == b"%PDF-1.7 one"
    assert sha256 in store
    path = store.path(sha256)
    assert path.relative_to(store.root).parts == (sha256[:2], sha256[2:4], sha256)
    assert path.stat().st_mode & 0o777 == 0o444


def test_the_same_bytes_are_stored_once(store: Originals) -> None:
    path = store.path(store.put(b"same"))
    before = path.stat()
    store.put(b"same")
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_name_that_another_process_put_there_is_flushed_before_it_counts(
    store: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.path(store.put(b"same"))  # by a process killed before it could flush the folder
    flushed: list[Path] = []
    monkeypatch.setattr("archive.originals.sync_folder", flushed.append)
    store.put(b"same")
    assert flushed == [path.parent]


def test_the_bytes_are_on_the_disk_before_they_have_their_name(
    store: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[str, bool]] = []
    path = store.path(hashlib.sha256(b"new").hexdigest())
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append((Path(f"/proc/self/fd/{handle}").resolve().name, path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store.put(b"new")
    assert [named for name, named in flushed if name.startswith(path.name[:12])] == [False]
    assert flushed[-1] == (path.parent.name, True)


def test_damage_is_noticed_on_reading_and_never_painted_over(store: Originals) -> None:
    sha256 = store.put(b"figures: 1.00")
    path = store.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"figures: 9.00")
    with pytest.raises(CorruptOriginal, match=str(path)):
        store.get(sha256)
    with pytest.raises(CorruptOriginal):
        store.put(b"figures: 1.00")
    assert path.read_bytes() == b"figures: 9.00"


def test_an_unknown_original_is_missing(store: Originals) -> None:
    with pytest.raises(MissingOriginal, match="not stored here"):
        store.get("0" * 64)
    assert "0" * 64 not in store


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_nothing_but_a_sha256_becomes_a_path(store: Originals, name: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        store.path(name)


def test_a_write_that_fails_leaves_nothing_behind(
    store: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            store.put(b"after")
    files = [p for p in store.root.rglob("*") if p.is_file()]
    assert files == [store.path(hashlib.sha256(b"before").hexdigest())]


def test_bytes_are_on_the_disk_before_they_get_their_name(
    store: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = hashlib.sha256(b"bytes").hexdigest()
    named_at_sync: list[bool] = []
    real = os.fsync

    def watched(handle: int) -> None:
        named_at_sync.append(store.path(sha256).exists())
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    store.put(b"bytes")
    assert named_at_sync[-2:] == [False, True]  # the file, then the folder that names it


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")  # no time of day: it is in the test's name
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4\n", "application/pdf"),
        (b"\r\n junk before %PDF-1.4\n", "application/pdf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>%", "text/html"),
        (b"  <html lang=zh>", "text/html"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "text/html"),
        (zipped("a.pdf"), "application/zip"),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (zipped("OFD.xml"), "application/ofd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "application/x-ole-storage"),
        (b"Rar!\x1a\x07\x00", "application/vnd.rar"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("决算".encode("gbk"), "text/plain"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_media_type_is_told_by_content(data: bytes, expected: str) -> None:
    assert media_type(data) == expected
