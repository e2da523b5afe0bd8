"""A digest in words, kept from build to build: what it says stays, its sources may move."""

from __future__ import annotations

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

__all__ = ["Sources", "decoded", "encoded"]

_KINDS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Points, Table)
}


Sources = tuple[tuple[str, str], ...]
"""The versions a digest's list of sources names, in its order: document id, original's sha256."""


def encoded(page: Page) -> bytes:
    """The page as bytes."""
    fields = {name: getattr(page, name) for name in page.__struct_fields__ if name != "nodes"}
    return msgspec.msgpack.encode([fields, _packed(page.nodes)])


def decoded(data: bytes) -> Page:
    """The page of these bytes. Raises msgspec.DecodeError or KeyError for any others."""
    fields, nodes = msgspec.msgpack.decode(data)
    listed = msgspec.convert(fields.pop("sources"), tuple[Source, ...])
    standing = tuple(fields.pop("standing"))
    labels = msgspec.convert(fields.pop("labels"), Labels)
    parts = _unpacked(nodes)
    return Page(**fields, standing=standing, sources=listed, labels=labels, nodes=parts)


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
