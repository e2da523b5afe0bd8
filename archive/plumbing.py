"""GitPython, held so that only a district's own repository decides what git does.

A user's configuration, templates, hooks, attributes and GIT_* variables have no say: the commands
name the repository, carry their own settings and run without foreign variables. Writing feeds one
persistent `git fast-import` (docs/decisions/0002-fast-import-through-gitpython.md).
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any, Final, NamedTuple

import git
from git.exc import GitCommandError

from archive.settings import AUTHOR, EMAIL

__all__ = ["BRANCH", "CHECKPOINTS", "FastImport", "Git", "RepositoryError", "Signature"]

BRANCH: Final = "refs/heads/main"
CHECKPOINTS: Final = "refs/tags/checkpoint/"

_SETTINGS: Final = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.autocrlf=false",
    "core.fsmonitor=false",
    "core.fsync=all",
    "core.quotepath=false",
    # One pack a checkpoint instead of thousands of loose files; `Repository` repacks them.
    "fastimport.unpackLimit=1",
    # A clone's own configuration must not name the program that checks its signatures.
    "gpg.program=gpg",
    "gpg.ssh.program=ssh-keygen",
    "gc.auto=0",
    "i18n.commitEncoding=utf-8",
    "i18n.logOutputEncoding=utf-8",
    "log.mailmap=false",
    "log.showSignature=false",
)
_ENVIRONMENT: Final = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_HEADER: Final = 128
"""Bytes that are enough for what `cat-file --batch` says before an object."""
_HASH_LINE: Final = re.compile(rb"([0-9a-f]{40,64})\n")
_environment_lock: Final = threading.RLock()


class RepositoryError(Exception):
    """Git refused, or a repository is not as it should be; the message says which and why."""


class Git(git.Git):
    """Git commands on the one repository at `path`, whatever the caller's environment says."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        # Not through the constructor: that would expand "$" and "~" in the folder's name.
        self._working_dir = str(path)
        self.set_persistent_git_options(c=list(_SETTINGS))
        self.update_environment(**_ENVIRONMENT)

        self.folder = path

    def bind(self, *, bare: bool = False) -> None:
        """Name the repository outright, so that git never looks for one in a folder above."""
        folder = self.folder.absolute()
        if bare:
            self.update_environment(GIT_DIR=str(folder))
        else:
            self.update_environment(GIT_DIR=str(folder / ".git"), GIT_WORK_TREE=str(folder))

    @property
    def options(self) -> list[str]:
        """What every command carries before its own words."""
        return list(self._persistent_git_options)

    def commit_of(self, name: str) -> str:
        """The hash a branch or commit name stands for, "" if there is no such thing."""
        found = self.header(name)
        return found[0] if found else ""

    def tip_of(self, branch: str) -> str:
        """The commit a branch stands at, read from its own file where it has one.

        A question to `cat-file` costs a look through every new pack; the file is what git itself
        renames into place.
        """
        try:
            file = os.open(f"{self.folder}/.git/{branch}", os.O_RDONLY)
        except OSError:
            return self.commit_of(branch)
        try:
            found = _HASH_LINE.fullmatch(os.read(file, _HEADER))
        finally:
            os.close(file)
        return found[1].decode() if found else self.commit_of(branch)

    def header(self, name: str) -> tuple[str, str] | None:
        """The hash and the type of what a name stands for, None if there is no such thing."""
        found = self._asked(lambda: self.get_object_header(_line(name)))
        return (found[0].decode(), found[1].decode()) if found else None

    def blob(self, name: str) -> bytes | None:
        """The bytes of `<commit>:<path>`, None if there is no such file."""
        found = self._asked(lambda: self.get_object_data(_line(name)))
        return bytes(found[3]) if found and found[1] == b"blob" else None

    def blobs(self, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of many `<commit>:<path>` at once; those that are no file are left out."""
        if not names:
            return {}
        process = self.cat_file("--batch", as_process=True, istream=PIPE)
        asked = "".join(f"{_line(name)}\n" for name in names).encode()
        output, _ = process.communicate(asked)
        found, at = {}, 0
        for name in names:
            head, _, _ = output[at : at + len(name.encode()) + _HEADER].partition(b"\n")
            at += len(head) + 1
            facts = head.split(b" ")
            if head.endswith(b" missing") or len(facts) != 3:
                continue
            size = int(facts[2])
            if facts[1] == b"blob":
                found[name] = output[at : at + size]
            at += size + 1
        return found

    def names(self, commit: str, *options: str) -> list[str]:
        """Paths in a commit's tree, by `git ls-tree` with these options."""
        output = self.ls_tree("-z", "--name-only", *options, commit, stdout_as_string=False)
        return [name for name in output.decode().split("\0") if name]

    def _asked(self, question: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...] | None:
        """Ask the running `cat-file`: "missing" is an answer, a process that died is not."""
        try:
            return question()
        except (ValueError, OSError) as error:
            if re.search(r"(?:missing|ambiguous)\W*$", str(error)):
                return None
            self.clear_cache()
            raise RepositoryError(f"{self.folder}: git cannot read it: {error}") from error

    def execute(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """As in GitPython, without the GIT_* variables of the caller.

        Raises RepositoryError with git's own words where GitPython raises GitCommandError.
        """
        try:
            with _own_environment():
                return super().execute(command, *args, **kwargs)
        except GitCommandError as error:
            words = _words(error.stderr) or f"exit status {error.status}"
            raise RepositoryError(f"{self.folder}: {words}") from error

    def succeeds(self, *command: str) -> bool:
        """Whether the command ends with 0; anything but 0 and 1 raises RepositoryError."""
        status, _, error = self.execute(
            [self.GIT_PYTHON_GIT_EXECUTABLE, *self._persistent_git_options, *command],
            with_extended_output=True,
            with_exceptions=False,
        )
        if status not in (0, 1):
            raise RepositoryError(f"{self.folder}: git {command[0]}: {error}")
        return bool(status == 0)


def _line(name: str) -> str:
    """The name as one question to `cat-file`: two lines would be two, and answers would shift."""
    if "\n" in name:
        raise ValueError(f"{name!r}: missing")
    return name


def _words(stderr: str | bytes) -> str:
    """What git said, without what GitPython puts around it."""
    text = stderr.decode(errors="replace") if isinstance(stderr, bytes) else stderr
    return re.sub(r"^\s*stderr: '|'\s*$", "", text).strip()


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """GitPython hands on the whole environment; variables can be set there but not taken away."""
    with _environment_lock:
        foreign = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("GIT_") and not name.startswith("GIT_PYTHON_")
        }
        for name in foreign:
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(foreign)


class Signature(NamedTuple):
    """Who signs a commit; never a person's own name or address."""

    name: str = AUTHOR
    email: str = EMAIL

    def line(self, at: datetime) -> bytes:
        """The raw git line for a moment, without characters that would end a field."""
        name = re.sub(r"[<>\x00-\x1f]+", " ", self.name).strip() or "Mingzhang"
        email = re.sub(r"[<>\s\x00-\x1f]+", "", self.email)
        return f"{name} <{email}> {int(at.timestamp())} {at:%z}".encode()


def commit_stream(
    message: bytes,
    author: bytes,
    committer: bytes,
    parent: str,
    removed: Iterable[str],
    files: Mapping[str, bytes],
) -> bytes:
    """A commit with its files as fast-import reads it, a checkpoint and a question for its hash."""
    blobs: list[bytes] = []
    changes = [b"D %s\n" % path.encode() for path in removed]
    for mark, (path, data) in enumerate(sorted(files.items()), 1):
        blobs += (b"blob\nmark :%d\ndata %d\n" % (mark, len(data)), data, b"\n")
        changes.append(b"M 100644 :%d %s\n" % (mark, path.encode()))
    mark = len(files) + 1
    head = b"commit %s\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s\n" % (
        BRANCH.encode(),
        mark,
        author,
        committer,
        len(message),
        message,
    )
    start = b"from %s\n" % parent.encode() if parent else b""
    end = b"\ncheckpoint\nget-mark :%d\n" % mark
    return b"".join((*blobs, head, start, *changes, end))


class FastImport:
    """One running `git fast-import` on the branch: commits in, their hashes out.

    After each commit stands a checkpoint: once `commit` returns, git has written the objects and
    moved the branch. Whether the branch really moved is for the caller to read back, since
    fast-import acknowledges even an update it refused.
    """

    def __init__(self, commands: Git) -> None:
        # `done`: a stream cut off by a crash ends in an error instead of in half a commit.
        self._process = commands.fast_import(
            quiet=True, done=True, depth=0, date_format="raw", istream=PIPE, as_process=True
        )
        self._stdin, self._stdout = self._process.stdin, self._process.stdout

    def commit(
        self,
        *,
        message: bytes,
        author: bytes,
        committer: bytes,
        parent: str,
        removed: Iterable[str],
        files: Mapping[str, bytes],
    ) -> str:
        """Write one commit on top of `parent` ("" for none) and return its hash.

        `removed` are paths (files or folders) taken away before `files` are put in. Raises
        RepositoryError with git's own words when the process gave up.
        """
        stream = commit_stream(message, author, committer, parent, removed, files)
        try:
            self._stdin.write(stream)
            self._stdin.flush()
            answer: bytes = self._stdout.readline()
        except OSError as error:
            raise self._failure() from error
        found = _HASH_LINE.fullmatch(answer)
        if found is None:
            raise self._failure()
        return found[1].decode()

    def finish(self) -> None:
        """End the stream and wait for git to end well; raises RepositoryError if it does not."""
        try:
            self._stdin.write(b"done\n")
            self._stdin.close()
            self._stdout.read()
            self._process.wait()
        except (OSError, GitCommandError) as error:
            raise self._failure() from error

    def abort(self) -> None:
        """Stop at once; what was not checkpointed is as if it had never been sent."""
        process = self._process.proc
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def _failure(self) -> RepositoryError:
        self.abort()
        stderr = self._process.stderr
        words = stderr.read().decode(errors="replace").strip() if not stderr.closed else ""
        return RepositoryError(f"git fast-import gave up: {words or 'no reason given'}")
