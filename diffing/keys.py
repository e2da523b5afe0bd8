"""What a row can be recognised by: its printed identity without typesetting, and its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from archive.model import Classification, LineItem, Statement
from diffing.names import bare, fund, normalise
from diffing.roles import Burden, Table, burden_of, table_of

__all__ = [
    "PROJECT_TABLES",
    "Keyed",
    "by_being_the_total",
    "by_burden",
    "by_code",
    "by_content",
    "by_fund",
    "by_name",
    "key_of",
    "keyed",
    "kind_of",
    "layouts",
    "of_another_layout",
    "one_without_code",
    "parents",
    "same_rows",
]

_SEPARATOR: Final = "\x1f"
"""Joins the parts of a key; names never contain it, they are normalised."""

_KEY_ATTRIBUTES: Final = (
    "block",
    "group",
    "goal",
    "level1",
    "level2",
    "category",
    "function",
    "item",
)
"""The printed cells that tell rows of one code and name apart; the rest describes a row."""

_PLAIN: Final = ("",) * len(_KEY_ATTRIBUTES)
_REMEMBERED: Final = 1 << 15

_CODE_IS_IDENTITY: Final = frozenset(
    {
        Classification.FUNCTIONAL,
        Classification.ECONOMIC,
        Classification.UNIT,
        Classification.CATEGORY,
    }
)
"""Where a code names the line; a project's code is the subject it is booked under."""


PROJECT_TABLES: Final = frozenset({Table.PROJECT, Table.PROCUREMENT, Table.SERVICES})
"""Their rows are projects and purchases, whatever else is printed with them."""

_SIDES: Final = ("收入", "支出")


# gc=False here and in what a comparison makes in tens of thousands: they hold no cycle, and the
# collector looking through them was a third of the cost at 20,000 rows.
class Keyed(msgspec.Struct, frozen=True, gc=False):
    """A row with what it can be recognised by."""

    index: int
    item: LineItem
    side: str
    """Without the way it is divided, where that tells no two sides apart."""
    kind: Classification
    """A project stays one though it is printed with the code of its subject."""
    code: str
    name: str
    bare: str
    attributes: tuple[str, ...]
    path: tuple[str, ...]
    """Bare names of the outline rows above an uncoded row."""

    @property
    def content(self) -> tuple[tuple[str, str], ...]:
        """Its figures as printed, by measure; asked only of rows that names do not tell apart."""
        return tuple(sorted((m, a.text) for m, a in self.item.amounts.items()))


def parents(items: Sequence[LineItem]) -> list[int | None]:
    """For each row the index of the row it is a part of, None at the top or where unknown.

    Coded rows belong to the row whose code is their longest proper prefix; rows without a code
    to the last row above, on their side and in their block, of a smaller outline level.
    """
    scopes = [_scope(item) for item in items]
    coded: dict[tuple[str, str], dict[str, int]] = {}
    for index, item in enumerate(items):
        if item.code:
            coded.setdefault(scopes[index], {})[item.code] = index
    # only prefixes as long as some code need be looked up: 类 and 款 of a 项
    lengths = {
        scope: sorted({len(c) for c in known}, reverse=True) for scope, known in coded.items()
    }
    above: dict[tuple[str, str], list[int]] = defaultdict(list)
    found: list[int | None] = []
    for index, item in enumerate(items):
        if code := item.code:
            known, up = coded[scopes[index]], None
            for end in lengths[scopes[index]]:
                if end < len(code) and (up := known.get(code[:end])) is not None:
                    break
            found.append(up)
            continue
        if item.level <= 0 or item.total:
            found.append(None)
            continue
        stack = above[scopes[index]]
        while stack and items[stack[-1]].level >= item.level:
            stack.pop()
        found.append(stack[-1] if stack else None)
        stack.append(index)
    return found


def _scope(item: LineItem) -> tuple[str, str]:
    return item.side or "", item.attributes.get("block", "") if item.attributes else ""


def by_code(row: Keyed) -> Hashable | None:
    """The code, where it names the line and not what a project is booked under."""
    if row.code and row.kind in _CODE_IS_IDENTITY:
        return row.side, row.code, row.attributes
    return None


def by_content(row: Keyed) -> Hashable | None:
    """All its figures, code and attributes; nothing for a row that says nothing, or for a total."""
    if row.item.total or not _says_something(row):
        return None
    return row.side, row.kind, row.code, row.attributes, row.content


def by_being_the_total(row: Keyed) -> Hashable | None:
    """Being a total, of the year alone or of everything."""
    # 合计 in one layout is 总计 in another; where a side has one total row there is no other.
    # 本年支出合计 is without what is carried over, and never the same as 支出总计
    if not row.item.total or row.code:
        return None
    return row.side, row.attributes, "本年" in row.bare


def by_fund(row: Keyed) -> Hashable | None:
    """The budget an income line names, in whatever words."""
    budget = None if row.code or row.item.total else fund(row.item.name)
    return (row.side, row.attributes, budget) if budget else None


def by_burden(row: Keyed) -> Hashable | None:
    """The line of "三公" it is, in whatever words."""
    # the lines of "三公" are set by law; districts, and one district in two years, word them anew
    burden = burden_of(row.item.name)
    return (row.side, row.attributes, burden) if burden is not Burden.OTHER else None


def by_name(row: Keyed) -> Hashable | None:
    """The bare name alone, whatever the code."""
    return row.side, row.bare, row.attributes


def one_without_code(old: Keyed, new: Keyed) -> bool:
    """True where one of the two is printed without a code."""
    return bool(old.code) != bool(new.code)


def _plain_sides(items: Sequence[LineItem]) -> dict[str, str]:
    """Printed side -> the side without how it is divided: 支出(按功能分类) is 支出.

    Of several such sides the one by function is meant: 支出 alone lists 一般公共服务支出 and so on.
    """
    sides = dict.fromkeys(item.side or "" for item in items)
    plain: dict[str, str] = {}
    for side in sides:
        alike = [other for other in sides if other[:2] == side[:2]]
        chosen = [other for other in alike if "功能" in other] if len(alike) > 1 else alike
        plain[side] = side[:2] if chosen == [side] and side[:2] in _SIDES else side
    return plain


def kind_of(item: LineItem, table: Table) -> Classification:
    """What a row is: a project stays one though it is printed with the code of its subject."""
    if table in PROJECT_TABLES and item.classification is not Classification.UNIT:
        return Classification.PROJECT
    return item.classification


def _layout(row: Keyed) -> Hashable:
    """What kind of row of a statement it is: rows of one kind stand or fall together."""
    if row.item.total:
        return "total"
    coded = row.kind in (Classification.FUNCTIONAL, Classification.ECONOMIC)
    return row.side, row.kind, len(row.code) if coded else 0


def layouts(rows: Iterable[Keyed]) -> set[Hashable]:
    """The kinds of rows in which a statement says something."""
    return {_layout(row) for row in rows if _says_something(row)}


def _says_something(row: Keyed) -> bool:
    return any(amount.value for amount in row.item.amounts.values())


def keyed(statement: Statement) -> list[Keyed]:
    """The rows of a statement, each with what it can be recognised by."""
    sides = _plain_sides(statement.items)
    coded = all(item.code for item in statement.items)
    above: Sequence[int | None] = () if coded else parents(statement.items)
    table = table_of(statement.form)
    names = [bare(item.name) for item in statement.items]
    rows = []
    for index, item in enumerate(statement.items):
        path, up = [], None if item.code else above[index]
        while up is not None:
            path.append(names[up])
            up = above[up]
        rows.append(
            Keyed(
                index=index,
                item=item,
                side=sides[item.side or ""],
                kind=kind_of(item, table),
                code=normalise(item.code),
                name=normalise(item.name),
                bare=names[index],
                attributes=_attributes(item.attributes) if item.attributes else _PLAIN,
                path=tuple(path),
            )
        )
    return rows


def key_of(side: str, code: str, name: str, attributes: Sequence[str]) -> str:
    """What two rows must share to be one line without any doubt, as one text."""
    return _SEPARATOR.join((side, code, name, *attributes))


def same_rows(old: Sequence[LineItem], new: Sequence[LineItem]) -> list[str] | None:
    """The keys of rows that both statements print alike and in one order, each only once.

    None where anything differs but the amounts: then the rows have to be paired.
    """
    if len(old) != len(new):
        return None
    sides = _plain_sides(old)
    keys = []
    for a, b in zip(old, new, strict=True):
        if a.name != b.name or a.code != b.code or a.side != b.side or a.attributes != b.attributes:
            return None
        side = sides[a.side or ""]
        keys.append(
            key_of(side, normalise(a.code), normalise(a.name), _attributes(a.attributes))
            if a.attributes
            else _plain_key(side, a.code, a.name)
        )
    return keys if len(set(keys)) == len(keys) else None


@lru_cache(maxsize=_REMEMBERED)
def _plain_key(side: str, code: str, name: str) -> str:
    """The key of a row without attributes; the same rows stand in every version and year."""
    return key_of(side, normalise(code), normalise(name), _PLAIN)


def _attributes(printed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(normalise(printed.get(name, "")) for name in _KEY_ATTRIBUTES)


def of_another_layout(row: Keyed, found: set[Hashable]) -> bool:
    """True where a statement that says something has no rows such as this one.

    A total is never new or gone: it only is or is not printed. In an empty statement every row
    that comes later is new.
    """
    return bool(found) and (row.item.total or _layout(row) not in found)
