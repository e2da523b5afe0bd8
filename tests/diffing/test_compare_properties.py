from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Classification, Document, LineItem, Unit
from diffing.changes import Balance, Change, What, is_nothing
from diffing.compare import compare
from diffing.versions import Mode, Version

from .build import document, item, statement, version

NAMES = ("甲", "乙", "一、甲", "二、甲", "（一）乙", "行政运行", "合计", "其中：丙")
CODES = ("", "", "201", "20101", "2010102", "20102", "2010202", "206", "2060102")
CELLS = ("", "0.00", "—", "1.00", "1.0", "2.50", "-3.00", "12 34", "12,345.67")
TITLES = ("2023年支出总表", "2024年支出总表", "项目支出表")

rows = st.builds(
    item,
    st.sampled_from(NAMES),
    st.sampled_from(CELLS),
    st.sampled_from(CELLS),
    code=st.sampled_from(CODES),
    row=st.integers(2, 9),
    side=st.sampled_from((None, "支出")),
    level=st.integers(0, 3),
    classification=st.sampled_from(
        (Classification.FUNCTIONAL, Classification.PROJECT, Classification.CATEGORY)
    ),
    attributes=st.sampled_from(({}, {"category": "特定目标类"}, {"method": "公开招标"})),
)
statements = st.builds(
    lambda items, title, unit, notes: statement(*items, title=title, unit=unit, notes=notes),
    st.lists(rows, max_size=9),
    st.sampled_from(TITLES),
    st.sampled_from((Unit.WAN, Unit.YUAN, None)),
    st.sampled_from(((), ("注：本表为空表。",))),
)
sentences = st.sampled_from(("预算为1万元。", "预算为2万元。", "主要是人员增加。", "无。"))
documents = st.builds(
    lambda s, prose: document(*s, prose=tuple(prose)),
    st.lists(statements, max_size=3),
    st.lists(st.lists(sentences, min_size=1, max_size=4).map("".join), max_size=5),
)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Document, Document]:
    """A document and what a publisher might make of it: rows moved, lost, doubled, retyped."""
    found = draw(documents.filter(lambda d: d.statements))
    changed = []
    for s in found.statements:
        items: list[LineItem] = list(
            draw(st.permutations(s.items)) if draw(st.booleans()) else s.items
        )
        for n in sorted(draw(st.sets(st.integers(0, 8), max_size=2)), reverse=True):
            items[n : n + 1] = draw(st.lists(rows, max_size=2))
        changed.append(msgspec.structs.replace(s, items=tuple(items)))
    return found, msgspec.structs.replace(found, statements=tuple(changed))


any_pair = st.one_of(st.tuples(documents, documents), revisions())
OPPOSITE = {
    What.NEW: What.DROPPED,
    What.DROPPED: What.NEW,
    What.STATEMENT_ADDED: What.STATEMENT_REMOVED,
    What.STATEMENT_REMOVED: What.STATEMENT_ADDED,
    What.MOVED_TO_BASIC: What.MOVED_TO_PROJECT,
    What.MOVED_TO_PROJECT: What.MOVED_TO_BASIC,
}
UNDONE = {Balance.RESTORED: Balance.LOST, Balance.LOST: Balance.RESTORED, None: None}


def sides(old: Document, new: Document, mode: Mode) -> tuple[Version, Version]:
    return version(old, year=2024 if mode is Mode.REVISION else 2023), version(new)


def in_words(change: Change, *, reverse: bool = False) -> tuple:
    """A change as plain values, told from the other end where asked."""
    cells = []
    for c in change.cells:
        difference = None if c.difference is None else c.difference.normalize() + 0
        ends = ((c.old, c.old_unit), (c.new, c.new_unit))
        if reverse:
            ends, difference = ends[::-1], None if difference is None else -difference + 0
        cells.append((c.measure, c.kind, repr(ends[0]), repr(ends[1]), difference, c.certainty))
    texts = [(p.field, *((p.new, p.old) if reverse else (p.old, p.new))) for p in change.passages]
    # what restores a sum is called a correction; what breaks it has no such name
    kinds = {OPPOSITE.get(k, k) if reverse else k for k in change.kinds} - {What.CORRECTED}
    assert (What.CORRECTED in change.kinds) == (change.balance is Balance.RESTORED)
    balance = UNDONE[change.balance] if reverse else change.balance
    share = change.share and (change.share.old, change.share.new, change.share.moved)
    if share and reverse:
        share = share[1], share[0], -share[2]
    places = (repr(change.old_at), repr(change.new_at))
    if reverse:
        places = places[::-1]
    # the year of the document id differs by which side it stands on
    places = tuple(p.replace("/2023/", "/").replace("/2024/", "/") for p in places)
    told = (balance, repr(share and tuple(x + 0 for x in share)), change.paired_by, change.basis)
    return tuple(sorted(kinds)), tuple(sorted(cells)), tuple(texts), places, change.rows, told


@settings(max_examples=150, deadline=None, derandomize=True)
@given(any_pair, st.sampled_from(Mode))
def test_the_reverse_comparison_reverses_every_change(
    pair: tuple[Document, Document], mode: Mode
) -> None:
    there = compare(*sides(*pair, mode))
    back = compare(*sides(*reversed(pair), mode))

    assert Counter(in_words(c) for c in there.changes) == Counter(
        in_words(c, reverse=True) for c in back.changes
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(any_pair, st.sampled_from(Mode))
def test_every_row_is_accounted_for_exactly_once(
    pair: tuple[Document, Document], mode: Mode
) -> None:
    comparison = compare(*sides(*pair, mode))

    for side, found in (("old", pair[0]), ("new", pair[1])):
        seen: Counter[int] = Counter()
        for aligned in comparison.alignment.statements:
            whole = getattr(aligned, side)
            if aligned.rows:
                seen.update(id(i) for row in aligned.rows if (i := getattr(row, side)))
            elif whole is not None:
                seen.update(id(i) for i in whole.items)
        assert seen == Counter(id(i) for s in found.statements for i in s.items)
    count = comparison.accounting
    assert count.old == count.paired + count.dropped + count.unsure_new + count.in_removed
    assert count.new == count.paired + count.new_rows + count.unsure_old + count.in_added
    rows_changed = [c for c in comparison.changes if c.kind in (What.NEW, What.DROPPED)]
    assert len(rows_changed) == count.new_rows + count.dropped - count.empty


@settings(max_examples=60, deadline=None, derandomize=True)
@given(any_pair, st.sampled_from(Mode))
def test_no_row_appears_in_two_changes(pair: tuple[Document, Document], mode: Mode) -> None:
    comparison = compare(*sides(*pair, mode))

    rows: Counter[tuple] = Counter()
    for change in comparison.changes:
        if change.key:
            aligned = comparison.alignment.statements[change.place]
            (row,) = (row for row in aligned.rows if row.key == change.key)
            rows.update(
                (side, id(item)) for side, item in (("old", row.old), ("new", row.new)) if item
            )
    assert all(count == 1 for count in rows.values())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(any_pair, st.sampled_from(Mode))
def test_every_cell_that_says_something_else_is_in_exactly_one_change(
    pair: tuple[Document, Document], mode: Mode
) -> None:
    """Against the definition, without deepdiff: paired rows, measure by measure."""
    comparison = compare(*sides(*pair, mode))
    expected: Counter[tuple] = Counter()
    for aligned in comparison.alignment.statements:
        if aligned.old is None or aligned.new is None:
            continue
        factor = [
            {Unit.WAN: 10_000, Unit.YUAN: 1, None: None}[s.unit] for s in (aligned.old, aligned.new)
        ]
        for row in aligned.rows:
            if row.old is None or row.new is None:
                continue
            for measure in {*row.old.amounts, *row.new.amounts}:
                a, b = row.old.amounts.get(measure), row.new.amounts.get(measure)
                if mode is Mode.YEAR and is_nothing(a) and is_nothing(b):
                    continue
                if a is not None and b is not None:
                    if a.mark == b.mark and a.value is None and a.text == b.text:
                        continue
                    same_unit = None in factor and factor[0] == factor[1]
                    if a.value is not None and b.value is not None:
                        if same_unit and a.value == b.value:
                            continue
                        if None not in factor and a.value * factor[0] == b.value * factor[1]:
                            continue
                expected[measure, repr(a), repr(b)] += 1

    found = Counter(
        (cell.measure, repr(cell.old), repr(cell.new))
        for change in comparison.changes
        if change.old_at and change.new_at
        for cell in change.cells
    )
    assert found == expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(documents, st.sampled_from(Mode))
def test_a_document_against_itself_gives_no_change(found: Document, mode: Mode) -> None:
    assert compare(*sides(found, found, mode)).changes == ()
