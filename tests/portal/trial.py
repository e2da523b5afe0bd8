"""A trial: a folder with settings for the mock portal, and the real command run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from tests.portal import configuration
from tests.portal.server import Portal


class Ran(msgspec.Struct, frozen=True):
    """What a command did."""

    code: int
    out: str
    err: str


class Trial:
    """Settings in `folder`, which must exist and may hold an earlier trial's archive."""

    def __init__(self, folder: Path, portal: Portal, sites: str = "AC", delay: float = 0.1) -> None:
        self.folder, self.portal = folder, portal
        self.settings = configuration.write(folder, portal, sites, delay)
        self.archive = folder / "archive"
        self.digests = folder / "digests"

    def mingzhang(self, *arguments: str) -> Ran:
        """The installed command, as a person or cron runs it."""
        command = Path(sys.executable).with_name("mingzhang")
        done = subprocess.run(
            [command, "--config", self.settings, *arguments],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def harvest(self) -> dict[str, Any]:
        """`mingzhang harvest --json`, decoded."""
        ran = self.mingzhang("harvest", "--json")
        try:
            return dict(json.loads(ran.out))
        except json.JSONDecodeError:
            raise AssertionError(f"harvest ended with {ran.code}:\n{ran.out}\n{ran.err}") from None

    def repositories(self) -> list[Path]:
        """The districts' git repositories."""
        return sorted(path.parent for path in self.archive.glob("districts/*/.git"))

    def tips(self) -> dict[str, str]:
        """Division → commit at the tip."""
        return {path.name: git(path, "rev-parse", "HEAD").strip() for path in self.repositories()}

    def commits(self) -> int:
        """How many commits there are in all districts."""
        return sum(int(git(path, "rev-list", "--count", "HEAD")) for path in self.repositories())


def objects(repository: Path) -> bytes:
    """Every object of a repository, reachable or not: all that could ever come to light."""
    listed = ["git", "-C", str(repository), "cat-file", "--batch-all-objects", "--batch"]
    return subprocess.run(listed, capture_output=True, check=True).stdout


def git(repository: Path, *arguments: str) -> str:
    """The output of a git command in a repository."""
    done = subprocess.run(
        ["git", "-c", "core.quotepath=false", "-C", repository, *arguments],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout
