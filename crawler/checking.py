"""Checking portal files: each by itself, against the register, and beside its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from archive.register import Register, RegisterError
from crawler import portals
from crawler.portals import Portal, PortalError

__all__ = ["Complaint", "check"]


class Complaint(msgspec.Struct, frozen=True):
    """What is wrong with, or to know about, one portal file."""

    file: str
    weight: Literal["error", "note"]
    message: str


def check(folders: Sequence[Path], register: Register) -> list[Complaint]:
    """Everything there is to say about the portal files of some folders, errors first."""
    found: list[Complaint] = []
    read: dict[str, Portal] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        try:
            portal = portals.read(path)
        except PortalError as error:
            found.append(Complaint(path.name, "error", str(error)))
            continue
        found += [Complaint(path.name, "error", text) for text in _errors(portal, register)]
        found += [Complaint(path.name, "note", text) for text in _notes(portal, register, read)]
        read[portal.slug] = portal
    return sorted(found, key=lambda one: (one.weight, one.file))


def _errors(portal: Portal, register: Register) -> Iterator[str]:
    known = {division.code for division in register.divisions()}
    for division in portal.divisions:
        if division not in known:
            yield (
                f"division {division} is not in the register: add it to the divisions.toml of a"
                " folder named in [archive] register"
            )
    for entry in portal.entries:
        if entry.agency is None:
            continue
        division = entry.division or portal.division
        try:
            registered = register.find(division, entry.agency) if division in known else [None]
            if entry.agency[:6].isdigit():
                registered = [register.agency(entry.agency)]
        except RegisterError:
            registered = []
        if not registered:
            yield f"entry {entry.url}: agency {entry.agency!r} is not in the register"
    if portal.family != "trs_search" and any(entry.search for entry in portal.entries):
        yield f"`search` is for family trs_search only, not for {portal.family}"


def _notes(portal: Portal, register: Register, others: dict[str, Portal]) -> Iterator[str]:
    known = {division.code for division in register.divisions()}
    if not portal.verified:
        yield "a draft: look at what a crawl finds, then set verified = true"
    for division in portal.divisions:
        if division in known and not register.agencies(division):
            yield f"no agency of {division} is registered: what it publishes is kept unfiled"
    if any(entry.url.startswith("http:") for entry in portal.entries):
        yield "an entry is not on https: what it answers can be altered on the way"
    if portal.minimum_documents <= 1:
        yield "minimum_documents is 1: a list that lost nearly everything would pass"
    for other in others.values():
        if other.hosts & portal.hosts:
            yield f"shares a host with {other.slug}: the two are crawled one after the other"
