"""Which older files are to be entered, and the dates they are claimed to be of."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["Older", "listed"]

_DAY: Final = re.compile(r"(\d{4})[-_.年]?(\d{2})[-_.月]?(\d{2})(?!\d)")
_COLUMNS: Final = frozenset({"file", "published", "url", "title"})


class Older(msgspec.Struct, frozen=True):
    """One file to be entered, and what is claimed of it."""

    file: Path
    published: date | None
    """None where nothing says when it was published: then it is kept and not filed."""
    url: str = ""
    title: str = ""


def listed(place: Path) -> list[Older]:
    """The files of a folder (with all below it), or of a list in CSV.

    In a folder the name of a file begins with its date: 2024-02-07…, 20240207…. A list has the
    columns file and published, and may have url and title; files count from its own folder.
    Raises ValueError naming the line that cannot be used, OSError.
    """
    found = list(_of_folder(place) if place.is_dir() else _of_list(place))
    # Files of one date in one order, however the folder or the list gives them.
    return sorted(found, key=lambda one: (one.published or date.max, str(one.file)))


def _of_folder(folder: Path) -> Iterator[Older]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            match = _DAY.match(path.name)
            yield Older(path, _day("-".join(match.groups())) if match else None)


def _of_list(path: Path) -> Iterator[Older]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    columns = set(reader.fieldnames or ())
    if not {"file", "published"} <= columns or not columns <= _COLUMNS:
        raise ValueError(
            f"{path}: its columns are {', '.join(sorted(map(str, columns))) or 'none'};"
            " needed are file and published, allowed are url and title"
        )
    for number, row in enumerate(reader, 2):
        try:
            yield Older(
                path.parent / row["file"],
                date.fromisoformat(row["published"]),
                row.get("url") or "",
                row.get("title") or "",
            )
        except (ValueError, TypeError):
            said = row.get("published")
            raise ValueError(f"{path} line {number}: {said!r} is no date (2024-02-07)") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
