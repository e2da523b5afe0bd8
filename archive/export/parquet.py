"""Writes the table of line items as Parquet, a partition per year and district.

A partition is written anew only when a document of it changed, or the program: its own metadata
says which versions it was made of, and by what. Files come into being whole, by renaming. Needs
pyarrow (the `query` extra).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from archive.current import entries
from archive.executor import Executor, Local, NoExecutor
from archive.export.columns import COLUMNS, DIGITS, SCALE, Type
from archive.export.rows import rows
from archive.export.writing import drafted
from archive.program import program
from archive.register import RegisterError
from archive.workplace import Workplace

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.model import Identity
    from archive.register import Register
    from archive.repository import Archive, Repository

__all__ = ["SCHEMA", "Refreshed", "folder_of", "refresh", "schema", "stamp_of"]

_TYPES: Final = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int32(),
    Type.DECIMAL: pa.decimal128(DIGITS, SCALE),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
}
_STAMP: Final = b"mingzhang"
_GROUP: Final = 100_000
"""Rows of a row group, and the most that are held at once beside one document's."""
_FILE: Final = "items.parquet"


def schema() -> pa.Schema:
    """The columns of a file; those that name its folders are not in it."""
    return pa.schema([(c.name, _TYPES[c.type]) for c in COLUMNS if not c.partition])


SCHEMA: Final = hashlib.sha256(msgspec.json.encode(COLUMNS)).hexdigest()[:16]
"""Changes when any column does: then every partition is written anew."""


class Refreshed(msgspec.Struct, frozen=True):
    """What a refresh did."""

    written: int = 0
    """Partitions written anew."""
    kept: int = 0
    removed: int = 0
    rows: int = 0
    """Rows written."""
    left_empty: int = 0
    """Figures written without a value, because no decimal column holds them exactly."""


def folder_of(archive: Archive) -> Path:
    """Where an archive's Parquet lies."""
    return archive.root / "export" / "parquet"


def refresh(archive: Archive, register: Register, executor: Executor | None = None) -> Refreshed:
    """Bring the Parquet of an archive up to date with its repositories.

    The cost is one look at each district's history, and reading the documents of the partitions
    that changed, which the executor's workers do: linear in those. Raises RepositoryError, OSError.
    """
    folder = folder_of(archive)
    done = Refreshed()
    current: set[Path] = set()
    due: list[_Partition] = []
    workplace = Workplace.of(archive, register)
    for repository in archive.repositories():
        for year, found in sorted(_years(repository).items()):
            path = folder / f"year={year}" / f"division={repository.division}" / _FILE
            current.add(path)
            if stamp_of(path) == _stamp(found, register):
                done = msgspec.structs.replace(done, kept=done.kept + 1)
            else:
                due.append(_Partition(workplace, repository.division, year))
    for answer in (executor or Local()).map_unordered(_written, due):
        if answer.value is None:
            what = f"{answer.task.division} {answer.task.year}"
            raise NoExecutor(f"{what}: its partition could not be written: {answer.lost}")
        count, empty = answer.value
        done = msgspec.structs.replace(
            done,
            written=done.written + 1,
            rows=done.rows + count,
            left_empty=done.left_empty + empty,
        )
    for path in folder.glob(f"year=*/division=*/{_FILE}"):
        if path not in current:
            path.unlink()
            done = msgspec.structs.replace(done, removed=done.removed + 1)
    return done


class _Partition(msgspec.Struct, frozen=True):
    """One task: a file to write anew."""

    workplace: Workplace
    division: str
    year: int


def _written(partition: _Partition) -> tuple[int, int]:
    """Write a partition as its repository is now. Runs wherever there is a worker."""
    with partition.workplace.opened() as (archive, register):
        repository = archive.repository(partition.division)
        found = _years(repository)[partition.year]
        folder = folder_of(archive) / f"year={partition.year}" / f"division={partition.division}"
        return _write(folder / _FILE, _stamp(found, register), repository, found, register)


def _years(repository: Repository) -> dict[int, dict[Identity, Entry]]:
    years: dict[int, dict[Identity, Entry]] = defaultdict(dict)
    for identity, entry in entries(repository).items():
        years[identity.year][identity] = entry
    return years


def _stamp(found: dict[Identity, Entry], register: Register) -> bytes:
    """What a partition is made of: columns, register and the version of every document; and by
    which program, since another may make other rows of them."""
    digest = hashlib.sha256(f"{SCHEMA} {program()} {register.version}".encode())
    for identity, entry in sorted(found.items(), key=lambda pair: pair[0].document_id):
        digest.update(f"{identity.document_id} {entry.commit}\n".encode())
    return digest.hexdigest().encode()


def stamp_of(path: Path) -> bytes | None:
    """The stamp of a file; None where there is no whole file."""
    try:
        metadata = pq.read_schema(path).metadata
    except (OSError, pa.ArrowInvalid):
        return None
    return (metadata or {}).get(_STAMP)


def _write(
    path: Path,
    stamp: bytes,
    repository: Repository,
    found: dict[Identity, Entry],
    register: Register,
) -> tuple[int, int]:
    """Rows written, and how many of them hold a number that no column could."""
    shape = schema().with_metadata({_STAMP: stamp})
    count = empty = 0
    with (
        drafted(path.parent) as draft,
        pq.ParquetWriter(draft(path.name), shape, compression="zstd") as writer,
    ):
        for batch in _batches(_rows(repository, found, register)):
            count += len(batch)
            empty += sum(r["value"] is None and r["mark"] == "printed" for r in batch)
            writer.write_table(pa.Table.from_pylist(batch, schema=shape))
    return count, empty


def _rows(
    repository: Repository, found: dict[Identity, Entry], register: Register
) -> Iterator[dict[str, Any]]:
    for identity, entry in sorted(found.items(), key=lambda pair: pair[0].document_id):
        document = repository.read(identity, entry.commit)
        try:
            agency = register.agency(identity.agency)
            name, kind = agency.name, agency.kind
        except RegisterError:
            name, kind = identity.agency, None
        yield from rows(identity, entry, document, name, kind)


def _batches(found: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in found:
        batch.append(row)
        if len(batch) == _GROUP:
            yield batch
            batch = []
    yield batch
