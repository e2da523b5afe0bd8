"""Word 97–2003, WPS and Rich Text (doc, wps, rtf), where antiword or LibreOffice is installed.

antiword keeps the tables of a .doc, LibreOffice has lost them; so antiword is asked first, and what
comes out of either is refused where the file has table cells and the result has no table.
Page: 1. Row and column: of the table, from 1. Without either program the file is archived unread.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from archive.media import DOC, NAMES, RTF
from archive.text.flow import Flow, Rows, Sheet, lay, see_flow
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (DOC, RTF)
LIMITS: Final = Limits(
    memory=4 << 30, seconds=60, seconds_per_page=0, output=32 << 20, files=128 << 20
)

_WALL: Final = 120
_LARGEST: Final = 64 << 20
_CELL_MARK: Final = b"\x07\x07"
"""Ends a row of a Word table ([MS-DOC] 2.4.3): a cell mark after the last cell's."""
_CELL_MARK_WIDE: Final = "\x07\x07".encode("utf-16-le")


def _tools() -> tuple[str, ...]:
    return tuple(tool for tool in ("antiword", "soffice") if shutil.which(tool))


EXTRACTOR: Final = " ".join(("office/1", *_tools()))
"""Which programs are there is part of it: with another, what was unread is tried again."""


def see(data: bytes) -> Seen:
    """Tables and prose of an old office document.

    Raises:
        Unreadable: unread-format without a program that reads it; tables-lost where its tables did
            not come through; damaged, too-large.
    """
    rich = data.startswith(b"{\\rtf")
    kind = NAMES[RTF if rich else DOC]
    if len(data) > _LARGEST:
        raise Unreadable("too-large", f"a document of more than {_LARGEST >> 20} megabytes")
    tools = [tool for tool in _tools() if not (rich and tool == "antiword")]
    if not tools:
        wanted = "LibreOffice" if rich else "antiword or LibreOffice"
        raise Unreadable("unread-format", f"the file is {kind}; reading it needs {wanted}")
    tabled = b"\\trowd" in data if rich else _CELL_MARK in data or _CELL_MARK_WIDE in data
    reasons = []
    for tool in tools:
        try:
            seen = _by_antiword(data) if tool == "antiword" else _by_libreoffice(data, rich=rich)
        except Unreadable as error:
            reasons.append(f"{tool}: {error}")
            continue
        if not tabled or seen.statements or seen.tables:
            return seen
        reasons.append(f"{tool} lost its tables")
    code = "tables-lost" if any(reason.endswith("tables") for reason in reasons) else "damaged"
    raise Unreadable(code, "; ".join(reasons)[:200])


def _by_antiword(data: bytes) -> Seen:
    """antiword's DocBook: paragraphs and tables in order."""
    from lxml import etree

    with tempfile.TemporaryDirectory(prefix="mingzhang-") as folder:
        path = Path(folder) / "document.doc"
        path.write_bytes(data)
        out = _run(["antiword", "-x", "db", "-m", "UTF-8.txt", str(path)], folder)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    root = etree.fromstring(out, parser)
    if root is None:
        raise Unreadable("damaged", "nothing came out of it")
    return see_flow(Flow([Sheet(1, list(_docbook(root)))]))


def _docbook(element: Any) -> Iterator[str | Rows]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag.endswith("info"):
            continue
        if child.tag == "informaltable" or child.tag == "table":
            rows = [
                [(_said(entry), 1, 1) for entry in row.iter("entry")] for row in child.iter("row")
            ]
            if any(rows):
                yield lay(1, rows)
        elif child.tag in ("para", "title"):
            if text := _said(child):
                yield text
            yield from (block for block in _docbook(child) if not isinstance(block, str))
        else:
            yield from _docbook(child)


def _said(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _by_libreoffice(data: bytes, *, rich: bool) -> Seen:
    """LibreOffice's docx, read like any other."""
    from archive.text.formats.docx import see as see_docx

    with tempfile.TemporaryDirectory(prefix="mingzhang-") as folder:
        path = Path(folder) / ("document.rtf" if rich else "document.doc")
        path.write_bytes(data)
        profile = Path(folder) / "profile"
        _run(
            [
                "soffice",
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                "docx",
                "--outdir",
                folder,
                str(path),
            ],
            folder,
        )
        made = path.with_suffix(".docx")
        if not made.is_file():
            raise Unreadable("damaged", "nothing came out of it")
        return see_docx(made.read_bytes())


def _run(command: list[str], folder: str) -> bytes:
    """The program's output; it sees nothing of the caller's surroundings.

    Raises:
        Unreadable: timeout, damaged.
    """
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WALL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("timeout", f"not read within {_WALL} s") from error
    except OSError as error:
        raise Unreadable("damaged", str(error)[:200]) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable("damaged", (said[-1] if said else f"exit {done.returncode}")[:200])
    return done.stdout
