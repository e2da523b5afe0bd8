"""The words of the model: what the text stage reads, what the archive keeps, what is compared.

Only shapes live here, no behaviour beyond what a shape needs to answer about itself.
The Chinese term for every word stands in docs/glossary.md.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

__all__ = [
    "Amount",
    "Basis",
    "Binding",
    "Box",
    "Certainty",
    "ChangeKind",
    "Claim",
    "Classification",
    "Column",
    "Direction",
    "Document",
    "Facts",
    "Identity",
    "Kind",
    "Level",
    "LineItem",
    "Locator",
    "Mark",
    "Paragraph",
    "RawTable",
    "Reference",
    "Remark",
    "Repair",
    "Role",
    "Source",
    "Statement",
    "Unit",
]


class Kind(StrEnum):
    """What a document accounts for: the plan of a year (预算) or its outcome (决算)."""

    BUDGET = "budget"
    FINAL = "final"


class Level(StrEnum):
    """Who reports: a department with all its units (部门), or one unit (单位)."""

    DEPARTMENT = "department"
    UNIT = "unit"


class Unit(StrEnum):
    """The unit money is printed in."""

    YUAN = "元"
    WAN = "万元"


YUAN_PER: Final = {Unit.YUAN: Decimal(1), Unit.WAN: Decimal(10_000)}


class Certainty(StrEnum):
    """How surely a figure was read; it travels with the figure to the reader."""

    TEXT = "text"
    """Read from the text layer, placed by ruling lines."""
    ALIGNED = "aligned"
    """Read from the text layer, placed by alignment because rulings were missing."""
    CONFIRMED = "confirmed"
    """Recognised from an image and confirmed by sums."""
    RECOGNISED = "recognised"
    """Recognised from an image, unconfirmed."""
    UNREADABLE = "unreadable"
    """Something is printed that is not an amount."""


class Mark(StrEnum):
    """What stands in a cell: a blank is not a zero, and neither is a dash."""

    PRINTED = "printed"
    BLANK = "blank"
    DASH = "dash"
    UNREADABLE = "unreadable"


class Classification(StrEnum):
    """By what a line item is classified."""

    FUNCTIONAL = "functional"
    ECONOMIC = "economic"
    UNIT = "unit"
    PROJECT = "project"
    CATEGORY = "category"


class ChangeKind(StrEnum):
    """Why a commit exists (the `Change-Kind` trailer)."""

    FIRST = "first"
    REVISION = "revision"
    CORRECTION = "correction"
    BYTES_ONLY = "bytes-only"
    RE_EXTRACTION = "re-extraction"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"
    BACKFILL = "backfill"
    MIGRATION = "migration"
    MIRROR = "mirror"


class Box(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A place on a page in PDF points, origin at the lower left of the sheet (its MediaBox), as a
    viewer shows the page: with the rotation the file asks for, and nothing put straight."""

    x0: float
    y0: float
    x1: float
    y1: float


class Locator(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a figure is printed: page, row and column all count from 1.

    The row counts the ruled rows of the page's table, headers included, so that a reader can
    find it with a finger. The original (sha256) is the document's; it is not repeated here.
    """

    page: int
    row: int
    column: int
    box: Box | None = None


class Amount(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One printed figure: the text as printed and, where it is a number, its exact value.

    `value` is in the statement's unit and keeps the printed precision (6.20 is not 6.2).
    """

    text: str
    value: Decimal | None = None
    mark: Mark = Mark.PRINTED
    certainty: Certainty = Certainty.TEXT
    at: Locator | None = None
    proposed: Decimal | None = None
    """What sums ask for where a recognised figure does not fit or could not be read. Never the
    reading itself; it stands beside it until somebody has looked at the original."""
    witnesses: tuple[str, ...] = ()
    """The equations that ask for `proposed`, with their figures."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A money column of a statement.

    `measure` is the form's canonical name, equal across layouts and years (合计, 基本支出 …);
    `header` is the printed header path, levels joined with "-".
    """

    measure: str
    header: str
    side: str | None = None
    number: str = ""
    """What the row that numbers the columns prints: 6, or 5=6+7; kept where the row prints a
    formula, "" elsewhere."""


class LineItem(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One row of a statement, with one amount per measure."""

    name: str
    code: str = ""
    side: str | None = None
    level: int = 0
    """Depth in the hierarchy: 1 类, 2 款, 3 项 (or printed outline level); 0 for totals."""
    classification: Classification = Classification.CATEGORY
    total: bool = False
    """True for 合计, 小计, 总计 rows."""
    occurrence: int = 1
    """1 unless the same side, code path and name stand in the statement more than once."""
    attributes: dict[str, str] = {}
    """Other printed cells of the row: category, function, item, quantity, method, block …"""
    amounts: dict[str, Amount] = {}
    """Measure -> amount, in column order."""
    page: int = 0
    row: int = 0
    remarks: tuple[str, ...] = ()
    places: dict[str, Locator] = {}
    """Where attributes are printed, by the same names; also of cells left blank."""


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One standard table of the form, known by title and header, never by its number."""

    form: str
    """Form id, such as "final.income" (a file in archive/forms/)."""
    title: str
    """Title as printed."""
    unit: Unit | None
    """The unit of all its amounts; None when no label says so (then nothing converts it)."""
    pages: tuple[int, ...]
    columns: tuple[Column, ...]
    items: tuple[LineItem, ...]
    notes: tuple[str, ...] = ()
    year: int | None = None
    """The year printed in the title, if any."""
    subject: str = ""
    """What it is about where a document prints one form several times: a project, a unit."""


class RawTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table that matches no form: kept as cells and reported, never dropped or forced."""

    title: str
    pages: tuple[int, ...]
    rows: tuple[tuple[str | None, ...], ...]
    """Cell texts; None where a cell above or to the left spans."""
    reason: str = ""


class Paragraph(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph of prose with soft line breaks healed."""

    page: int
    text: str
    heading: int = 0
    """Heading level from 1; 0 is body text."""


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to know about the reading itself; never a finding about the publisher."""

    code: str
    """Stable kebab-case id, such as "table-unknown", "unit-missing", "page-image"."""
    message: str
    page: int | None = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the document says about itself; None where it does not say, or says two things."""

    agency: str | None = None
    level: Level | None = None
    year: int | None = None
    kind: Kind | None = None
    codes: tuple[str, ...] = ()
    """Printed entity codes, such as "[420112000]东西湖区"."""
    title: str | None = None


class Role(StrEnum):
    """What a figure in the prose is to its subject."""

    VALUE = "value"
    PREVIOUS = "previous"
    """The value of an earlier year."""
    DIFFERENCE = "difference"
    SHARE = "share"
    CHANGE_PERCENT = "change-percent"
    EXECUTION_PERCENT = "execution-percent"
    COUNT = "count"


class Basis(StrEnum):
    """Which of a year's figures is meant: they differ, and must not be compared as one."""

    BUDGET = "budget"
    """预算, not said whether at the start of the year or after adjustment."""
    ORIGINAL = "original-budget"
    """年初预算."""
    FULL_YEAR = "full-year-budget"
    """全年预算, 调整预算."""
    EXECUTION = "execution"
    """预算执行数: what a budget says was spent of the year before, ahead of the final account."""
    FINAL = "final"
    """决算."""


class Direction(StrEnum):
    """Which way a figure moved, by the word printed."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a figure is compared with: "比2024年预算" is the budget of 2024."""

    text: str
    """As printed."""
    year: int | None = None
    basis: Basis | None = None


class Binding(msgspec.Struct, frozen=True, omit_defaults=True):
    """The cell of a statement that a claim speaks of; its fields name one line item exactly."""

    form: str
    name: str
    measure: str
    code: str = ""
    side: str | None = None
    occurrence: int = 1
    block: str = ""
    """The line item's attribute of that name: the same name stands once in each block."""


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing the prose says of a figure: an amount, count, share, change or direction.

    Indices point into `Document.claims`. `value` is in `unit` and keeps the printed precision; it
    is None where only a word is printed (持平) or the digits are not one number.
    """

    role: Role
    subject: str
    """What it speaks of, in the words of the prose, without agency, year and 决算数 or 预算数."""
    text: str
    """The figure and its unit, or the word, as printed."""
    page: int
    quotation: str
    """The sentence, exactly as it stands in the prose."""
    span: tuple[int, int]
    """Where `text` stands in the quotation."""
    value: Decimal | None = None
    unit: str | None = None
    """元, 万元, 亿元, %, 个百分点, 人, 辆 …; None when none is printed."""
    word: str = ""
    """The direction word as printed; "下降（增长）" names no direction."""
    direction: Direction | None = None
    year: int | None = None
    """The year of the figure: as stated, 本年 and nothing said meaning the document's own."""
    basis: Basis | None = None
    against: Reference | None = None
    """What a difference or percentage compares with."""
    whole: str = ""
    """What a share is a share of, in the words of the prose; "" when not said."""
    parent: int | None = None
    """The claim this one is a part of (其中：…)."""
    about: int | None = None
    """The value this difference, share or percentage is about."""
    bound: tuple[Binding, ...] = ()
    """The cells it speaks of: 收支总计 is printed on both sides. () when it is not sure."""
    reason: str = ""
    """Why it is bound to nothing."""


class Repair(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code or figure that was damaged before the document was published as a file.

    Both readings stand side by side: a figure in the prose stays as printed; a code is put right in
    its line item, and `printed` keeps what stands there.
    """

    printed: str
    """As it stands in the document."""
    read: str
    """What the witnesses say it is."""
    witnesses: tuple[str, ...]
    """What says so, each independent of the others."""
    page: int
    at: Locator | None = None
    form: str = ""
    """The statement it stands in; "" for prose."""
    claim: int | None = None
    """The claim whose figure it is: an index into `Document.claims`."""


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that was read in one original. Pure function of its bytes and of the extractor."""

    original: str
    """sha256 of the bytes."""
    media_type: str
    extractor: str
    """Identity of what read it: reader, version, and model where there is one."""
    pages: int
    facts: Facts
    statements: tuple[Statement, ...] = ()
    tables: tuple[RawTable, ...] = ()
    prose: tuple[Paragraph, ...] = ()
    remarks: tuple[Remark, ...] = ()
    claims: tuple[Claim, ...] = ()
    repairs: tuple[Repair, ...] = ()


class Identity(msgspec.Struct, frozen=True):
    """What is tracked over time: one agency's budget or final account of one year."""

    division: str
    """Division code, GB/T 2260, six digits."""
    agency: str
    """Agency id from the register, such as "310107.012"; never a name."""
    level: Level
    year: int
    kind: Kind

    @property
    def document_id(self) -> str:
        """The `Document-Id` trailer: "310107/310107.012/department/2024/final"."""
        return f"{self.division}/{self.agency}/{self.level}/{self.year}/{self.kind}"


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and when one original was seen."""

    url: str
    """The address of the bytes; file imports give a `file:` name without any directory."""
    page_url: str = ""
    """The article that links to it."""
    title: str = ""
    """Title on the portal, as listed."""
    article: str = ""
    """The article's own title, where it is another than the listed one."""
    published: date | None = None
    """What the publisher claims."""
    observed: datetime | None = None
    """Our clock, with time zone."""
    status: int = 200
    portal: str = ""
    filename: str = ""
