"""SIGKILL at random points of a real sequence: every kind of event, told again and again.

`python -m tests.archive.killing FOLDER SEED KILLS`. A point is a call of any Python or C function:
the sequence counts them and kills itself at one that was drawn, alone or with the git processes
it has started. Nothing waits for a clock, and a seed draws the same points again.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from archive import audit
from archive.absences import Absences
from archive.ledger import run_id
from archive.model import Source
from archive.rereading import Rereading
from tests.archive import storing
from tests.archive.storing import BEGINNING, PLANNING, Workshop, known, paper, seen

KILLS_A_STORY = 8
A, B = "https://czj.example/a", "https://czj.example/b"
SECOND = {"url": f"{B}.pdf", "page": f"{B}.html", "title": "", "filename": "b.pdf"}
CORRECTED = seen(f"{A}2.pdf", f"{A}2.html", "上海市普陀区财政局2024年度部门决算（更正）")


def planning(figure: str) -> tuple[bytes, Source]:
    return paper({"行政运行": figure}, agency=PLANNING), seen(**SECOND)


def missed(workshop: Workshop) -> None:
    Absences(workshop.archive.ledger, "crawl", workshop.clock).absent(SECOND["page"], "putuo")
    workshop.run()


def entered(workshop: Workshop) -> None:
    intake = workshop.intake()
    where = Source(url="file:old.pdf", filename="old.pdf", status=0, published=date(2025, 8, 1))
    intake.offer(paper({"行政运行": "0.50"}), where, backfill=True)
    intake.process()


def reread(workshop: Workshop) -> None:
    def better(path: Path) -> Any:
        document = storing.read(path.read_bytes(), "fake/2")
        return replace(document, pages=document.pages + 1)

    run = run_id(workshop.clock())
    again = Rereading(
        workshop.archive, known(), run, workshop.clock, reader=better, extractor="fake/2"
    )
    list(again.run())


CHAPTERS: tuple[Callable[[Workshop], Any], ...] = (
    lambda w: w.run((paper({"行政运行": "1.00"}), seen()), planning("7.00")),
    lambda w: w.run((paper({"行政运行": "2.00"}), seen()), planning("7.00")),
    lambda w: w.run((paper({"行政运行": "2.00"}, salt="x"), seen()), planning("8.00")),
    lambda w: w.run(planning("7.00"), (b"<html>", seen(url="https://czj.example/c.pdf"))),
    missed,
    missed,
    lambda w: w.run(planning("7.00")),
    lambda w: w.run((paper({"行政运行": "3.00"}), CORRECTED)),
    missed,
    missed,
    lambda w: w.run(planning("9.00")),
    entered,
    reread,
)
KINDS = {
    "first": 2,
    "revision": 4,
    "bytes-only": 1,
    "withdrawal": 2,
    "return": 2,
    "correction": 1,
    "backfill": 1,
    "re-extraction": 3,
}


def tell(root: Path) -> None:
    """The story from where it was left; what a portal shows does not wait for us."""
    root.mkdir(exist_ok=True)
    mark = root / "chapter"
    begun = int(mark.read_text() or 0) if mark.exists() else 0
    for number in range(begun, len(CHAPTERS)):
        side = root / "chapter.new"
        side.write_text(str(number))
        side.replace(mark)
        workshop = Workshop(root)
        workshop.clock.moment = BEGINNING + timedelta(days=10 * number)
        CHAPTERS[number](workshop)
        workshop.archive.close()
    (root / "ended").touch()


def counted(root: Path, kill_at: int, group: bool) -> int:
    """Tell the story and kill it at the call of this number; returns how many calls it made."""
    calls = itertools.count(1)

    def reach(_frame: Any, event: str, _argument: Any) -> None:
        if event in ("call", "c_call") and next(calls) == kill_at:
            (os.killpg if group else os.kill)(os.getpid(), signal.SIGKILL)

    threading.setprofile(reach)
    sys.setprofile(reach)
    try:
        tell(root)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return next(calls)


def counted_calls(work: Callable[[], Any], kill_at: int) -> int:
    """Do it and kill this process at the call of this number; returns how many calls it made."""
    calls = itertools.count(1)

    def reach(_frame: Any, event: str, _argument: Any) -> None:
        if event in ("call", "c_call") and next(calls) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(reach)
    try:
        work()
    finally:
        sys.setprofile(None)
    return next(calls)


def in_child(work: Callable[[], int]) -> int:
    """Run it in a process group of its own; returns what it said, -1 when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        code = 1
        try:
            os.write(writing, str(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return -1
    if status:
        raise AssertionError(f"the story ended with {status}")
    return int(said)


Held = Counter[tuple[str, str, str, tuple[str, ...]]]


def held(root: Path) -> Held:
    """The events the archive holds."""
    if not (root / "districts" / "310107" / ".git").is_dir():
        return Counter()
    workshop = Workshop(root)
    if not workshop.archive.repositories():
        return Counter()
    found = Counter(
        (e.document_id, str(e.kind), str(e.state or ""), e.originals) for e in workshop.history()
    )
    workshop.archive.close()
    return found


def check_sound(root: Path, before: Held, expected: Held) -> Held:
    """Just after a kill: nothing lost, nothing doubled, nothing corrupt."""
    found = held(root)
    assert before <= found, f"lost: {before - found}"
    assert found <= expected, f"doubled or made up: {found - expected}"
    faults = Workshop(root).archive.ledger.verify_chain()
    assert [f for f in faults if f.message != "unfinished line"] == []
    originals = Workshop(root).archive.originals
    for sha256 in originals.names():
        originals.get(sha256)
    if found:
        fsck = ["git", "-C", str(root / "districts" / "310107"), "fsck", "--strict"]
        subprocess.run(fsck, check=True, capture_output=True)
    return found


def check_ended(root: Path, expected: Held) -> None:
    """At the end everything is there once, and the audit finds no fault."""
    assert held(root) == expected
    workshop = Workshop(root)
    ledger = workshop.archive.ledger
    assert (ledger.intents(), ledger.plans()) == ([], [])
    assert ledger.pending("fake/1", known().version) == []
    report = audit.verify(
        workshop.archive, reader=lambda p: storing.read(p.read_bytes()), extractor="fake/1"
    )
    assert report.faults == []
    workshop.archive.close()


def kill_often(folder: Path, seed: int, kills: int) -> int:
    """Kill the story at so many random points; returns how many kills there were."""
    draw = random.Random(seed)
    whole = in_child(lambda: counted(folder / "whole", -1, group=False))
    expected = held(folder / "whole")
    assert Counter(kind for _, kind, _, _ in expected.elements()) == KINDS
    done = 0
    for story in itertools.count():
        root = folder / f"story-{story}"
        before: Held = Counter()
        while not (root / "ended").exists():
            point = draw.randint(1, 2 * whole // KILLS_A_STORY) if done < kills else -1
            group = draw.random() < 0.5
            if in_child(lambda r=root, p=point, g=group: counted(r, p, g)) == -1:  # type: ignore[misc]
                done += 1
                before = check_sound(root, before, expected)
        check_ended(root, expected)
        if done >= kills:
            return done
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(f"{kill_often(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))} kills\n")
