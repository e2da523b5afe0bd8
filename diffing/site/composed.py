"""A digest in words, kept from build to build: what it says stays, its sources may move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from diffing.render.page import (
    Fold,
    Heading,
    Labels,
    Node,
    Page,
    Paragraph,
    Points,
    Source,
    Table,
)

__all__ = ["decoded", "encoded", "later"]

_KINDS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Points, Table)
}


_LATER: Final = "document:"
"""Begins an address that is only known when the page is written: where a version is shown moves
when another takes its place."""


def later(document: str, original: str, fragment: str) -> str:
    """The address of a version, to be filled in by `decoded`."""
    return f"{_LATER}{document}@{original}#{fragment}"


def encoded(page: Page) -> bytes:
    """The page as bytes."""
    fields = {name: getattr(page, name) for name in page.__struct_fields__ if name != "nodes"}
    return msgspec.msgpack.encode([fields, _packed(page.nodes)])


def decoded(data: bytes, lead: Callable[[str, str, str], str]) -> Page:
    """The page of these bytes; `lead` gives the addresses that were left open.

    Raises msgspec.DecodeError or KeyError for any other bytes.
    """
    fields, nodes = _filled(msgspec.msgpack.decode(data), lead)
    listed = msgspec.convert(fields.pop("sources"), tuple[Source, ...])
    standing = tuple(fields.pop("standing"))
    labels = msgspec.convert(fields.pop("labels"), Labels)
    parts = _unpacked(nodes)
    return Page(**fields, standing=standing, sources=listed, labels=labels, nodes=parts)


def _filled(value: Any, lead: Callable[[str, str, str], str]) -> Any:
    """The same with every open address filled in; only `href` fields hold any."""
    if isinstance(value, dict):
        return {
            key: _address(part, lead) if key == "href" else _filled(part, lead)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_filled(part, lead) for part in value]
    return value


def _address(href: str, lead: Callable[[str, str, str], str]) -> str:
    if not href.startswith(_LATER):
        return href
    document, _, rest = href.removeprefix(_LATER).partition("@")
    original, _, fragment = rest.partition("#")
    return lead(document, original, fragment)


def _packed(nodes: tuple[Node, ...]) -> list[Any]:
    return [
        ["Fold", node.summary, _packed(node.nodes)]
        if isinstance(node, Fold)
        else [type(node).__name__, node]
        for node in nodes
    ]


def _unpacked(nodes: list[Any]) -> tuple[Node, ...]:
    found: list[Node] = []
    for name, *rest in nodes:
        if name == "Fold":
            found.append(Fold(rest[0], _unpacked(rest[1])))
        else:
            found.append(msgspec.convert(rest[0], _KINDS[name]))
    return tuple(found)
