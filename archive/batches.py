"""Reading many originals: batches of sha256 that any worker may take, and take again.

A batch is done again when whoever took it was killed. What was read before is not read twice, and
its journal says which document was in hand: one over which two workers died is set aside, and its
neighbours are read.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.executor import Executor
from archive.model import Document
from archive.originals import CorruptOriginal, MissingOriginal, Originals
from archive.readings import Reader, Readings
from archive.second import Second, second_at
from archive.text import Unreadable

if TYPE_CHECKING:
    from archive.repository import Archive

__all__ = ["UNREAD", "Journal", "Place", "read_all"]

UNREAD: Final = (Unreadable, CorruptOriginal, MissingOriginal, OSError)
"""What may stand in the way of reading one original; the others are read all the same."""
LEAST, MOST = 100, 1_000
"""Documents a task, where tasks go to other machines: minutes of work, not hours."""
_TRIES: Final = 2
"""A worker that is killed says nothing about the document in its hand; twice, it might."""

_KILLED: Final = "whoever read it was killed each time"


class Place(msgspec.Struct, frozen=True):
    """Where a worker finds originals, and how it reads them."""

    readings: str
    """Folder of the readings kept; "" where workers share no folder with us."""
    originals: str
    """Folder of the store, or the address of its second place, which fsspec knows."""
    reader: Reader
    extractor: str
    journals: str = ""
    """Folder or address for the journals of this run; "" where the caller's end ends the work."""

    @classmethod
    def of(
        cls,
        archive: Archive,
        reader: Reader,
        extractor: str,
        run: str,
        executor: Executor,
    ) -> Place:
        """Where the workers of an executor find an archive's originals: in its own folder, or at
        the address the executor names for those that do not have that folder."""
        cache = archive.root.absolute() / "cache"
        if executor.originals:
            readings, originals = "", executor.originals
        else:
            readings, originals = str(cache / "readings"), str(archive.originals.root.absolute())
        journals = f"{executor.originals or cache}/journals/{run}" if executor.spread else ""
        return cls(readings, originals, reader, extractor, journals)

    def provide(self, own: Originals, wanted: Sequence[str]) -> None:
        """See to it that workers find these originals. Raises OSError, ValueError."""
        if self.readings:
            return
        second = second_at(self.originals, Path(self.originals))
        there = second.names()
        for sha256 in wanted:
            if sha256 not in there and sha256 in own:
                second.put(sha256, own.get(sha256))

    def clear(self) -> None:
        """Take the journals away: the run is over."""
        if self.journals:
            import fsspec

            files, path = fsspec.core.url_to_fs(self.journals)
            with contextlib.suppress(FileNotFoundError):
                files.rm(path, recursive=True)

    @contextlib.contextmanager
    def opened(self) -> Iterator[Readings]:
        """The readings to work with: the shared ones, or some that last as long as a batch."""
        if self.readings:
            yield self._readings(Path(self.readings), Originals(Path(self.originals)))
            return
        with tempfile.TemporaryDirectory(prefix="mingzhang-") as name:
            second = second_at(self.originals, Path(self.originals))
            yield self._readings(Path(name) / "readings", _Fetched(Path(name) / "own", second))

    def _readings(self, folder: Path, originals: Originals) -> Readings:
        return Readings(folder, originals, self.reader, self.extractor)


class Batch(msgspec.Struct, frozen=True):
    """One task: so many originals to read."""

    place: Place
    sha256s: tuple[str, ...]
    killed: dict[str, int] = {}
    """Over which of them workers died before, and how often."""

    def journal(self) -> Journal:
        """What was noted of it, by whoever took it before."""
        name = f"{self.sha256s[0]}-{len(self.sha256s)}.json"
        where = self.place.journals
        return Journal(f"{where}/{name}" if where else "", self.killed)


class Read(msgspec.Struct, frozen=True):
    """What became of one original of a batch."""

    sha256: str
    error: Exception | None = None
    document: bytes = b""
    """The document, where the caller cannot find it among the readings kept."""


class _Fetched(Originals):
    """A store that takes an original from its second place when it is asked for."""

    def __init__(self, root: Path, second: Second) -> None:
        super().__init__(root)
        self._second = second

    def __contains__(self, sha256: object) -> bool:
        if super().__contains__(sha256):
            return True
        try:
            data = self._second.get(str(sha256))
        except FileNotFoundError:
            return False
        found = self.put(data)
        if found != sha256:
            raise CorruptOriginal(
                f"{self._second.where}: the bytes kept as {sha256} have sha256 {found}"
            )
        return True


class Journal:
    """Of one batch: which document is in hand, and over which a worker was killed how often."""

    def __init__(self, address: str, killed: dict[str, int]) -> None:
        self._address = address
        self.killed = killed
        if address:
            import fsspec

            self._files: Any
            self._files, self._path = fsspec.core.url_to_fs(address)
            self._take_over()

    def _take_over(self) -> None:
        try:
            before = msgspec.json.decode(self._files.cat_file(self._path), type=dict[str, int])
        except (FileNotFoundError, msgspec.DecodeError):
            return  # begun for the first time, or killed while it wrote: nothing was in hand yet
        self.killed = before

    def begin(self, sha256: str) -> None:
        """Note that a document is in hand; a worker that dies now has one try more against it.

        Raises Unreadable where that has happened twice already.
        """
        if self.killed.get(sha256, 0) >= _TRIES:
            raise Unreadable("crashed", _KILLED)
        self._write({**self.killed, sha256: self.killed.get(sha256, 0) + 1})

    def _write(self, killed: dict[str, int]) -> None:
        if self._address:
            self._files.makedirs(self._path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(self._path, msgspec.json.encode(killed))


def read_all(
    executor: Executor,
    place: Place,
    readings: Readings,
    wanted: Sequence[str],
    on_read: Callable[[int, int], None] | None = None,
) -> dict[str, Exception]:
    """Have every original read once, into `readings`; returns what was in the way, by sha256.

    Raises NoExecutor where there is nobody to read them; what was read is kept.
    """
    failed: dict[str, Exception] = {}
    count = 0
    wanted = [sha256 for sha256 in wanted if not readings.is_kept(sha256)]
    place.provide(readings.originals, wanted)
    batches = _cut(place, wanted, _size(executor, len(wanted)), {})
    while batches:
        lost: list[Batch] = []
        for answer in executor.map_unordered(read_batch, batches, apart=True):
            if answer.value is None:
                lost.append(answer.task)
                continue
            for one in answer.value:
                if one.error is not None:
                    failed[one.sha256] = one.error
                elif one.document:
                    readings.keep(msgspec.msgpack.decode(one.document, type=Document))
                count += 1
                if on_read is not None:
                    on_read(count, len(wanted))
        batches = []
        for batch in lost:
            if len(batch.sha256s) == 1:
                failed[batch.sha256s[0]] = Unreadable("crashed", _KILLED)
                count += 1
                continue
            killed = batch.journal().killed
            batches += _cut(place, batch.sha256s, -(-len(batch.sha256s) // 2), killed)
    place.clear()
    return failed


def _cut(place: Place, wanted: Sequence[str], size: int, killed: dict[str, int]) -> list[Batch]:
    return [
        Batch(place, tuple(wanted[at : at + size]), killed) for at in range(0, len(wanted), size)
    ]


def _size(executor: Executor, count: int) -> int:
    """Documents a batch: one where a thread takes it, else enough that a task is worth its way."""
    if not executor.spread:
        return 1
    return max(LEAST, min(MOST, count // (4 * executor.width())))


def read_batch(batch: Batch) -> list[Read]:
    """Read the originals of a batch, one after another. Runs wherever there is a worker."""
    place = batch.place
    journal = batch.journal()
    found = []
    with place.opened() as readings:
        for sha256 in batch.sha256s:
            try:
                if not readings.is_kept(sha256):
                    journal.begin(sha256)
                document = readings.document(sha256)
            except UNREAD as error:
                found.append(Read(sha256, error))
            else:
                whole = b"" if place.readings else msgspec.msgpack.encode(document)
                found.append(Read(sha256, document=whole))
    return found
