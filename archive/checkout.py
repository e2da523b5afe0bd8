"""The checked-out copy of a district: for people to look at, never read by the program.

The branch moves under it while commits are written; afterwards the copy is brought up to it. A
person's own edits are never overwritten: then the copy stays as it is and that is said.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from archive.plumbing import BRANCH, Git, RepositoryError

__all__ = ["is_current", "note_shown", "refresh"]

_SHOWN: Final = "refs/mingzhang/copy"
"""The commit whose files lie in the copy."""


def is_current(commands: Git, tip: str) -> bool:
    """Whether the copy shows the tip already (or there is nothing to show)."""
    return not tip or commands.commit_of(_SHOWN) == tip


def note_shown(commands: Git, folder: Path, tip: str) -> None:
    """Before the first commit of a session: a copy brought to the tip by other hands shows it.

    So does the copy of a clone, and of a repository whose keeper put away his edits.
    """
    if is_current(commands, tip) or not (folder / ".git" / "index").exists():
        return
    if commands.succeeds("diff-index", "--cached", "--quiet", tip, "--"):
        commands.update_ref(_SHOWN, tip)


def refresh(commands: Git, folder: Path) -> str | None:
    """Bring the copy up to the branch; returns why it was left as it is, None when it is current.

    A refresh that was killed half-way is done again from the start: the files it left half
    written are its own and no person's edits.
    """
    tip, shown = commands.commit_of(BRANCH), commands.commit_of(_SHOWN)
    marker = folder / ".git" / "mingzhang-refreshing"
    interrupted = marker.exists()
    if not tip or (tip == shown and not interrupted):
        return None
    branch = commands.symbolic_ref("--quiet", "HEAD", with_exceptions=False)
    if branch != BRANCH:
        return f"{folder}: another branch is checked out; the copy was left as it is"
    if interrupted:
        (folder / ".git" / "index.lock").unlink(missing_ok=True)
    elif shown and _edited(commands, shown):
        return f"{folder}: the copy has local edits and was left as it is; the archive is complete"
    marker.touch()
    try:
        if interrupted:
            commands.reset("--hard", "--quiet", BRANCH)
        elif shown:
            commands.read_tree("-m", "-u", shown, tip)
        else:
            commands.read_tree("-m", "-u", tip)
    except RepositoryError as error:
        marker.unlink()
        return f"the copy was left as it is: {error}"
    commands.update_ref(_SHOWN, tip)
    marker.unlink()
    return None


def _edited(commands: Git, shown: str) -> bool:
    commands.update_index("-q", "--refresh", with_exceptions=False)
    clean = commands.succeeds("diff-files", "--quiet") and commands.succeeds(
        "diff-index", "--cached", "--quiet", shown, "--"
    )
    return not clean
