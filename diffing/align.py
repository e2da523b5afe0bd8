"""Pairs the line items of two documents: which row of the one is which row of the other.

Pairing goes from the certain to the plausible and stops before the guessed: the exact key; the
same name under another enumeration or attribute; the same code under another name; the same name
under another code of the same parent. What is left stays visible as new or dropped. Every step
treats both documents alike, so the reverse comparison makes the same pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import msgspec

from archive.model import Document, Statement
from diffing.bodies import Bodies
from diffing.gaps import recognised_in, unread_beside
from diffing.keys import parents
from diffing.known import Known
from diffing.names import bare, bare_title
from diffing.paired import Collision, How, KeyCollisionError, RowPair
from diffing.pairing import pair_rows
from diffing.roles import Table, table_of

__all__ = [
    "Alignment",
    "Collision",
    "How",
    "KeyCollisionError",
    "RowPair",
    "StatementPair",
    "align",
    "parents",
]


_Key = tuple[str, str, str]


class StatementPair(msgspec.Struct, frozen=True):
    """One statement on both sides with its rows, or a statement only one side has."""

    old: Statement | None
    new: Statement | None
    rows: tuple[RowPair, ...] = ()
    collisions: tuple[Collision, ...] = ()
    old_unread: tuple[int, ...] = ()
    """Pages of the old document on which rows of the statement may stand unread."""
    new_unread: tuple[int, ...] = ()
    old_recognised: tuple[int, ...] = ()
    """Pages of the old document on which its rows were recognised from a picture."""
    new_recognised: tuple[int, ...] = ()

    @property
    def either(self) -> Statement:
        """The newer statement, or the old one where there is no newer."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a pair has at least one side
        return found


class Alignment(msgspec.Struct, frozen=True):
    """Every statement and every row of two documents, each exactly once."""

    statements: tuple[StatementPair, ...]


def align(
    old: Document,
    new: Document,
    known: Known = Known(),  # noqa: B008 - frozen
) -> Alignment:
    """Pair statements by form (several of one form by title, subject and order), then rows.

    Performance forms that do not say what they are about are paired only where both sides are
    known to be versions of one document: else they may be of two projects. `known` also says what
    the register has on codes and projects.

    >>> from archive.model import Facts
    >>> nothing = Document("0" * 64, "application/pdf", "pdf/1", 1, Facts())
    >>> align(nothing, nothing).statements
    ()
    """
    return Alignment(
        tuple(
            StatementPair(
                before,
                after,
                *pair_rows(before, after, known),
                unread_beside(old, before),
                unread_beside(new, after),
                recognised_in(old, before),
                recognised_in(new, after),
            )
            if before is not None and after is not None
            else StatementPair(before, after)
            for before, after in _pair_statements(old.statements, new.statements, known)
        )
    )


def _pair_statements(
    old: Sequence[Statement], new: Sequence[Statement], known: Known
) -> list[tuple[Statement | None, Statement | None]]:
    """Pairs in the new document's order; statements only the old one has follow at the end."""
    partner: dict[int, int] = {}

    def named(statement: Statement) -> bool:
        return (
            known.one_document
            or table_of(statement.form) is not Table.PERFORMANCE
            or _named(statement)
        )

    def by_project(statement: Statement) -> Hashable:
        project = known.project(statement.subject)
        return (statement.form, project) if project is not None else _by_subject(statement)

    def by_agency(bodies: Bodies | None) -> Callable[[Statement], Hashable]:
        def key(statement: Statement) -> Hashable:
            body = bodies.of(statement.subject) if bodies and statement.subject else None
            return (statement.form, body) if body is not None else _by_subject(statement)

        return key

    alike = ((key, key) for key in (_by_title_and_subject, _by_subject, by_project))
    for key, other in (*alike, tuple(map(by_agency, known.bodies))):
        rest_old = [i for i, s in enumerate(old) if i not in partner.values() and named(s)]
        rest_new = [i for i, s in enumerate(new) if i not in partner and named(s)]
        groups_old, groups_new = _grouped(rest_old, old, key), _grouped(rest_new, new, other)
        for group, places in groups_new.items():
            partner.update(zip(places, groups_old.get(group, []), strict=False))
    taken = set(partner.values())
    paired: list[tuple[Statement | None, Statement | None]] = [
        (old[partner[i]] if i in partner else None, statement) for i, statement in enumerate(new)
    ]
    paired.extend((statement, None) for i, statement in enumerate(old) if i not in taken)
    return paired


def _named(statement: Statement) -> bool:
    return bool(bare(statement.subject))


def _by_title_and_subject(statement: Statement) -> _Key:
    return statement.form, bare_title(statement.title), bare(statement.subject)


def _by_subject(statement: Statement) -> _Key:
    # a form id names one table, and its subject one project's or unit's; without a form only the
    # title can
    title = "" if statement.form else bare_title(statement.title)
    return statement.form, title, bare(statement.subject)


def _grouped(
    places: Iterable[int],
    statements: Sequence[Statement],
    key: Callable[[Statement], Hashable],
) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place in places:
        groups[key(statements[place])].append(place)
    return groups
