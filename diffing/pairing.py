"""Pairs the rows of one statement with the rows of its counterpart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final

from archive.model import Classification, LineItem, Statement
from diffing.basis import Basis
from diffing.bodies import Bodies, Body
from diffing.keys import (
    Keyed,
    by_being_the_total,
    by_burden,
    by_code,
    by_content,
    by_fund,
    by_name,
    key_of,
    keyed,
    kind_of,
    layouts,
    of_another_layout,
    one_without_code,
    parents,
    same_rows,
)
from diffing.known import Known
from diffing.names import normalise, titled
from diffing.paired import Collision, How, KeyCollisionError, RowPair
from diffing.roles import Table, table_of

__all__ = ["pair_rows"]

_SEPARATOR: Final = "\x1f"
"""Joins the parts of a key; names never contain it, they are normalised."""

_FIRST: Final = f"{_SEPARATOR}1"
"""Of equal rows the first; of a row that is alone, too."""

_TOP_CODE: Final = 3
"""类 have three digits; 款 and 项 add two each (《政府收支分类科目》)."""
_CODE_STEP: Final = 2


def pair_rows(
    old: Statement,
    new: Statement,
    known: Known = Known(),  # noqa: B008 - frozen
) -> tuple[tuple[RowPair, ...], tuple[Collision, ...]]:
    """All rows of two statements, each in exactly one pair, in the new statement's order.

    Rows that share code and name come back as collisions too: they are kept apart and paired
    by content and order, and the reader is told.
    """
    table = table_of(new.form)
    turned = known.turns and any(i.classification is Classification.UNIT for i in new.items)
    if not turned and (keys := same_rows(old.items, new.items)) is not None:
        return tuple(_as_printed(keys, old.items, new.items, table, known)), ()
    pairing = _Pairing(keyed(old), keyed(new), known)
    pairing.by_exact_key()
    pairing.by_unique(lambda r: (r.side, r.code, r.bare, r.attributes), How.NAME)
    pairing.by_unique(lambda r: (r.side, r.code, r.bare), How.ATTRIBUTES)
    pairing.by_agency()
    pairing.by_unique(by_code, How.RENAMED, different=pairing.may_be_one_agency)
    pairing.by_register()
    pairing.by_unique(pairing.project, How.ALIAS)
    pairing.by_unique(by_being_the_total, How.RENAMED)
    pairing.by_unique(by_fund, How.RENAMED)
    if table is Table.SANGONG:
        pairing.by_unique(by_burden, How.RENAMED)
    pairing.by_name_within_parent(old.items, new.items)
    pairing.by_unique(by_name, How.NAME, different=one_without_code)
    if known.one_document:
        pairing.by_content()
    return pairing.result(new.title), tuple(pairing.collisions(titled(new)))


def _as_printed(
    keys: Iterable[str],
    old: Sequence[LineItem],
    new: Sequence[LineItem],
    table: Table,
    known: Known,
) -> Iterator[RowPair]:
    """Row for row: what the steps of pairing come to where every row has its exact key."""
    touched: dict[int, Basis | None] = {}
    if known.revisions:
        codes = {
            index: (kind_of(item, table), code)
            for index, item in enumerate(new)
            if known.revised(code := normalise(item.code))
        }
        marks = known.marks(codes.values(), codes.values())
        touched = {index: marks.get(code) for index, code in codes.items()}
    exact, between = How.EXACT, f"{_FIRST}{_SEPARATOR * 2}"
    for index, (key, before, after) in enumerate(zip(keys, old, new, strict=True)):
        pair = f"{key}{between}{key}{_FIRST}"
        basis = (touched.get(index) if touched else None) or known.whole
        yield RowPair(pair, exact, before, after, index, index, basis=basis)


class _Pairing:
    """The state of pairing the rows of one statement."""

    def __init__(self, old: list[Keyed], new: list[Keyed], known: Known) -> None:
        self.old, self.new, self.known = old, new, known
        codes = ([(r.kind, r.code) for r in rows] if known.revisions else [] for rows in (old, new))
        self.marks = known.marks(*codes)
        self.pairs: dict[int, tuple[int, How]] = {}
        """Old index -> (new index, how)."""
        self.taken: set[int] = set()
        self.shared: list[tuple[list[Keyed], list[Keyed]]] = []
        self.bodies = _bodies(old, known.bodies[0]), _bodies(new, known.bodies[1])
        self.turned = known.turned(*self.bodies)

    def pair(self, old: Keyed, new: Keyed, how: How) -> None:
        self.pairs[old.index] = (new.index, how)
        self.taken.add(new.index)

    def left(self) -> tuple[list[Keyed], list[Keyed]]:
        """What has no counterpart yet; nothing where one side has no more to offer."""
        if len(self.pairs) == len(self.old) or len(self.taken) == len(self.new):
            return [], []
        return (
            [r for r in self.old if r.index not in self.pairs],
            [r for r in self.new if r.index not in self.taken],
        )

    def by_exact_key(self) -> None:
        """Same side, code, name and attributes. Several such rows are told apart by what stands
        above them, then by equal amounts, and only then by their order."""
        groups = _both(self.old, self.new, lambda r: (r.side, r.code, r.name, r.attributes))
        for olds, news in groups:
            if len(olds) == len(news) == 1:
                self.pair(olds[0], news[0], How.EXACT)
                continue
            if len(olds) > 1 or len(news) > 1:
                self._by_place(olds, news)

    def _by_place(self, olds: list[Keyed], news: list[Keyed]) -> None:
        for above_old, above_new in _both(olds, news, lambda r: r.path):
            if len(above_old) <= 1 and len(above_new) <= 1:
                if above_old and above_new:
                    self.pair(above_old[0], above_new[0], How.EXACT)
                continue
            self.shared.append((above_old, above_new))
            for same_old, same_new in _both(above_old, above_new, lambda r: r.content):
                for a, b in zip(same_old, same_new, strict=False):
                    self.pair(a, b, How.OCCURRENCE)
            rest_old = [r for r in above_old if r.index not in self.pairs]
            rest_new = [r for r in above_new if r.index not in self.taken]
            for a, b in zip(rest_old, rest_new, strict=False):
                self.pair(a, b, How.OCCURRENCE)

    def by_agency(self) -> None:
        """Rows of one agency under the names it bore in either year."""
        olds, news = self.bodies
        self.by_unique(
            lambda row: (row.side, olds[row.index]) if row.index in olds else None,
            How.AGENCY,
            other=lambda row: (row.side, news[row.index]) if row.index in news else None,
        )

    def may_be_one_agency(self, old: Keyed, new: Keyed) -> bool:
        """False where the register knows two rows to be of two agencies: codes are renumbered."""
        one, other = self.bodies[0].get(old.index), self.bodies[1].get(new.index)
        return one is None or other is None or bool(one[1] & other[1])

    def by_register(self) -> None:
        """One code that became one other code, where both are printed once."""
        for (scheme, code), basis in self.marks.items():
            revision = basis.revision
            if not revision.one_to_one or revision.renames or (code,) != revision.before:
                continue
            ends = revision.before + revision.after
            old, new = ends if self.known.forward else ends[::-1]
            olds = [r for r in self.old if r.kind is scheme and r.code == old]
            news = [r for r in self.new if r.kind is scheme and r.code == new]
            if len(olds) == len(news) == 1 and olds[0].side == news[0].side:
                taken = olds[0].index in self.pairs or news[0].index in self.taken
                if not taken:
                    self.pair(olds[0], news[0], How.REGISTER)

    def by_content(self) -> None:
        """Rows of two versions that follow the same row and print the same unique figures."""
        before = {new: old for old, (new, _) in self.pairs.items()}

        def same_place(old: Keyed, new: Keyed) -> bool:
            if old.index == 0 or new.index == 0:
                return old.index == new.index
            return before.get(new.index - 1) == old.index - 1

        self.by_unique(by_content, How.CONTENT, different=same_place)

    def project(self, row: Keyed) -> Hashable | None:
        """What the curated names of a project share."""
        if row.kind is not Classification.PROJECT:
            return None
        group = self.known.project(row.item.name)
        return None if group is None else (row.side, group)

    def by_unique(
        self,
        key: Callable[[Keyed], Hashable | None],
        how: How,
        different: Callable[[Keyed, Keyed], bool] = lambda _old, _new: True,
        other: Callable[[Keyed], Hashable | None] | None = None,
    ) -> None:
        """Pair what is left where the key is unique among *all* rows of either statement; rows of
        the new side have the other key, where one is given."""
        left = self.left()
        if not all(left):
            return
        theirs = other or key
        all_old, all_new = _counted(self.old, key), _counted(self.new, theirs)
        for olds, news in _both(*left, key, theirs):
            if not (olds and news):
                continue
            a, b = olds[0], news[0]
            if all_old[key(a)] == 1 == all_new[theirs(b)] and different(a, b):
                self.pair(a, b, how)

    def by_name_within_parent(self, old: Sequence[LineItem], new: Sequence[LineItem]) -> None:
        """Same name, other code, same (paired) parent: recoded. Short codes first, so that a
        recoded 款 takes its 项 with it."""
        left_old, left_new = self.left()
        if not left_old or not left_new:
            return
        old_parents, new_parents = parents(old), parents(new)
        for length in sorted({len(r.code) for r in left_old if r.code}):
            rows_old = [r for r in left_old if r.code and r.index not in self.pairs]
            rows_new = [r for r in left_new if r.code and r.index not in self.taken]
            news: dict[Hashable, list[Keyed]] = defaultdict(list)
            for row in rows_new:
                news[self._family(row, self.new, new_parents, None)].append(row)
            olds: dict[Hashable, list[Keyed]] = defaultdict(list)
            for row in rows_old:
                olds[self._family(row, self.old, old_parents, self.pairs)].append(row)
            for family, group in olds.items():
                if len(group) == 1 == len(news.get(family, ())) and len(group[0].code) == length:
                    self.pair(group[0], news[family][0], How.RECODED)

    @staticmethod
    def _family(
        row: Keyed,
        rows: list[Keyed],
        above: list[int | None],
        pairs: dict[int, tuple[int, How]] | None,
    ) -> Hashable:
        """What a row shares with its recoded self: side, bare name and parent, the parent of an
        old row being the new row it was paired with. A missing parent row is its code's prefix."""
        if row.kind is Classification.PROJECT:
            return row.side, row.bare
        parent: Hashable = row.code[:-2] if len(row.code) > _TOP_CODE else None
        up = above[row.index]
        if up is not None and len(row.code) - len(rows[up].code) <= _CODE_STEP:
            parent = up
            if pairs is not None:
                parent = pairs[up][0] if up in pairs else ("gone", up)
        return row.side, row.bare, parent

    def collisions(self, statement: str) -> Iterable[Collision]:
        for olds, news in self.shared:
            row = (news or olds)[0]
            yield Collision(
                statement=statement,
                code=row.item.code,
                name=row.item.name,
                old_rows=tuple((r.item.page, r.item.row) for r in olds),
                new_rows=tuple((r.item.page, r.item.row) for r in news),
            )

    def basis(self, old: Keyed | None, new: Keyed | None) -> Basis | None:
        """The revision that touches a line; of several, one that makes it incomparable."""
        found = [self.marks.get((r.kind, r.code)) for r in (old, new) if r] if self.marks else []
        for row, turned in zip((old, new), self.turned, strict=True):
            if row is not None and turned:
                found.append(turned.get(row.index))
        return min(filter(None, found), key=_gravity, default=self.known.whole)

    def result(self, statement: str) -> tuple[RowPair, ...]:
        """All rows in the new statement's order, dropped rows after the row they followed."""
        old_keys, new_keys = _keys(self.old), _keys(self.new)
        alone = len(self.pairs) < len(self.old), len(self.taken) < len(self.new)
        kinds = (
            layouts(self.old) if alone[1] else set(),
            layouts(self.new) if alone[0] else set(),
        )
        shared = [group for group in self.shared if all(group)]
        shared_old = {row.index for olds, _ in shared for row in olds}
        shared_new = {row.index for _, news in shared for row in news}
        by_new = {n: (o, how) for o, (n, how) in self.pairs.items()}
        placed: list[tuple[tuple[int, int, int], RowPair]] = []
        for row in self.new:
            if row.index in by_new:
                o, how = by_new[row.index]
                before = self.old[o]
                key = _joined(old_keys[o], new_keys[row.index])
                guessed = how is How.OCCURRENCE and before.content != row.content
                basis = self.basis(before, row)
                pair = RowPair(key, how, before.item, row.item, o, row.index, guessed, basis=basis)
            else:
                key, guessed = _joined("", new_keys[row.index]), row.index in shared_new
                other = of_another_layout(row, kinds[0])
                basis = self.basis(None, row)
                pair = RowPair(
                    key, How.ONLY_NEW, None, row.item, -1, row.index, guessed, other, basis
                )
            placed.append(((row.index, 0, 0), pair))
        after = -1
        for row in self.old:
            if row.index in self.pairs:
                after = self.pairs[row.index][0]
                continue
            key, guessed = _joined(old_keys[row.index], ""), row.index in shared_old
            other = of_another_layout(row, kinds[1])
            basis = self.basis(row, None)
            pair = RowPair(key, How.ONLY_OLD, row.item, None, row.index, -1, guessed, other, basis)
            placed.append(((after, 1, row.index), pair))
        pairs = tuple(pair for _, pair in sorted(placed, key=lambda p: p[0]))
        if len({p.key for p in pairs}) != len(pairs):
            raise KeyCollisionError(f"{statement}: two pairs of rows share one key")
        return pairs


def _gravity(basis: Basis) -> tuple[bool, int, tuple[str, ...], tuple[str, ...], str]:
    """What makes a line incomparable first; then an order that knows no sides."""
    one = basis.revision
    return basis.comparable, one.year, one.before, one.after, basis.parent


def _bodies(rows: Iterable[Keyed], bodies: Bodies | None) -> dict[int, Body]:
    """Row index → the agency it is of, for the rows of a statement that the register knows."""
    if bodies is None:
        return {}
    units = (row for row in rows if row.kind is Classification.UNIT)
    return {row.index: body for row in units if (body := bodies.of(row.item.name)) is not None}


def _both(
    old: Iterable[Keyed],
    new: Iterable[Keyed],
    key: Callable[[Keyed], Hashable | None],
    other: Callable[[Keyed], Hashable | None] | None = None,
) -> list[tuple[list[Keyed], list[Keyed]]]:
    groups: dict[Hashable, tuple[list[Keyed], list[Keyed]]] = defaultdict(lambda: ([], []))
    for side, (rows, called) in enumerate(((old, key), (new, other or key))):
        for row in rows:
            if (k := called(row)) is not None:
                groups[k][side].append(row)
    return list(groups.values())


def _counted(rows: Iterable[Keyed], key: Callable[[Keyed], Hashable | None]) -> dict[Hashable, int]:
    counts: dict[Hashable, int] = defaultdict(int)
    for row in rows:
        if (k := key(row)) is not None:
            counts[k] += 1
    return counts


def _keys(rows: Iterable[Keyed]) -> dict[int, str]:
    """Row index -> key; equal rows are numbered in their printed order."""
    seen: dict[str, int] = defaultdict(int)
    keys: dict[int, str] = {}
    for row in rows:
        key = key_of(row.side, row.code, row.name, row.attributes)
        seen[key] += 1
        keys[row.index] = f"{key}{_SEPARATOR}{seen[key]}"
    return keys


def _joined(old: str, new: str) -> str:
    """The key of a pair, or of a row without counterpart: equal keys are impossible, as no side
    gives one twice."""
    return f"{old}{_SEPARATOR * 2}{new}"
