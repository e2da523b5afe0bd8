"""`Document` ↔ the deterministic files that are committed.

`document.json` is the whole document and the only one read back; the CSV of each statement and the
prose as Markdown are for people. No file says when something was fetched.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from archive.model import Amount, Certainty, Document, LineItem, Mark, Paragraph, Statement
from archive.paths import component

__all__ = [
    "UNREAD",
    "content_equal",
    "from_files",
    "partly_unread",
    "same_reading",
    "to_files",
]

_JSON: Final = "document.json"
_TITLE_LENGTH: Final = 60


def to_files(document: Document) -> dict[str, bytes]:
    """The files of one document: relative name → bytes, the same for the same document."""
    files = {_JSON: _json(document)}
    for number, statement in enumerate(document.statements, 1):
        named = f"{statement.title}-{statement.subject}" if statement.subject else statement.title
        title = component(named, statement.form)[:_TITLE_LENGTH].rstrip(". ")
        files[f"statements/{number:02d}-{title}.csv"] = _csv(statement)
    if document.prose:
        files["prose.md"] = _markdown(document.prose)
    return files


def from_files(files: Mapping[str, bytes]) -> Document:
    """The document these files hold, from `document.json` alone.

    Raises msgspec.ValidationError when it is not a whole document, KeyError when it is absent.
    """
    return msgspec.json.decode(files[_JSON], type=Document, strict=True)


def content_equal(one: Document, other: Document) -> bool:
    """True if two readings say the same, wherever on the pages it stands.

    What the publisher says counts: facts, statements with every printed text, other tables, prose.
    Where it stands does not: a table that moved to the next page, another row height, another
    media type. A document of which something could not be read is equal to nothing: what was
    not seen cannot be called the same.
    """
    if any(remark.code in UNREAD for remark in (*one.remarks, *other.remarks)):
        return False
    return same_reading(one, other)


def same_reading(one: Document, other: Document) -> bool:
    """True if what could be read is equal, whatever could not."""
    return _content(one) == _content(other)


UNREAD: Final = frozenset(
    {
        "annotation-unread",
        "characters-undefined",
        "column-open",
        "content-odd",
        "figures-outside",
        "image-on-page",
        "member-unread",
        "page-drawn",
        "page-image",
        "sheet-hidden",
        "table-missing",
        "text-sideways",
    }
)
"""Remarks of the text stage that say that something printed on a page did not become text."""


def partly_unread(document: Document) -> bool:
    """Whether something printed in it did not become text."""
    return any(remark.code in UNREAD for remark in document.remarks)


def _content(document: Document) -> tuple[Any, ...]:
    return (
        document.facts,
        tuple(_statement_content(s) for s in document.statements),
        tuple((t.title, t.rows, t.reason) for t in document.tables),
        tuple((p.text, p.heading) for p in document.prose),
    )


def _statement_content(statement: Statement) -> Statement:
    items = tuple(_item_content(item) for item in statement.items)
    columns = tuple(msgspec.structs.replace(column, number="") for column in statement.columns)
    return msgspec.structs.replace(statement, pages=(), items=items, columns=columns)


def _item_content(item: LineItem) -> LineItem:
    amounts = {m: _printed_content(a) for m, a in item.amounts.items()}
    return msgspec.structs.replace(item, page=0, row=0, amounts=amounts, places={})


def _printed_content(amount: Amount) -> Amount:
    """What is printed, not where, nor whether sums bear out what was recognised."""
    certainty = amount.certainty
    if certainty is Certainty.CONFIRMED:
        certainty = Certainty.RECOGNISED
    return msgspec.structs.replace(
        amount, at=None, certainty=certainty, proposed=None, witnesses=()
    )


# --- document.json: one line item, paragraph or row a line, so that a git diff can be read ---


def _json(document: Document) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(document)
    for name in ("prose", "claims", "remarks"):
        if name in fields:
            fields[name] = _Listed(fields[name])
    if "statements" in fields:
        fields["statements"] = _Listed(
            [_opened(s, "columns", "items") for s in fields["statements"]]
        )
    if "tables" in fields:
        fields["tables"] = _Listed([_opened(t, "rows") for t in fields["tables"]])
    return "".join(_laid_out(_Opened(fields), "")).encode() + b"\n"


class _Listed(list[Any]):
    """A list printed with one entry a line."""


class _Opened(dict[str, Any]):
    """An object printed with one field a line."""


def _opened(fields: dict[str, Any], *listed: str) -> _Opened:
    return _Opened({k: _Listed(v) if k in listed else v for k, v in fields.items()})


def _laid_out(value: Any, indent: str) -> Iterable[str]:
    deeper = indent + " "
    if isinstance(value, _Opened) and value:
        entries = [(_compact(key) + ": ", entry) for key, entry in value.items()]
        brackets = "{}"
    elif isinstance(value, _Listed) and value:
        entries = [("", entry) for entry in value]
        brackets = "[]"
    else:
        yield _compact(value)
        return
    yield brackets[0]
    for number, (key, entry) in enumerate(entries):
        yield f"{',' if number else ''}\n{deeper}{key}"
        yield from _laid_out(entry, deeper)
    yield f"\n{indent}{brackets[1]}"


def _compact(value: Any) -> str:
    return msgspec.json.encode(value).decode()


# --- statements as CSV ---

_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d[\d,]*)?\.?\d+%?")
_ATTRIBUTES: Final = {
    "block": "所属部分",
    "category": "分类",
    "function": "科目名称",
    "item": "品目",
    "measure": "计量单位",
    "method": "采购方式",
    "quantity": "数量",
}
"""Headers for the printed cells that are neither name, code nor money (`LineItem.attributes`)."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _csv(statement: Statement) -> bytes:
    unit = statement.unit or "单位不明"
    attributes = list(dict.fromkeys(name for item in statement.items for name in item.attributes))
    measures = list(dict.fromkeys(column.measure for column in statement.columns))
    measures += [
        name
        for name in dict.fromkeys(name for item in statement.items for name in item.amounts)
        if name not in measures
    ]
    head = ["类别", "科目编码", "名称", *(_ATTRIBUTES.get(name, name) for name in attributes)]
    head += [f"{measure}（{unit}）" for measure in measures]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([_cell(text) for text in [*head, "页", "行"]])
    for item in statement.items:
        cells = [item.side or "", item.code, item.name]
        cells += [item.attributes.get(name, "") for name in attributes]
        cells += [_printed(item.amounts.get(measure)) for measure in measures]
        cells += [str(item.page or ""), str(item.row or "")]
        writer.writerow([_cell(text) for text in cells])
    return file.getvalue().encode()


def _printed(amount: Amount | None) -> str:
    """The figure as printed; a blank stays blank."""
    return "" if amount is None or amount.mark is Mark.BLANK else amount.text


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a lone dash is none and stays as printed."""
    if text.startswith(_FORMULA) and text != "-" and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


# --- prose as Markdown ---

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>&#|~$])")
_AT_START: Final = re.compile(r"^([+=-]|\d+(?=[.)]))")
_DEEPEST: Final = 6


def _markdown(prose: Iterable[Paragraph]) -> bytes:
    blocks: list[str] = []
    page = 0
    for paragraph in prose:
        if paragraph.page != page:
            page = paragraph.page
            blocks.append(f"<!-- 第 {page} 页 -->")
        lines = [line.strip() for line in paragraph.text.splitlines() if line.strip()]
        if not lines:
            continue
        if paragraph.heading:
            marks = "#" * min(paragraph.heading, _DEEPEST)
            blocks.append(f"{marks} {_escaped(' '.join(lines))}")
        else:
            blocks.append("\n".join(_escaped(line) for line in lines))
    return ("\n\n".join(blocks) + "\n").encode()


def _escaped(line: str) -> str:
    """The line so that Markdown shows it as it is."""
    plain = _SPECIAL.sub(r"\\\1", line)
    return _AT_START.sub(_escaped_start, plain)


def _escaped_start(match: re.Match[str]) -> str:
    start = match.group(1)
    return f"{start}\\" if start.isdigit() else f"\\{start}"
