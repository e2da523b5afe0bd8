"""Is every object of a repository what its name says? Asked of git itself."""

from __future__ import annotations

from archive.audit.report import Report
from archive.plumbing import Git

__all__ = ["check_objects"]


def check_objects(commands: Git, name: str, report: Report) -> None:
    """`git fsck`: every object rehashed, every link followed; each line it says is a fault."""
    status, out, error = commands.execute(
        [
            commands.GIT_PYTHON_GIT_EXECUTABLE,
            *commands.options,
            "fsck",
            "--full",
            "--strict",
            "--no-dangling",
            "--no-progress",
        ],
        with_extended_output=True,
        with_exceptions=False,
    )
    said = [line for line in f"{out}\n{error}".splitlines() if line.strip()]
    for line in said if status else ():
        report.fault("objects", name, line.strip())
    if status and not said:
        report.fault("objects", name, f"git fsck ended with {status}")
    report.checked.append(f"{name}: every git object rehashed (git fsck)")
