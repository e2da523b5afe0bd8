"""The exported package against the published schema of the Fiscal Data Package (profiles/)."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.export.package import descriptor
from diffing.export.about import PACKAGE
from diffing.export.tables import TABLES

jsonschema = pytest.importorskip("jsonschema")

PROFILE = Path(__file__).with_name("profiles") / "fiscal-data-package.json"
SHA256 = "8dfbf701eedafd876ac987088eb1c4028bba0b3f8f850b23d4aae1b0e4b0af06"
"""Of the file as `datapackage` 1.15.4 ships it."""


@pytest.fixture(scope="module")
def validator() -> Any:
    data = PROFILE.read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256
    schema = json.loads(data)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def errors(validator: Any, descriptor: dict[str, Any]) -> list[str]:
    return [error.message for error in validator.iter_errors(descriptor)]


def test_the_package_validates_as_a_fiscal_data_package(validator: Any) -> None:
    said = json.loads(json.dumps(descriptor(TABLES, PACKAGE)))
    for resource in said["resources"]:  # as it is written beside the files
        resource |= {"bytes": 1, "hash": f"sha256:{SHA256}"}
    assert "model" in said
    assert errors(validator, said) == []
    for broken in BROKEN:
        wrong = copy.deepcopy(said)
        broken(wrong)
        assert errors(validator, wrong), broken


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def broken(said: dict[str, Any]) -> None:
        for name in path[:-1]:
            said = said[name]
        del said[path[-1]]

    return broken


def other(value: object, *path: str) -> Callable[[dict[str, Any]], None]:
    def broken(said: dict[str, Any]) -> None:
        for name in path[:-1]:
            said = said[name]
        said[path[-1]] = value

    return broken


BROKEN = (
    without("model"),
    without("model", "measures"),
    without("model", "dimensions"),
    without("model", "measures", "amount", "currency"),
    other("yuan", "model", "measures", "amount", "currency"),
    without("model", "dimensions", "date", "primaryKey"),
    other("colour", "model", "dimensions", "date", "dimensionType"),
    other("colour", "model", "dimensions", "functional", "classificationType"),
    other("fiscal-data-package", "profile"),
    other([], "resources"),
)
"""What the schema must refuse: a validator that takes anything proves nothing."""
