"""A simulated archive of any size: districts, agencies, years, with revisions; from a seed.

    python -m benchmarks.simulation FOLDER [--documents 10000] [--processes 2]

The repositories are such as the product writes: its own files, messages, trailers and folders, a
commit an event. They come by one `git fast-import` a district, without the checkpoint a commit that
a harvest makes. Originals, ledger and checked-out copies are left out; `benchmarks.scaling` says
what those cost. What came into being is FOLDER/mingzhang.toml, so that every command runs on it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import msgspec

from archive.events import Event, message, subject
from archive.model import ChangeKind, Identity, Kind, Level, Source
from archive.paths import document_folder
from archive.plumbing import Git, Signature
from archive.readme import attributes, readme
from archive.repository import Archive
from archive.trees import changes
from benchmarks import publications

DEPARTMENTS, UNITS = 63, 335
"""Of one Shanghai district: 398 agencies, two documents each a year."""
FIRST_YEAR = 2016
DAYS = 10
"""A year's documents of one kind come on so many days: so many runs."""
REVISIONS = {
    ChangeKind.REVISION: 0.02,
    ChangeKind.CORRECTION: 0.005,
    ChangeKind.BYTES_ONLY: 0.01,
}
"""Share of documents that later get another version of this kind."""


_NAMES = (
    *28 * ("{place}第{number:03d}局",),
    *8 * ("{place}第{number:03d}街道办事处",),
    *8 * ("中共{place}委员会第{number:03d}办公室",),
    *7 * ("{place}第{number:03d}红十字会",),
    *3 * ("{place}第{number:03d}服务中心",),
    *2 * ("{place}第{number:03d}镇人民政府",),
    *11 * ("{place}第{number:03d}馆",),
)
"""How departments are called, by kinds in the shares of the 67 of 普陀区 in Shanghai (the packaged
register); those of the last line are of no kind."""
_STRIDE = 37
"""Kinds follow each other in no order."""


class Plan(NamedTuple):
    """What one district is to hold."""

    root: str
    division: str
    years: int
    departments: int = DEPARTMENTS
    units: int = UNITS
    first_year: int = FIRST_YEAR

    @property
    def documents(self) -> int:
        """How many documents that is."""
        return (self.departments + self.units) * 2 * self.years


def plans(root: Path, documents: int, years: int = 5) -> list[Plan]:
    """As many districts as so many documents fill; the last one may be smaller."""
    found = []
    left = documents
    while left > 0:
        plan = Plan(str(root), f"99{len(found) + 1:04d}", years)
        agencies = min(DEPARTMENTS + UNITS, -(-left // (2 * years)))
        departments = max(1, agencies * DEPARTMENTS // (DEPARTMENTS + UNITS))
        found.append(plan._replace(departments=departments, units=agencies - departments))
        left -= found[-1].documents
    return found


class Agency(NamedTuple):
    """An agency of a simulated district."""

    id: str
    name: str
    level: Level


def agencies(plan: Plan) -> Iterator[Agency]:
    """Departments, then units; every one with a name of its own."""
    place = f"样区{plan.division[2:]}"
    for number in range(1, plan.departments + 1):
        name = _NAMES[number * _STRIDE % len(_NAMES)].format(place=place, number=number)
        yield Agency(f"{plan.division}.{number:03d}", name, Level.DEPARTMENT)
    for number in range(plan.units):
        department, unit = number % plan.departments + 1, number // plan.departments + 1
        id_ = f"{plan.division}.{department:03d}.{unit:03d}"
        yield Agency(id_, f"{place}第{department:03d}局第{unit:02d}中心", Level.UNIT)


def events(plan: Plan) -> Iterator[tuple[Event, datetime]]:
    """Every event of a district in the order it was seen, with the moment."""
    known = list(agencies(plan))
    draw = random.Random(plan.division)  # noqa: S311 - a corpus to measure with, no secret
    for year in range(plan.first_year, plan.first_year + plan.years):
        for kind in Kind:
            published = date(year, 2, 7) if kind is Kind.BUDGET else date(year + 1, 8, 26)
            later: list[tuple[Event, datetime]] = []
            for number, agency in enumerate(known):
                day = number % DAYS
                on = published + timedelta(days=day)
                run = f"{on:%Y%m%d}-{plan.division[:2]}"
                seen = datetime(on.year, on.month, on.day, 3, 30, tzinfo=UTC)
                seen += timedelta(seconds=number)
                first = _event(plan, agency, year, kind, on, seen, run)
                yield first, seen
                for change, share in REVISIONS.items():
                    if draw.random() < share:
                        moment = seen + timedelta(days=20 + day)
                        again = f"{moment:%Y%m%d}-{plan.division[:2]}"
                        later.append(
                            (_event(plan, agency, year, kind, on, moment, again, change), moment)
                        )
            yield from later


def _event(
    plan: Plan,
    agency: Agency,
    year: int,
    kind: Kind,
    on: date,
    seen: datetime,
    run: str,
    change: ChangeKind = ChangeKind.FIRST,
) -> Event:
    identity = Identity(plan.division, agency.id, agency.level, year, kind)
    mark = list(ChangeKind).index(change)
    sha256 = hashlib.sha256(f"{identity.document_id} {mark}".encode()).hexdigest()
    salt = mark if change in (ChangeKind.REVISION, ChangeKind.CORRECTION) else 0
    found = publications.document(agency.id, agency.name, agency.level, year, kind, sha256, salt)
    page = f"https://www.{plan.division}.example.gov.cn/{year}/{kind}/{agency.id}"
    return Event(
        kind=change,
        identity=identity,
        document=found,
        originals=(sha256,),
        source=Source(f"{page}.pdf", f"{page}.html", published=on, observed=seen),
        run=run,
        subject=subject(change, agency.name, identity),
        agency_name=agency.name,
    )


def build(plan: Plan) -> int:
    """Write one district's repository; returns how many commits it has."""
    archive = Archive(Path(plan.root) / "archive")
    repository = archive.repository(plan.division, create=True, title=f"样例市样区{plan.division}")
    if repository.tip():  # of an earlier run that was cut off
        return repository.index().counts()["commits"]
    command = ["git", *Git(repository.path).options, "-c", "core.fsync=none"]
    command += ["-C", str(repository.path), "fast-import", "--quiet", "--done", "--depth=0",
                "--date-format=raw"]  # fmt: skip
    signature, noted, count = Signature(), set[str](), 1
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        if process.stdin is None:
            raise RuntimeError("no pipe")
        beginning = datetime(plan.first_year, 1, 1, tzinfo=UTC)
        files = {"README.md": readme(repository.title(), plan.division)}
        files[".gitattributes"] = attributes()
        line = signature.line(beginning)
        process.stdin.write(_commit("开始收录\n".encode(), line, [], files))
        for event, seen in events(plan):
            name = event.agency_name
            removed, files = changes(event, document_folder(name, event.identity))
            if name not in noted:
                noted.add(name)
                bearer = msgspec.json.encode({"id": event.identity.agency, "name": name})
                level = event.identity.level.encode()
                files[f"{name}/agency.json"] = b'{\n "%s": %s\n}\n' % (level, bearer)
            process.stdin.write(_commit(message(event), signature.line(seen), removed, files))
            count += 1
        process.stdin.write(b"done\n")
    if process.returncode:
        raise RuntimeError(f"git fast-import ended with status {process.returncode}")
    archive.close()
    return count


def _commit(text: bytes, line: bytes, removed: list[str], files: dict[str, bytes]) -> bytes:
    parts = [b"commit refs/heads/main\nauthor %s\ncommitter %s\n" % (line, line)]
    parts.append(b"data %d\n%s\n" % (len(text), text))
    parts += [b"D %s\n" % path.encode() for path in removed]
    for path, data in sorted(files.items()):
        parts += (b"M 100644 inline %s\ndata %d\n" % (path.encode(), len(data)), data, b"\n")
    return b"".join(parts)


def settings(root: Path, all_: list[Plan]) -> Path:
    """A settings file and a register for the simulated archive; returns the settings' path."""
    folder = root / "register"
    (folder / "agencies").mkdir(parents=True, exist_ok=True)
    with (folder / "divisions.toml").open("w", encoding="utf-8") as file:
        for plan in all_:
            file.write(
                f'[[division]]\ncode = "{plan.division}"\nname = "样区{plan.division[2:]}"\n'
                'province = "样例省"\ncity = "样例市"\n\n'
            )
    for plan in all_:
        units: dict[str, list[Agency]] = {}
        for agency in agencies(plan):
            units.setdefault(agency.id[:10], []).append(agency)
        with (folder / "agencies" / f"{plan.division}.toml").open("w", encoding="utf-8") as file:
            file.write(f'division = "{plan.division}"\n')
            for department, *own in units.values():
                listed = ", ".join(f'{{ id = "{u.id}", name = "{u.name}" }}' for u in own)
                file.write(
                    f'\n[[department]]\nid = "{department.id}"\nname = "{department.name}"\n'
                    f"units = [{listed}]\n"
                )
    path = root / "mingzhang.toml"
    path.write_text('[archive]\npath = "archive"\nregister = ["register"]\n', encoding="utf-8")
    return path


def simulate(root: Path, documents: int, years: int = 5, processes: int = 2) -> list[Plan]:
    """The whole archive; returns what each district holds."""
    root.mkdir(parents=True, exist_ok=True)
    all_ = plans(root, documents, years)
    settings(root, all_)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for plan, commits in zip(all_, pool.map(build, all_), strict=True):
            print(f"{plan.division}: {plan.documents} documents, {commits} commits", flush=True)
    return all_


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Build one and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    begun = time.perf_counter()
    build_all = partial(simulate, arguments.folder, arguments.documents, arguments.years)
    found = build_all(arguments.processes)
    seconds = time.perf_counter() - begun
    count = sum(plan.documents for plan in found)
    bytes_ = size_of(arguments.folder / "archive" / "districts")
    print(
        f"{count:,} documents in {len(found)} districts: {seconds:.0f} s on the clock,"
        f" {bytes_ / 1e6:.0f} MB in git, {bytes_ / count / 1000:.1f} kB a document"
    )


if __name__ == "__main__":
    main()
