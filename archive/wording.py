"""How documents and foreign text are put to a person at a terminal."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence

from archive.paths import document_name, identity_of
from archive.register import Register, RegisterError

__all__ = ["called", "nearest", "shown", "unknown_agency"]


def called(register: Register, document_id: str) -> str:
    """The document as a reader calls it: agency, year, kind."""
    if not document_id:
        return ""
    identity = identity_of(document_id)
    try:
        agency = register.registered_name(identity.agency)
    except RegisterError:
        agency = identity.agency
    return f"{agency} {document_name(identity)}"


def shown(text: object) -> str:
    """Text from outside without characters that would steer a terminal."""
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in str(text))


def unknown_agency(register: Register, name: str, divisions: Sequence[str]) -> str:
    """What to say of an agency name nobody bears, with the most similar registered ones.

    Likeness only helps a person to type; nothing is ever filed by it.
    """
    names = [
        text
        for code in divisions
        for agency in register.agencies(code)
        for text in (*(n.text for n in agency.names), *agency.aliases)
    ]
    return f"the register knows no agency {shown(name)}{nearest(name, names)}"


def nearest(name: str, known: Sequence[str]) -> str:
    """The end of an error message: the known names most like `name`, if any are."""
    near = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.4)
    return f"; nearest: {', '.join(near)}" if near else ""
