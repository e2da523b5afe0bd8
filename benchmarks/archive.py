"""The archive's costs beside git's own, in one run: committing, asking, verifying.

    python -m benchmarks.archive [--documents 100000] [--rounds 3]

A synthetic district is built once: so many documents, a commit each. Committing is measured on
copies of 0, 1,000, 20,000 … documents, each round in a fresh process, against a raw
`git fast-import --depth=0` that is fed the same bytes with the same settings and a checkpoint a
commit. Processor time counts Python and every git process. The median round counts.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest import mock

COMMITS = 200
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
AGENCIES = 450
ROWS = 40


def event(number: int, revision: str = "") -> object:
    """A document of three statements, as an event; the number says which it is."""
    from archive.events import Event, subject
    from archive.model import (
        Amount,
        ChangeKind,
        Column,
        Document,
        Facts,
        Identity,
        Kind,
        Level,
        LineItem,
        Paragraph,
        Source,
        Statement,
        Unit,
    )

    agency, rest = number % AGENCIES, number // AGENCIES
    identity = Identity(
        "990101",
        f"990101.{agency:03d}",
        Level.DEPARTMENT,
        1990 + rest // 2,
        list(Kind)[rest % 2],
    )
    items = tuple(
        LineItem(
            f"科目{row}",
            f"20{row:05d}",
            amounts={"合计": Amount(f"{number + row}.{row:02d}", Decimal(number + row))},
            page=3,
            row=row,
        )
        for row in range(ROWS)
    )
    statements = tuple(
        Statement(form, form, Unit.WAN, (3,), (Column("合计", "合计"),), items)
        for form in ("final.total", "final.income", "final.expenditure")
    )
    sha256 = f"{number:x}{revision}".rjust(64, "0")
    document = Document(
        sha256,
        "application/pdf",
        "synthetic/1",
        9,
        Facts(),
        statements,
        prose=(Paragraph(1, f"第{number}号文件{revision}。" * 20),),
    )
    name = f"江城区第{agency:03d}局"
    kind = ChangeKind.REVISION if revision else ChangeKind.FIRST
    return Event(
        kind=kind,
        identity=identity,
        document=document,
        originals=(sha256,),
        source=Source(
            url=f"https://www.example.gov.cn/{number}.pdf",
            page_url=f"https://www.example.gov.cn/{number}.html",
            published=date(2025, 1, 1) + timedelta(days=number % 365),
            observed=BEGINNING + timedelta(seconds=number),
        ),
        run=f"run-{number // 500}",
        subject=subject(kind, name, identity),
        agency_name=name,
    )


def stream(number: int, revision: str, mark: int, parent: str = "") -> tuple[bytes, int]:
    """The same event as fast-import reads it; returns the last mark used too."""
    import msgspec

    from archive.events import message
    from archive.paths import document_folder
    from archive.trees import changes

    one = event(number, revision)
    agency = one.agency_name  # type: ignore[attr-defined]
    removed, files = changes(one, document_folder(agency, one.identity))  # type: ignore[arg-type, attr-defined]
    note = {"department": {"id": one.identity.agency, "name": agency}}  # type: ignore[attr-defined]
    if not revision:
        files[f"{agency}/agency.json"] = msgspec.json.encode(note) + b"\n"
    parts, changed = [], [b"D %s\n" % path.encode() for path in removed if revision]
    for path, data in sorted(files.items()):
        mark += 1
        parts.append(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(data), data))
        changed.append(b"M 100644 :%d %s\n" % (mark, path.encode()))
    mark += 1
    text = message(one)  # type: ignore[arg-type]
    at = int((BEGINNING + timedelta(seconds=number)).timestamp())
    who = b"x <x@x> %d +0000" % at
    head = b"commit refs/heads/main\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s\n" % (
        mark,
        who,
        who,
        len(text),
        text,
    )
    start = b"from %s\n" % parent.encode() if parent else b""
    return b"".join((*parts, head, start, *changed, b"\n")), mark


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
    """A first version as `event` has it, in as few steps as will do for so many."""
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


def commit_ours(root: Path, round_: int, ready: bool) -> dict[str, float]:
    """Commit through the archive; with `ready` the files of a document are made beforehand."""
    from archive import checkout, trees
    from archive.files import to_files
    from archive.repository import Archive, Repository

    events = [event(n, f"a{round_}") for n in range(COMMITS)]
    files = {e.document.original: to_files(e.document) for e in events}  # type: ignore[attr-defined]
    archive = Archive(root)
    repository = archive.repository("990101")
    repository.index()
    archive.close()
    git(repository.path, "repack", "-d", "-q", "--geometric=2")
    earlier = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = (lambda document: files[document.original]) if ready else to_files
    with (
        mock.patch.object(trees, "to_files", made),
        mock.patch.object(checkout, "refresh", return_value=None),
        mock.patch.object(Repository, "_tidy", return_value=None),
    ):
        begun = resource.getrusage(resource.RUSAGE_SELF)
        with repository.writing() as writer:
            for one in events:
                writer.commit(one)  # type: ignore[arg-type]
            ended = resource.getrusage(resource.RUSAGE_SELF)
    archive.close()
    return measured(begun, ended, earlier)


def commit_raw(root: Path, round_: int) -> dict[str, float]:
    """The same bytes into a fast-import, a checkpoint a commit, and nothing else."""
    from archive.plumbing import Git

    path = root / "districts" / "990101"
    settings = [word for word in Git(path).options if word]
    found = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "-q", "--verify", "main"],
        capture_output=True,
        text=True,
        check=False,
    )
    parent = found.stdout.strip()
    streams, mark = [], 0
    for number in range(COMMITS):
        data, mark = stream(number, f"b{round_}", mark, parent if number == 0 else "")
        streams.append((data, mark))
    command = ["git", *settings, "-C", str(path), "fast-import", "--quiet", "--done", "--depth=0"]
    git(path, "repack", "-d", "-q", "--geometric=2")
    earlier = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = resource.getrusage(resource.RUSAGE_SELF)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        for data, mark in streams:
            process.stdin.write(data + b"checkpoint\nget-mark :%d\n" % mark)
            process.stdin.flush()
            process.stdout.readline()
        process.stdin.write(b"done\n")
        ended = resource.getrusage(resource.RUSAGE_SELF)
    return measured(begun, ended, earlier)


def measured(
    begun: resource.struct_rusage, ended: resource.struct_rusage, earlier: resource.struct_rusage
) -> dict[str, float]:
    """Processor milliseconds a commit, of Python and of git, and peak megabytes."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    python = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    git_ = children.ru_utime + children.ru_stime - earlier.ru_utime - earlier.ru_stime
    peak = max(ended.ru_maxrss, children.ru_maxrss) / 1024
    return {
        "ms": (python + git_) * 1000 / COMMITS,
        "python": python * 1000 / COMMITS,
        "git": git_ * 1000 / COMMITS,
        "mb": peak,
    }


def committing(folder: Path, root: Path, documents: int, rounds: int) -> Path:
    """The table of commits: ours, ours with files ready, raw; and how they grow.

    Returns the largest of the copies.
    """
    sizes = [size for size in (0, 1_000, 20_000) if size < documents]
    places = list(copies(root, folder, sizes, documents))
    ready: dict[int, float] = {}
    print("\ndocuments | ours ms | files ready ms | raw ms | ready/raw | peak MB")
    for size, place in zip([*sizes, documents], [*places, root], strict=True):
        found: dict[str, list[dict[str, float]]] = {"ours": [], "ready": [], "raw": []}
        for round_ in range(rounds):
            for way, rows in found.items():
                progress(f"committing into {size}: {way}, round {round_ + 1}")
                done = subprocess.run(
                    [sys.executable, "-m", "benchmarks.archive", "--one", way, str(place),
                     str(round_)],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                rows.append(json.loads(done.stdout))
        ms = {way: statistics.median(r["ms"] for r in rows) for way, rows in found.items()}
        peak = max(r["mb"] for way in ("ours", "ready") for r in found[way])
        ratio = statistics.median(
            one["ms"] / other["ms"] for one, other in zip(found["ready"], found["raw"], strict=True)
        )
        ready[size] = ms["ready"]
        split = [
            f"{statistics.median(r[part] for r in found[way]):.2f}"
            for way in ("ready", "raw")
            for part in ("python", "git")
        ]
        progress(f"{size}: ready python, git, raw python, git: {' '.join(split)}\n")
        print(
            f"{size:>9,} | {ms['ours']:.2f} | {ms['ready']:.2f} | {ms['raw']:.2f} |"
            f" {ratio:.2f} | {peak:.0f}"
        )
    grown = [size for size in ready if size]
    if len(grown) > 1:
        low, high = grown[0], grown[-1]
        exponent = math.log(ready[high] / ready[low]) / math.log(high / low)
        print(f"exponent from {low:,} to {high:,} documents: {exponent:.3f}")
    return places[-1]


def asking(root: Path, folder: Path) -> None:
    """The index made anew, and what is asked of it, beside git's own log."""
    from archive.index import Index
    from archive.plumbing import Git
    from archive.repository import Archive

    path = root / "districts" / "990101"
    commands = Git(path)
    commands.bind()
    index = Index(commands, folder / "index.sqlite")
    before = resource.getrusage(resource.RUSAGE_SELF)
    seconds = timed(index.catch_up)
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    commits = index.counts()["commits"]
    print(f"\nindex of {commits:,} commits: {seconds:.1f} s, {spent:.1f} s of it Python")
    one = event(7)
    place = f"{one.agency_name}/{one.identity.year}年/部门预算/document.json"  # type: ignore[attr-defined]
    repository = Archive(root).repository("990101")
    moments = [BEGINNING + timedelta(days=day) for day in range(300, 500)]
    repository.as_of(place, moments[0])
    each = timed(lambda: [repository.as_of(place, moment) for moment in moments]) / len(moments)
    held = repository.as_of(place, moments[0])
    print(f"as-of of a path, once open: {each * 1000:.3f} ms ({held.blob[:10] if held else ''})")
    document = one.identity.document_id  # type: ignore[attr-defined]
    print(f"history of a document: {timed(lambda: index.entries(document)) * 1000:.2f} ms")
    agency = one.identity.agency  # type: ignore[attr-defined]
    found = index.events(agencies=[agency])
    took = timed(lambda: index.events(agencies=[agency]))
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
    before = resource.getrusage(resource.RUSAGE_SELF)
    wall = timed(lambda: run("second"))
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
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
    """Run all of it, or one measurement for a parent process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=3, metavar=("WAY", "FOLDER", "ROUND"))
    arguments = parser.parse_args()
    if arguments.one:
        way, place, round_ = arguments.one
        root = Path(place)
        number = int(round_)
        if way == "raw":
            result = commit_raw(root, number)
        else:
            result = commit_ours(root, number + (0 if way == "ours" else 10), way == "ready")
        print(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "whole"
        took = timed(lambda: build(root, arguments.documents))
        print(f"built {arguments.documents:,} documents, a commit each, in {took:.0f} s")
        asking(root, folder)
        small = committing(folder / "sizes", root, arguments.documents, arguments.rounds)
        verifying(folder, small)
        quiet_run(folder)


if __name__ == "__main__":
    main()
