"""A small archive, the site built from it, and its pages as a program of a reader sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from lxml import html
from msgspec import structs

from archive.executor import Executor
from archive.model import (
    Certainty,
    ChangeKind,
    Document,
    Identity,
    Kind,
    Level,
    Paragraph,
    Remark,
    Statement,
)
from archive.register import Register
from diffing.site.build import Built, Inputs, build
from diffing.site.settings import SiteSettings
from diffing.thresholds import DigestSettings
from tests.diffing.archived import Filing, identity, known
from tests.diffing.build import budget, document, item, statement

OFFICE = "上海市普陀区人民政府万里街道办事处"
OTHER = "上海市普陀区人民政府长风新村街道办事处"
_CALL = re.compile(r"window\.(__\w+)\((.*)\);\n", re.DOTALL)


def read_anew(found: Document, certainty: Certainty) -> Document:
    """The document with every figure read with this certainty."""

    def changed(one: Statement) -> Statement:
        items = tuple(
            structs.replace(
                line,
                amounts={
                    name: structs.replace(amount, certainty=certainty)
                    for name, amount in line.amounts.items()
                },
            )
            for line in one.items
        )
        return structs.replace(one, items=items)

    return structs.replace(found, statements=tuple(map(changed, found.statements)))


def placed(found: Document) -> Document:
    """The document with each statement on a page of its own, as documents have them."""
    statements = []
    for number, one in enumerate(found.statements, 3):
        items = []
        for place, line in enumerate(one.items, 2):
            amounts = {}
            for column, (name, amount) in enumerate(line.amounts.items(), 2):
                assert amount.at is not None
                at = structs.replace(amount.at, page=number, row=place, column=column)
                amounts[name] = structs.replace(amount, at=at)
            items.append(structs.replace(line, amounts=amounts, page=number, row=place))
        statements.append(structs.replace(one, items=tuple(items), pages=(number,)))
    return structs.replace(found, statements=tuple(statements))


def final(total: str = "95.00") -> Document:
    """A small final account; its figures were recognised from an image."""
    number = ("决算数",)
    made = document(
        statement(
            item("本年收入合计", total, measures=number, side="收入", total=True),
            item("收入总计", total, measures=number, side="收入", total=True),
            item("支出总计", total, measures=number, side="支出", total=True),
            form="final.total",
            title="收入支出决算总表",
        ),
        statement(
            item("科学技术支出", total, "", "-", code="206", level=1),
            item("合计", total, "40.00", "55.00"),
            form="final.expenditure",
            title="支出决算表",
        ),
    )
    made = structs.replace(made, remarks=(Remark("page-image", "", 4),))
    return placed(read_anew(made, Certainty.RECOGNISED))


def prose(found: Document, *texts: str) -> Document:
    """The document with paragraphs on page 2."""
    return structs.replace(found, prose=tuple(Paragraph(2, text) for text in texts))


class Site:
    """An archive with a handful of documents and a folder for its site."""

    def __init__(self, root: Path, *, lang: str = "zh", register: Register | None = None) -> None:
        self.root = root
        self.folder = root / "site"
        self.filing = Filing(root / "archive")
        self.register = register or known()
        self.settings = SiteSettings(lang=lang)  # type: ignore[arg-type]
        self.judged: Mapping[str, Any] = {}

    def fill(self) -> Site:
        """Two agencies of one kind over two years, a revision, a final account from an image."""
        office = identity(2024, name=OFFICE)
        self.filing.commit(placed(budget("60.00")), identity(2023, name=OFFICE))
        first = prose(placed(budget("80.00", "5.00")), "2024年收支总预算125.00万元。")
        self.filing.commit(first, office)
        revised = prose(placed(budget("90.00", "5.00")), "2024年收支总预算135.00万元。")
        self.filing.commit(revised, office, ChangeKind.REVISION)
        self.filing.commit(final(), identity(2024, Kind.FINAL, name=OFFICE))
        self.filing.commit(placed(budget("70.00")), identity(2024, name=OTHER))
        return self

    def build(self, executor: Executor | None = None) -> Built:
        """Build the site, or bring it up to date."""
        told = self.root / "digests"
        inputs = Inputs(site=self.settings, digest=DigestSettings(), judged=self.judged, told=told)
        archive, folder = self.filing.archive, self.folder
        return build(archive, self.register, inputs, folder, executor=executor)

    def page(self, path: str) -> html.HtmlElement:
        """One page, parsed."""
        return html.document_fromstring((self.folder / path).read_bytes().decode())

    def pages(self) -> dict[str, html.HtmlElement]:
        """Every page, by path."""
        paths = sorted(path.relative_to(self.folder) for path in self.folder.rglob("*.html"))
        return {path.as_posix(): self.page(path.as_posix()) for path in paths}

    def script(self, path: str) -> tuple[str, list[Any]]:
        """What a script of the index calls, and with what."""
        found = _CALL.fullmatch((self.folder / path).read_text())
        assert found is not None, path
        return found[1], json.loads(f"[{found[2]}]")

    def contents(self) -> dict[str, bytes]:
        """Every file of the site but the kept state."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".mingzhang" not in path.parts
        }


def document_path(what: Identity) -> str:
    """Where the page of a document lies."""
    return f"{what.division}/{what.agency}/{what.year}-{what.kind}-{what.level}/index.html"


def text_of(element: html.HtmlElement) -> str:
    """What is printed, on one line."""
    return " ".join("".join(element.itertext()).split())


def exact_json(value: object) -> bytes:
    """A value as the model keeps it, for comparisons."""
    return msgspec.json.encode(value)


__all__ = [
    "OFFICE",
    "OTHER",
    "Level",
    "Site",
    "document_path",
    "exact_json",
    "final",
    "placed",
    "prose",
    "read_anew",
    "text_of",
]
