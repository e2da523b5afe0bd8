"""Running a crawl: the locks it needs, the process it runs in, the reports that come back."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from archive.executor import Executor
from archive.ledger import now
from archive.locks import held
from crawler.crawl import Job, groups
from crawler.portals import Portal
from crawler.report import PortalReport, TroubleKind

__all__ = ["crawl", "crawl_all", "locked"]

_GRACE: Final = 60
"""Seconds a crawl gets to end in good order once it is told to."""


@contextlib.contextmanager
def locked(archive: Path, portal: Portal, held_already: set[str] | None = None) -> Iterator[None]:
    """Keep every other harvest from this portal's districts and hosts.

    Raises LockTaken. The hosts are locked too: one request at a time is a promise to each of them,
    whichever district's documents it shows. Two portals of one harvest may share a district or a
    host: `held_already` names what that harvest holds, and learns what is locked here.
    """
    ours = held_already if held_already is not None else set()
    names = [f"district-{division}" for division in sorted(portal.divisions)]
    names += [f"host-{host}" for host in sorted(portal.hosts)]
    with contextlib.ExitStack() as stack:
        for name in names:
            if name in ours:
                continue
            path = archive / "locks" / f"harvest-{re.sub(r'[^a-z0-9.-]', '_', name)}.lock"
            what = f"{portal.slug}: {name.replace('-', ' ', 1)} is being harvested"
            stack.enter_context(held(path, what, now))
        ours.update(names)
        yield


def crawl_all(
    executor: Executor, job: Job, on_progress: Callable[[PortalReport], None]
) -> list[PortalReport]:
    """Run a job wherever the executor has workers, and return the report of every portal in it.

    On this machine one process crawls all hosts side by side. Workers elsewhere take a task each
    group of portals that share a host, write originals and ledger into the archive's folder, which
    they must have under the same path, and are heard of when they are done. A crawl whose worker
    was killed is begun again: what it had seen is in the ledger, and is nothing new then.

    Raises NoExecutor.
    """
    found: dict[str, PortalReport] = {}
    jobs, work = [job], partial(crawl, on_progress=on_progress)
    if executor.spread:
        shares = map(tuple, groups(job.portals))
        jobs = [msgspec.structs.replace(job, portals=share) for share in shares]
        work = partial(crawl)
    for answer in executor.map_unordered(work, jobs, apart=True):
        for report in answer.value or _lost(answer.task, answer.lost):
            found[report.portal] = report
            if executor.spread:
                on_progress(report)
    return [found[portal.slug] for portal in job.portals]


def _lost(job: Job, why: str) -> list[PortalReport]:
    reports = [PortalReport(portal=p.slug, division=p.division) for p in job.portals]
    for report in reports:
        report.trouble(TroubleKind.UNFINISHED, "", f"the crawl was not finished: {why}")
    return reports


def crawl(
    job: Job, on_progress: Callable[[PortalReport], None] = lambda _: None
) -> list[PortalReport]:
    """Run a job in a process of its own and return the report of every portal in it.

    A portal whose crawl did not end as it should carries the trouble UNFINISHED.
    """
    last = {
        portal.slug: PortalReport(portal=portal.slug, division=portal.division)
        for portal in job.portals
    }
    # -P: the archive folder beside mingzhang.toml must not pass for our package of that name.
    command = [sys.executable, "-P", "-m", "crawler.crawl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        try:
            process.stdin.write(msgspec.json.encode(job) + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                report = msgspec.json.decode(line, type=PortalReport)
                last[report.portal] = report
                on_progress(report)
        except BrokenPipeError:
            pass  # it ended before it could read its job; its reports will say so
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            _wait(process)
    for report in last.values():
        if report.ended != "finished":
            why = report.ended or f"its process ended with status {process.returncode}"
            message = f"the crawl was not finished: {why}"
            report.trouble(TroubleKind.UNFINISHED, "", message)
    return list(last.values())


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Closing its stdin has told the crawl to end; one that does not is ended."""
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
