"""Everything seen over HTTP as WARC (ISO 28500), for institutions that keep the web.

One response record an original, revisits for every later look at the same bytes, and a metadata
record for every look that brought none. Headers are those kept as evidence, not all that came.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import msgspec
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.events import is_local
from archive.ledger import Article, Observation
from archive.originals import CorruptOriginal, MissingOriginal
from archive.repository import Archive

__all__ = ["export"]

_IDENTICAL: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_DECODED: Final = ("content-encoding", "transfer-encoding", "content-length")
"""What was true of the bytes on their way and is not of the bytes kept."""


def export(archive: Archive, target: Path, portal: str | None = None) -> dict[str, int]:
    """Write a compressed WARC of all looks, or of a portal's; returns how many records of each.

    What is withheld or damaged goes out as metadata that says so. Raises OSError, ChainDamaged;
    the file is there whole or not at all.
    """
    side = target.with_name(f"{target.name}.part")
    counts: dict[str, int] = {}
    try:
        with side.open("wb") as file:
            writer = WARCWriter(file, gzip=True, warc_version="1.1")
            writer.write_record(_information(writer, target.name, archive))
            seen: dict[str, Observation] = {}
            for row in _rows(archive, portal):
                record = _record(writer, archive, row, seen)
                counts[record.rec_type] = counts.get(record.rec_type, 0) + 1
                writer.write_record(record)
        side.replace(target)
    except BaseException:
        side.unlink(missing_ok=True)
        raise
    return counts


def _rows(archive: Archive, portal: str | None) -> Iterator[Observation | Article]:
    for row in archive.ledger.rows():
        match row:
            case Observation() if not is_local(row.source.url):
                if portal in (None, row.source.portal):
                    yield row
            case Article() if portal in (None, row.portal):
                yield row


def _information(writer: Any, name: str, archive: Archive) -> Any:
    rows, head = archive.ledger.head()
    facts = {
        "software": "Mingzhang 明账",
        "format": "WARC File Format 1.1",
        "description": "HTTP headers are those the ledger keeps as evidence",
        "ledger-rows": str(rows),
        "ledger-head": head,
    }
    return writer.create_warcinfo_record(name, facts)


def _record(
    writer: Any, archive: Archive, row: Observation | Article, seen: dict[str, Observation]
) -> Any:
    if isinstance(row, Article):
        return _metadata(writer, row.url, _date(row.at), msgspec.json.encode(row))
    url, date = row.source.url, _date(row.source.observed)
    if row.sha256 is None:
        return _metadata(writer, url, date, msgspec.json.encode(row))
    first = seen.get(row.sha256)
    if first is not None:
        return _revisit(writer, row, first, date)
    try:
        data = archive.originals.get(row.sha256)
    except (MissingOriginal, CorruptOriginal) as error:
        said = {"row": msgspec.to_builtins(row), "bytes": str(error)}
        return _metadata(writer, url, date, msgspec.json.encode(said))
    seen[row.sha256] = row
    return writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(data),
        http_headers=_http(row, len(data)),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Payload-Digest": _digest(row.sha256),
            **_way(row),
        },
    )


def _revisit(writer: Any, row: Observation, first: Observation, date: str) -> Any:
    modified = row.outcome != "not-modified"
    return writer.create_revisit_record(
        row.source.url,
        digest=_digest(row.sha256 or ""),
        refers_to_uri=first.source.url,
        refers_to_date=_date(first.source.observed),
        http_headers=_http(row, None),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Profile": _IDENTICAL if modified else _NOT_MODIFIED,
            **_way(row),
        },
    )


def _metadata(writer: Any, url: str, date: str, data: bytes) -> Any:
    return writer.create_warc_record(
        url,
        "metadata",
        payload=io.BytesIO(data),
        warc_content_type="application/json",
        warc_headers_dict={"WARC-Date": date},
    )


def _http(row: Observation, length: int | None) -> StatusAndHeaders:
    try:
        phrase = HTTPStatus(row.source.status).phrase
    except ValueError:
        phrase = ""
    headers = []
    for name, value in row.headers.items():
        kept = f"x-archive-orig-{name}" if name in _DECODED else name
        headers.append((kept, " ".join(value.split())))
    if length is not None:
        headers.append(("content-length", str(length)))
    return StatusAndHeaders(f"{row.source.status} {phrase}".strip(), headers, protocol="HTTP/1.1")


def _way(row: Observation) -> dict[str, str]:
    """The way the answer came: redirects, the final address, the name on the certificate."""
    facts = {
        "WARC-Redirects": " ".join(row.redirects),
        "WARC-Final-Uri": row.final_url if row.final_url != row.source.url else "",
        "WARC-TLS-Name": row.tls_name,
    }
    return {name: value for name, value in facts.items() if value}


def _digest(sha256: str) -> str:
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode().rstrip("=")


def _date(moment: Any) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
