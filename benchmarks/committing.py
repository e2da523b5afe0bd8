"""What a commit costs beside a raw `git fast-import --depth=0` that is fed the very same bytes.

    python -m benchmarks.committing [--documents 100000] [--rounds 3]

The versions are generated publications as the text stage reads them, with every statement and the
prose changed from one to the next, so that no file of theirs is in the archive already. Before each
round the stream that the archive sends is written down; then the archive commits the events into
one copy and the raw import gets the stream into another, a checkpoint and a readback a commit.
Both must end at the same commit hash. Processor time counts Python and every git process; what the
archive does once a run (asking git where things stand, catching the index up) is told apart. The
rows of the ledger, intent and done, are measured apart: the raw import keeps none.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from benchmarks.archive import AGENCIES, build, copies, git, progress, timed

COMMITS = 200
NAMES = (
    "kechuang-2024-budget",
    "kechuang-2024-final",
    "rencai-2024-budget",
    "rencai-2024-final",
    "qiye-2024-budget",
    "archives-2025-budget",
)
MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


def keep_documents(place: Path) -> None:
    """Read the generated publications once for all rounds."""
    import msgspec

    from archive import text
    from tests.portal import documents

    read = [text.read(documents.pdf(name)) for name in NAMES]
    place.write_bytes(msgspec.json.encode(read))


def events(kept: Path) -> Iterator[object]:
    """Revisions of documents of many agencies, each unlike every other in every file."""
    import msgspec
    from msgspec.structs import replace

    from archive.events import Event, subject
    from archive.model import ChangeKind, Document, Identity, Kind, Level, Source

    documents = msgspec.json.decode(kept.read_bytes(), type=list[Document])
    for number in range(COMMITS):
        agency, shown = number * 7 % AGENCIES, number % len(documents)
        name = f"江城区第{agency:03d}局"
        kind = Kind.FINAL if "final" in NAMES[shown] else Kind.BUDGET
        identity = Identity("990101", f"990101.{agency:03d}", Level.DEPARTMENT, 2024, kind)
        sha256 = f"{number + 1:x}".rjust(64, "e")
        document = documents[shown]
        changed = [
            replace(s, items=tuple(replace(i, name=f"{i.name}{number}") for i in s.items))
            for s in document.statements
        ]
        prose = tuple(replace(p, text=f"{p.text}{number}") for p in document.prose)
        document = replace(document, original=sha256, statements=tuple(changed), prose=prose)
        yield Event(
            kind=ChangeKind.REVISION,
            identity=identity,
            document=document,
            originals=(sha256,),
            source=Source(
                url=f"https://www.example.gov.cn/new/{number}.pdf",
                page_url=f"https://www.example.gov.cn/new/{number}.html",
                published=date(2025, 1, 1) + timedelta(days=number),
                observed=MOMENT,
            ),
            run="run-new",
            subject=subject(ChangeKind.REVISION, name, identity),
            agency_name=name,
        )


class Meter:
    """Processor seconds since it was made, of this process and of the children it waited for."""

    def __init__(self) -> None:
        self._begun = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime

    def read(self) -> tuple[float, float]:
        """Python's and git's milliseconds a commit."""
        own, children = self._now()
        return (
            (own - self._begun[0]) * 1000 / COMMITS,
            (children - self._begun[1]) * 1000 / COMMITS,
        )


def peak() -> float:
    """Megabytes of the larger of this process and its children."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) / 1024


def commit_ours(place: Path, kept: Path, way: str, streams: Path) -> dict[str, object]:
    """Commit through the archive.

    `way` is "record" (write the stream down), "ready" (files made beforehand) or "whole".
    """
    from archive import checkout, plumbing, trees
    from archive.files import to_files
    from archive.repository import Archive, Repository
    from archive.writer import Writer

    sent: list[bytes] = []

    def recorded(*parts: object, **more: object) -> bytes:
        sent.append(made_stream(*parts, **more))
        return sent[-1]

    made_stream: Callable[..., bytes] = plumbing.commit_stream
    to_commit = list(events(kept))
    files = {e.document.original: to_files(e.document) for e in to_commit}  # type: ignore[attr-defined]
    archive = Archive(place, clock=lambda: MOMENT)
    repository = archive.repository("990101")
    finish = Writer.finish
    spent: list[tuple[float, float]] = []

    def finished(writer: Writer) -> None:
        finish(writer)
        spent.append(meter.read())

    with mock.patch.multiple(Repository, _tidy=mock.DEFAULT), mock.patch.object(
        checkout, "refresh", return_value=None
    ), mock.patch.object(
        trees, "to_files", to_files if way == "whole" else lambda d: files[d.original]
    ), mock.patch.object(
        plumbing, "commit_stream", recorded if way == "record" else made_stream
    ), mock.patch.object(Writer, "finish", finished):  # fmt: skip
        meter = Meter()
        with repository.writing() as writer:
            for one in to_commit:
                writer.commit(one)  # type: ignore[arg-type]
        tip = repository.tip()
        archive.close()
        run = meter.read()
    if way == "record":
        streams.write_bytes(pickle.dumps(sent))
    python, of_git = spent[0]
    return {
        "ms": python + of_git, "python": python, "git": of_git, "run": sum(run), "mb": peak(),
        "tip": tip, "bytes": sum(sum(map(len, f.values())) for f in files.values()) / COMMITS,
        "files": sum(map(len, files.values())) / COMMITS,
    }  # fmt: skip


def commit_raw(place: Path, streams: Path) -> dict[str, object]:
    """Feed the recorded stream to a fast-import and read each hash back, nothing else."""
    from archive.plumbing import Git

    path = place / "districts" / "990101"
    sent = pickle.loads(streams.read_bytes())  # noqa: S301 - this program has just written it
    settings = [word for word in Git(path).options if word]
    command = ["git", *settings, "-C", str(path), "fast-import", "--quiet", "--done",
               "--depth=0", "--date-format=raw"]  # fmt: skip
    meter = Meter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        tip = b""
        for data in sent:
            process.stdin.write(data)
            process.stdin.flush()
            tip = process.stdout.readline()
        process.stdin.write(b"done\n")
    python, of_git = meter.read()
    return {"ms": python + of_git, "python": python, "git": of_git, "mb": peak(),
            "tip": tip.decode().strip()}  # fmt: skip


def note(folder: Path) -> dict[str, object]:
    """The ledger's two rows a commit, intent and done, each on the disk before the next step."""
    from archive.ledger import Intent, Ledger, Made
    from archive.model import ChangeKind

    ledger = Ledger(folder / "ledger", lambda: MOMENT)
    kind, sha256, document = (
        ChangeKind.REVISION,
        "e" * 64,
        "990101/990101.001/department/2024/final",
    )
    meter = Meter()
    for number in range(COMMITS):
        commit = f"{number:040x}"
        ledger.append(Intent("", document, sha256, kind, commit))
        ledger.append(Made(at=MOMENT, division="990101", commit=commit, parent=commit, kind=kind,
                           document_id=document, page="", run="run-new"))  # fmt: skip
    python, _ = meter.read()
    return {"ms": python}


def twin(place: Path, target: Path) -> Path:
    """The archive once more: packs shared by hard links, everything that is written to copied."""
    shutil.rmtree(target, ignore_errors=True)

    def copied(source: str, to: str) -> None:
        Path(to).hardlink_to(source) if "/objects/" in source else shutil.copy2(source, to)

    shutil.copytree(place, target, copy_function=copied)
    return target


def compare(place: Path, folder: Path, kept: Path, rounds: int) -> dict[str, float]:
    """The medians of so many rounds on copies of one archive."""
    streams = folder / "streams"
    rows: dict[str, list[dict[str, float]]] = {"whole": [], "ready": [], "raw": []}
    for round_ in range(rounds):
        one("record", twin(place, folder / "twin"), kept, streams)
        order = list(rows)[round_ % 3 :] + list(rows)[: round_ % 3]
        tips = set()
        for way in order:
            progress(f"{place.name}: {way}, round {round_ + 1}")
            found = one(way, twin(place, folder / "twin"), kept, streams)
            tips.add(found["tip"])
            rows[way].append(found)  # type: ignore[arg-type]
        if len(tips) != 1:
            raise RuntimeError(f"the ways end at unlike commits: {tips}")
    shutil.rmtree(folder / "twin")

    def middle(way: str, what: str) -> float:
        return statistics.median(row[what] for row in rows[way])

    ratios = [o["ms"] / r["ms"] for o, r in zip(rows["ready"], rows["raw"], strict=True)]
    return {
        "whole": middle("whole", "ms"),
        "ready": middle("ready", "ms"),
        "python": middle("ready", "python"),
        "run": middle("ready", "run"),
        "raw": middle("raw", "ms"),
        "raw python": middle("raw", "python"),
        "ratio": statistics.median(ratios),
        "mb": max(row["mb"] for way in rows for row in rows[way]),
        "files": middle("ready", "files"),
        "bytes": middle("ready", "bytes"),
    }


def one(way: str, place: Path, kept: Path, streams: Path) -> dict[str, object]:
    """One measurement in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.committing", "--one", way, str(place),
         str(kept), str(streams)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def measure(root: Path, folder: Path, documents: int, rounds: int) -> None:
    """The table over archives of growing size."""
    sizes = [size for size in (0, 1_000, 20_000) if size < documents]
    places = [*copies(root, folder / "sizes", sizes, documents), root]
    table(dict(zip([*sizes, documents], places, strict=True)), folder, rounds)


def table(places: dict[int, Path], folder: Path, rounds: int) -> None:
    """Print what a commit costs on each archive, and how that grows."""
    kept = folder / "documents.json"
    keep_documents(kept)
    found: dict[int, dict[str, float]] = {}
    for size, place in places.items():
        settle(place)
        found[size] = row = compare(place, folder, kept, rounds)
        if len(found) == 1:
            print(f"\na version: {row['files']:.1f} files, {row['bytes'] / 1000:.0f} kB")
            print(
                "documents | whole | files ready (Python) | raw (Python) | ratio | whole run, ready"
                " | peak MB"
            )
        print(
            f"{size:>9,} | {row['whole']:.2f} | {row['ready']:.2f} ({row['python']:.2f}) |"
            f" {row['raw']:.2f} ({row['raw python']:.2f}) | {row['ratio']:.2f} | {row['run']:.2f} |"
            f" {row['mb']:.0f}",
            flush=True,
        )
    for way in ("ready", "raw"):
        print(f"exponent, {way}: {exponent({s: f[way] for s, f in found.items() if s}):.3f}")
    rows = one("note", folder, kept, kept)
    print(f"the ledger's two rows a commit, not in the above: {rows['ms']:.2f} ms")


def exponent(cost: dict[int, float]) -> float:
    """The slope of the straight line through the logarithms."""
    if len(cost) < 2:
        return math.nan
    xs, ys = [math.log(size) for size in cost], [math.log(ms) for ms in cost.values()]
    return statistics.linear_regression(xs, ys).slope


def settle(place: Path) -> None:
    """As after any run: the index caught up, the packs joined."""
    from archive.repository import Archive

    archive = Archive(place)
    archive.repository("990101").index()
    archive.close()
    git(place / "districts" / "990101", "repack", "-d", "-q", "--geometric=2")


def main() -> None:
    """Run all of it, or one measurement for a parent process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=4, metavar=("WAY", "FOLDER", "DOCUMENTS", "STREAMS"))
    arguments = parser.parse_args()
    if arguments.one:
        way, *places = arguments.one
        place, kept, streams = map(Path, places)
        if way == "raw":
            result = commit_raw(place, streams)
        elif way == "note":
            result = note(place)
        else:
            result = commit_ours(place, kept, way, streams)
        print(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        took = timed(lambda: build(folder / "whole", arguments.documents))
        print(f"built {arguments.documents:,} documents, a commit each, in {took:.0f} s")
        measure(folder / "whole", folder, arguments.documents, arguments.rounds)


if __name__ == "__main__":
    main()
