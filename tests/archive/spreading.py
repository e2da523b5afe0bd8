"""Readers and tasks for workers elsewhere: they must be importable there, so they stand alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec

from archive.model import Document
from archive.text import Unreadable
from tests.archive import storing

POISON = b"poison"
MORTAL = b"mortal"


def die() -> None:
    """As the kernel kills a process that took too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(path: Path) -> Document:
    """Poison kills whoever reads it; what is mortal kills the first one only."""
    data = path.read_bytes()
    if POISON in data:
        die()
    if MORTAL in data:
        first = path.with_name(f"{path.name}.seen")
        if not first.exists():
            first.touch()
            die()
    return storing.read(data)


def harmless(path: Path) -> Document:
    """The same documents, read where nothing dies."""
    data = path.read_bytes()
    if POISON in data:
        raise Unreadable("crashed", "whoever read it was killed each time")
    return storing.read(data)


def better(path: Path) -> Document:
    """What the next extractor makes of them: the prose is read better."""
    document = storing.read(path.read_bytes(), "fake/2")
    paragraph = msgspec.structs.replace(document.prose[0], text="一、部门基本情况")
    return msgspec.structs.replace(document, prose=(paragraph,))


def doubled(number: int) -> int:
    """A task that reckons; 13 kills its worker."""
    if number == 13:
        die()
    return 2 * number


def all_doubled(numbers: tuple[int, ...]) -> list[int]:
    """Several such tasks in one."""
    return [doubled(number) for number in numbers]


def refused(number: int) -> int:
    """A task that fails by itself."""
    raise ValueError(f"{number} is refused")
