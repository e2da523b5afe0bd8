"""The archive's costs beside git's own, in one run: committing, asking, verifying.

    python -m benchmarks.archive [--documents 100000] [--rounds 3]

A synthetic district is built once: so many documents, a commit each. How committing is measured on
copies of 0, 1,000, 20,000 … documents says `benchmarks.committing`.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.model import Identity

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
AGENCIES = 450


def identity(number: int) -> Identity:
    """Which document that number is."""
    from archive.model import Identity, Kind, Level

    agency, rest = number % AGENCIES, number // AGENCIES
    kind = Kind.FINAL if rest % 2 else Kind.BUDGET
    return Identity("990101", f"990101.{agency:03d}", Level.DEPARTMENT, 1990 + rest // 2, kind)


_MESSAGE = """\
收录 {name} {year}年部门{word}

Change-Kind: first
Document-Id: 990101/990101.{agency:03d}/department/{year}/{kind}
Source-Url: https://www.example.gov.cn/{number}.pdf
Source-Page: https://www.example.gov.cn/{number}.html
Original-Sha256: {sha256}
Published: {published}
Observed: {observed}
Http-Status: 200
Extractor: synthetic/1
Run-Id: run-{run}
"""


def plain(number: int, mark: int) -> tuple[bytes, int]:
    """A small first version, in as few steps as will do for so many."""
    agency, rest = number % AGENCIES, number // AGENCIES
    name, year, final = f"江城区第{agency:03d}局", 1990 + rest // 2, rest % 2
    word, kind = ("决算", "final") if final else ("预算", "budget")
    sha256 = f"{number:x}".rjust(64, "0")
    at = BEGINNING + timedelta(seconds=number)
    text = _MESSAGE.format(
        name=name,
        year=year,
        word=word,
        agency=agency,
        kind=kind,
        number=number,
        sha256=sha256,
        published=date(2025, 1, 1) + timedelta(days=number % 365),
        observed=at.isoformat(),
        run=number // 500,
    ).encode()
    folder = f"{name}/{year}年/部门{word}"
    files = {
        f"{folder}/document.json": f'{{\n "original": "{sha256}"\n}}\n',
        f"{folder}/prose.md": f"第{number}号文件。\n",
        f"{folder}/statements/01-收支总表.csv": f"科目编码,合计\n201,{number}.00\n",
        f"{name}/agency.json": (
            f'{{\n "department": {{"id":"990101.{agency:03d}","name":"{name}"}}\n}}\n'
        ),
    }
    if rest:
        del files[f"{name}/agency.json"]
    parts, changed = [], []
    for path, content in files.items():
        mark += 1
        data = content.encode()
        parts.append(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(data), data))
        changed.append(b"M 100644 :%d %s\n" % (mark, path.encode()))
    mark += 1
    who = b"x <x@x> %d +0000" % int(at.timestamp())
    head = b"commit refs/heads/main\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s\n" % (
        mark,
        who,
        who,
        len(text),
        text,
    )
    return b"".join((*parts, head, *changed, b"\n")), mark


def build(root: Path, documents: int) -> None:
    """The whole synthetic district, by one fast-import; README first, as the archive does it."""
    from archive.repository import Archive

    repository = Archive(root).repository("990101", create=True, title="江城区")
    command = ["git", "-C", str(repository.path), "fast-import", "--quiet", "--depth=0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        if process.stdin is None:
            raise RuntimeError("no pipe")
        mark = 0
        for number in range(documents):
            data, mark = plain(number, mark)
            process.stdin.write(data)
            if number % 1000 == 0:
                progress(f"building {number} of {documents}")
    git(repository.path, "commit-graph", "write", "--reachable", "--changed-paths")


def copies(root: Path, folder: Path, sizes: list[int], documents: int) -> Iterator[Path]:
    """For each size an archive of so many documents, as a clone of the large one."""
    whole = root / "districts" / "990101"
    for size in sizes:
        target = folder / str(size) / "districts" / "990101"
        target.parent.mkdir(parents=True)
        if size == 0:
            git(folder, "init", "-q", "-b", "main", str(target))
        else:
            git(whole, "branch", "-f", f"at-{size}", f"main~{documents - size}")
            git(folder, "clone", "-q", "-n", "--no-local", "--single-branch", "--branch",
                f"at-{size}", str(whole), str(target))  # fmt: skip
            git(target, "branch", "-q", "-m", "main")
        git(target, "config", "mingzhang.division", "990101")
        yield folder / str(size)


def asking(root: Path, folder: Path) -> None:
    """The index made anew, and what is asked of it, beside git's own log."""
    from archive.index import Index
    from archive.plumbing import Git
    from archive.repository import Archive

    path = root / "districts" / "990101"
    commands = Git(path)
    commands.bind()
    index = Index(commands, folder / "index.sqlite")
    own, of_git = processor()
    seconds = timed(index.catch_up)
    commits = index.counts()["commits"]
    own, of_git = (after - before for after, before in zip(processor(), (own, of_git), strict=True))
    print(
        f"\nindex of {commits:,} commits: {seconds:.1f} s on the clock;"
        f" processor: Python {own:.1f}, git {of_git:.1f}"
    )
    one = identity(7)
    place = f"江城区第007局/{one.year}年/部门预算/document.json"
    repository = Archive(root).repository("990101")
    moments = [BEGINNING + timedelta(seconds=500 * number) for number in range(1, 201)]
    repository.as_of(place, moments[0])
    each = statistics.median(
        [timed(partial(repository.as_of, place, moment)) for moment in moments]
    )
    held = repository.as_of(place, moments[0])
    print(f"as-of of a path, once open: {each * 1000:.3f} ms ({held.blob[:10] if held else ''})")
    took = statistics.median([timed(lambda: index.entries(one.document_id)) for _ in range(20)])
    print(f"history of a document: {took * 1000:.2f} ms")
    found = index.events(agencies=[one.agency])
    took = statistics.median(
        [timed(lambda: index.events(agencies=[one.agency])) for _ in range(20)]
    )
    print(f"history of an agency ({len(found)} events): {took * 1000:.1f} ms")
    repository.close()
    log = ["git", "-C", str(path), "log", "--format=%H", "main", "--", place]
    took = timed(lambda: subprocess.run(log, check=True, capture_output=True))
    print(f"peer: git log of one path, with commit-graph and filters: {took * 1000:.0f} ms")
    without = [*log[:1], "-c", "core.commitGraph=false", *log[1:]]
    took = timed(lambda: subprocess.run(without, check=True, capture_output=True))
    print(f"peer: the same without commit-graph: {took * 1000:.0f} ms")
    index.close()
    commands.clear_cache()


def quiet_run(folder: Path, documents: int = 10_000) -> None:
    """A run in which every document is as it was."""
    from archive import register
    from archive.intake import Intake
    from archive.model import Source
    from archive.repository import Archive

    archive = Archive(folder / "quiet")
    known = register.load()
    sources = [Source(url=f"https://www.example.gov.cn/{n}.pdf") for n in range(documents)]

    def run(name: str) -> None:
        intake = Intake(archive, known, name, reader=unreadable, extractor="synthetic/1")
        for number, source in enumerate(sources):
            intake.offer(b"%PDF-" + str(number).encode() * 400, source)
        intake.process()

    run("first")
    before = sum(processor())
    wall = timed(lambda: run("second"))
    spent = sum(processor()) - before
    rows, _ = archive.ledger.head()
    print(f"\nquiet run over {documents:,} documents: {spent:.1f} s processor, {wall:.1f} s wall")
    print(f"  each one hashed and noted durably; the ledger has {rows:,} rows")


def unreadable(_path: Path) -> object:
    """Nothing is read here: what is measured is that nothing has to be."""
    from archive.text import Unreadable

    raise Unreadable("synthetic", "not read")


def verifying(folder: Path, root: Path, megabytes: int = 500) -> None:
    """`verify --quick` of originals and of the history, beside sha256 and fsck alone."""
    import hashlib
    import random

    from archive import audit
    from archive.originals import Originals
    from archive.repository import Archive

    place = folder / "verified"
    originals = Originals(place / "originals")
    draw = random.Random(1)  # noqa: S311 - bytes to hash, no secret
    files = [originals.path(originals.put(draw.randbytes(1_000_000))) for _ in range(megabytes)]
    archive = Archive(place)
    whole = timed(lambda: audit.verify(archive, quick=True))
    bare = timed(lambda: [hashlib.sha256(path.read_bytes()).digest() for path in files])
    print(
        f"\nverify of {megabytes} MB of originals: {whole:.2f} s ({whole * 1000 / megabytes:.1f} s"
        f" a GB); sha256 alone {bare:.2f} s"
    )
    path = root / "districts" / "990101"
    fsck = timed(lambda: git(path, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"))
    clone = timed(lambda: audit.verify_clone(path))
    size = sum(file.stat().st_size for file in path.rglob("*.pack")) / 1e6
    print(
        f"verify of the history alone ({size:.0f} MB): {clone:.1f} s; git fsck alone {fsck:.1f} s"
    )


def processor() -> tuple[float, float]:
    """Processor seconds of this process, and of the children it has waited for."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = (resource.getrusage(who) for who in whose)
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


def timed(work: object) -> float:
    """Seconds on the clock."""
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def git(folder: Path, *arguments: str) -> None:
    """Plain git."""
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def progress(text: str) -> None:
    """A line on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="", file=sys.stderr)


def main() -> None:
    """Run all of it."""
    from benchmarks.committing import measure

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "whole"
        took = timed(lambda: build(root, arguments.documents))
        print(f"built {arguments.documents:,} documents, a commit each, in {took:.0f} s")
        asking(root, folder)
        measure(root, folder, arguments.documents, arguments.rounds)
        sizes = folder / "sizes"
        verifying(folder, max(sizes.iterdir(), key=lambda place: int(place.name)))
        quiet_run(folder)


if __name__ == "__main__":
    main()
