"""After a run, outside every lock: histories to remotes, originals to their second place.

Nothing is ever forced. A remote that holds another history is a fault to look into, not to
overwrite.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from archive.originals import CorruptOriginal, MissingOriginal
from archive.plumbing import BRANCH, CHECKPOINTS, Git, RepositoryError
from archive.repository import Archive, Repository
from archive.second import copy_originals, second_at
from archive.settings import ArchiveSettings, Settings

__all__ = ["publish", "push"]

_WAITS: Final = (2, 10)
"""Seconds between attempts: a remote that is away for a moment is asked three times."""
_REFUSED: Final = ("non-fast-forward", "fetch first", "[rejected]", "stale info")
_REFS: Final = (f"{BRANCH}:{BRANCH}", f"{CHECKPOINTS}*:{CHECKPOINTS}*")
_PASSED_ON: Final = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_CAINFO")


def publish(
    archive: Archive, settings: Settings, wait: Callable[[float], None] = time.sleep
) -> list[str]:
    """Push every district and copy every original as the settings say; returns what failed.

    Each failure is a sentence; the others go on. Raises SettingsError for a wrong section.
    """
    section = settings.section("archive", ArchiveSettings)
    failed = []
    for template in section.remotes:
        repositories = archive.repositories()
        if "{division}" not in template and len(repositories) > 1:
            failed.append(
                f"{template}: one remote holds one district, and there are {len(repositories)};"
                " put {division} into [archive] remotes where the code is to stand"
            )
            continue
        for repository in repositories:
            remote = template.replace("{division}", repository.division)
            try:
                push(repository, remote, wait)
            except RepositoryError as error:
                failed.append(str(error))
    if section.second:
        try:
            second = second_at(section.second, settings.resolve(section.second))
            copy_originals(archive.originals, second)
        except (OSError, ValueError, CorruptOriginal, MissingOriginal) as error:
            failed.append(f"{section.second}: originals were not all copied there: {error}")
    return failed


def push(repository: Repository, remote: str, wait: Callable[[float], None] = time.sleep) -> None:
    """Push the branch and the checkpoints of a district, never by force.

    A remote that cannot be reached is asked again twice; one that holds another history is not.
    Raises RepositoryError with git's own words.
    """
    if not repository.tip():
        return
    commands = _with_credentials(repository.path)
    for seconds in (*_WAITS, None):
        try:
            commands.push("--quiet", "--no-verify", remote, *_REFS)
        except RepositoryError as error:
            if any(word in str(error) for word in _REFUSED):
                raise RepositoryError(
                    f"{remote}: holds a history that ours does not continue; nothing was"
                    f" forced. Find out who wrote there before anything else ({error})"
                ) from error
            if seconds is None:
                raise RepositoryError(
                    f"{remote}: could not be pushed to in {len(_WAITS) + 1} attempts; the"
                    f" archive is complete, the next run pushes again ({error})"
                ) from error
            wait(seconds)
        else:
            return


def _with_credentials(folder: Path) -> Git:
    """Commands that may ask the operator's own configuration how to log in, and nothing else of
    what the archive's commands shut out."""
    commands = Git(folder)
    commands.bind()
    home = Path("~/.gitconfig").expanduser()
    own = os.environ.get("GIT_CONFIG_GLOBAL") or (str(home) if home.exists() else os.devnull)
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    commands.update_environment(GIT_CONFIG_GLOBAL=own, **passed)
    return commands
