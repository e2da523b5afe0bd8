"""A Tabular Data Package that is a Fiscal Data Package too: CSV, typed by datapackage.json.

Two generations of the Fiscal Data Package are served: `model` as its published JSON schema asks
(measures, dimensions), and a `columnType` a field as 1.0-rc.1 does. The CSV is as in
archive/export/csv.py, without the byte order mark.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from archive.export.columns import Column, Type
from archive.export.csv import write_tables
from archive.export.tables import Record, Table
from archive.export.writing import drafted

__all__ = ["DESCRIPTOR", "descriptor", "write"]

DESCRIPTOR: Final = "datapackage.json"
_FOLDER: Final = "data"
_TYPES: Final = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.DECIMAL: "number",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.MOMENT: "datetime",
}
_FACTS: Final = "line_items"
"""The table the fiscal model speaks of."""
_CHUNK: Final = 1 << 20


def write(
    folder: Path, tables: Sequence[Table], records: Iterable[Record], metadata: dict[str, Any]
) -> list[Path]:
    """Write the tables below `data/` and datapackage.json last; returns all files.

    `metadata` is what is said of the whole: name, title, description, licenses, sources. Records
    are taken one at a time. Raises OSError.
    """
    names = [f"{_FOLDER}/{table.name}.csv" for table in tables]
    with drafted(folder) as draft:
        paths = {table.name: draft(name) for table, name in zip(tables, names, strict=True)}
        write_tables(paths, tables, records, encoding="utf-8")
        about = descriptor(tables, metadata)
        for resource in about["resources"]:
            path = paths[resource["name"]]
            resource |= {"bytes": path.stat().st_size, "hash": f"sha256:{_sha256(path)}"}
        text = json.dumps(about, ensure_ascii=False, indent=1)
        draft(DESCRIPTOR).write_text(f"{text}\n", encoding="utf-8")
    return [folder / name for name in (*names, DESCRIPTOR)]


def descriptor(tables: Sequence[Table], metadata: dict[str, Any]) -> dict[str, Any]:
    """What datapackage.json says, but for the size and hash of each file."""
    there = {table.name for table in tables}
    about: dict[str, Any] = {
        "profile": "tabular-data-package",
        **metadata,
        "countryCode": "CN",
        "granularity": "aggregated",
        "resources": [_resource(table, there) for table in tables],
    }
    facts = next((table for table in tables if table.name == _FACTS), None)
    if facts is not None:
        about["model"] = _model(facts)
    return about


def _resource(table: Table, there: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, table) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in table.references
        if other in there
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": f"{table.title} {table.chinese}",
        "description": f"{table.says} {table.says_chinese}",
        "path": f"{_FOLDER}/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True,
                    "lineTerminator": "\r\n"},
        "schema": schema,
    }  # fmt: skip


def _field(column: Column, table: Table) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": f"{column.meaning} {column.chinese}",
    }
    if column.type is Type.BOOLEAN:
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.name in table.key:
        field["constraints"] = {"required": True}
    if column.unit:
        field["unit"] = column.unit
    if column.fiscal:
        field["columnType"] = column.fiscal
    return field


def _model(facts: Table) -> dict[str, Any]:
    """Amount, date, entity, classifications and phase, in the words of the published schema."""

    def attributes(*names: str, label: str = "") -> dict[str, Any]:
        found: dict[str, Any] = {n: {"source": n, "resource": facts.name} for n in names}
        if label:
            found[label] = {"source": label, "resource": facts.name, "labelfor": names[0]}
        return found

    def dimension(kind: str, *names: str, label: str = "", by: str = "") -> dict[str, Any]:
        found: dict[str, Any] = {
            "dimensionType": kind,
            "primaryKey": names[0],
            "attributes": attributes(*names, label=label),
        }
        return found | ({"classificationType": by} if by else {})

    return {
        "measures": {
            "amount": {"source": "yuan", "resource": facts.name, "currency": "CNY", "factor": 1}
        },
        "dimensions": {
            "date": dimension("datetime", "year"),
            "entity": dimension("entity", "agency", label="agency_name"),
            "place": dimension("location", "division"),
            "functional": dimension("classification", "functional_code", by="functional"),
            "economic": dimension("classification", "economic_code", by="economic"),
            "administrative": dimension("classification", "agency", by="administrative"),
            "phase": dimension("other", "phase"),
            "measure": dimension("fact", "measure"),
            "document": dimension("other", "document", "version", "original"),
        },
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
