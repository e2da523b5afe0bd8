"""Simulated publications: documents as large and as regular as real ones, from a seed.

Sizes follow the 13 real publications of the text stage's benchmark: about 100 line items and 310
figures in a unit's document, 120 to 270 and 360 to 900 in a department's, 75 to 200 claims, 100 to
280 kB committed. Tables add up, the prose says what the tables print, and one document in fifty
states one figure wrongly, so that comparing and checking have real work.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from archive.model import (
    Amount,
    Basis,
    Binding,
    Box,
    Claim,
    Classification,
    Column,
    Direction,
    Document,
    Facts,
    Kind,
    Level,
    LineItem,
    Locator,
    Mark,
    Paragraph,
    Reference,
    Role,
    Statement,
    Unit,
)
from benchmarks.spending import Line, lines, names

EXTRACTOR = "simulated/1"
FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
FINAL_COLUMNS = {
    "income": (
        "合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ),
    "expenditure": (
        "合计",
        "基本支出",
        "项目支出",
        "上缴上级支出",
        "经营支出",
        "对附属单位补助支出",
    ),
}
BUDGET_COLUMNS = {
    "income": ("合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"),
    "expenditure": ("合计", "基本支出", "项目支出"),
}
TITLES = {
    Kind.BUDGET: {
        "total": "部门收支总表",
        "income": "部门收入总表",
        "expenditure": "部门支出总表",
        "fiscal": "财政拨款收支总表",
        "general_function": "一般公共预算支出功能分类预算表",
        "basic_economic": "一般公共预算基本支出经济分类预算表",
        "sangong": "“三公”经费和机关运行经费预算表",
        "fund": "政府性基金预算支出功能分类预算表",
        "soe": "国有资本经营预算支出功能分类预算表",
    },
    Kind.FINAL: {
        "total": "收入支出决算总表",
        "income": "收入决算表",
        "expenditure": "支出决算表",
        "fiscal": "财政拨款收入支出决算总表",
        "general_function": "一般公共预算财政拨款支出决算表",
        "basic_economic": "一般公共预算财政拨款基本支出决算表",
        "sangong": "财政拨款“三公”经费支出决算表",
        "fund": "政府性基金预算财政拨款收入支出决算表",
        "soe": "国有资本经营预算财政拨款收入支出决算表",
    },
}
EMPTY = {"fund": "政府性基金预算财政拨款", "soe": "国有资本经营预算财政拨款"}
WORDS = (
    "贯彻执行国家有关法律法规和方针政策，研究拟订本区相关工作规划并组织实施；",
    "负责本区相关领域的公共服务、行业管理和安全生产监督管理工作；",
    "指导、协调、督促街道镇开展相关工作，承担区级专项资金的使用和绩效管理；",
    "承办区委、区政府交办的其他事项。",
    "按照预算管理有关规定，严格控制一般性支出，强化预算绩效管理。",
)


def document(
    key: str,
    name: str,
    level: Level,
    year: int,
    kind: Kind,
    original: str,
    salt: int = 0,
) -> Document:
    """The document of an agency's year; the same for the same arguments."""
    spent = lines(key, level, year, kind, salt)
    before = {one.code: one for one in lines(key, level, year - 1, kind)}
    statements = tuple(_statements(key, year, kind, spent))
    draw = random.Random(f"prose {key} {year} {kind}")  # noqa: S311
    prose, claims = _prose(draw, name, year, kind, spent, before)
    return Document(
        original=original,
        media_type="application/pdf",
        extractor=EXTRACTOR,
        pages=18 + len(spent) // 2,
        facts=Facts(name, level, year, kind, title=f"{name}{year}年度{_word(kind)}"),
        statements=statements,
        prose=tuple(prose),
        claims=tuple(claims),
    )


# --- tables ---


class _Table:
    """Rows of one statement as they are printed, 24 a page."""

    def __init__(self, kind: Kind, form: str, page: int) -> None:
        self.kind, self.form, self.page, self.row = kind, form, page, 4
        self.items: list[LineItem] = []
        self.notes: tuple[str, ...] = ()
        self.columns: dict[tuple[str, str | None], None] = {}

    def add(self, name: str, cells: dict[str, int | None], **fields: object) -> None:
        """One line item."""
        if self.row > 28:
            self.page, self.row = self.page + 1, 4
        side = fields.get("side")
        at = 2 if side == "收入" else 4
        amounts = {}
        for number, (measure, cents) in enumerate(cells.items()):
            self.columns[measure, side if isinstance(side, str) else None] = None
            amounts[measure] = _amount(cents, self.page, self.row, at + number)
        self.items.append(
            LineItem(name=name, amounts=amounts, page=self.page, row=self.row, **fields)  # type: ignore[arg-type]
        )
        self.row += 1

    def made(self, year: int) -> Statement:
        """The statement."""
        return Statement(
            form=f"{self.kind}.{self.form}",
            title=f"{year}年{TITLES[self.kind][self.form]}",
            unit=Unit.WAN,
            pages=tuple(sorted({item.page for item in self.items})),
            columns=tuple(Column(m, m, side) for m, side in self.columns),
            items=tuple(self.items),
            notes=self.notes,
            year=year,
        )


def _amount(cents: int | None, page: int, row: int, column: int) -> Amount:
    x, y = 60.0 + 80.5 * column, 760.0 - 21.6 * row
    at = Locator(page, row, column, Box(x, round(y, 1), x + 80.5, round(y + 21.6, 1)))
    if cents is None:
        return Amount("", None, Mark.BLANK, at=at)
    return Amount(_printed(cents), Decimal(cents).scaleb(-2), at=at)


def _printed(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _levels(spent: Iterable[Line]) -> Iterator[tuple[str, int, int, int]]:
    """Code, level, basic and project expenditure of each 类, 款 and 项, in order of codes."""
    sums: dict[str, list[int]] = {}
    for one in spent:
        for code in (one.code[:3], one.code[:5], one.code):
            pair = sums.setdefault(code, [0, 0])
            pair[0] += one.basic
            pair[1] += one.project
    for code in sorted(sums):
        yield code, (len(code) - 1) // 2, sums[code][0], sums[code][1]


def _functional(table: _Table, spent: tuple[Line, ...], columns: tuple[str, ...]) -> None:
    for code, level, basic, project in (*_levels(spent), ("", 0, _basic(spent), _project(spent))):
        cells: dict[str, int | None] = dict.fromkeys(columns)
        cells["合计"] = basic + project
        if "基本支出" in cells:
            cells |= {"基本支出": basic or None, "项目支出": project or None}
        else:
            cells["财政拨款收入"] = basic + project
        table.add(
            names().functional.get(code, "合计"),
            cells,
            code=code,
            level=level,
            total=not code,
            classification=Classification.FUNCTIONAL,
        )


def _basic(spent: Iterable[Line]) -> int:
    return sum(one.basic for one in spent)


def _project(spent: Iterable[Line]) -> int:
    return sum(one.project for one in spent)


def _sided(table: _Table, spent: tuple[Line, ...], funds: bool) -> None:
    measure = "预算数" if table.kind is Kind.BUDGET else "决算数"
    total = _basic(spent) + _project(spent)
    incomes = ("一、一般公共预算财政拨款收入", "二、政府性基金预算财政拨款收入")
    for number, name in enumerate((*incomes, "三、国有资本经营预算财政拨款收入")):
        table.add(name, {measure: total if number == 0 else None}, side="收入", level=1)
    end = "收入总计" if table.kind is Kind.BUDGET else "总计"
    table.add(end, {measure: total}, side="收入", total=True)

    def cells(cents: int) -> dict[str, int | None]:
        if not funds:
            return {measure: cents}
        return {"合计": cents, FUNDS[0]: cents, FUNDS[1]: None, FUNDS[2]: None}

    for number, (code, level, basic, project) in enumerate(_levels(spent), 1):
        if level == 1:
            label = f"{number}、{names().functional[code]}"
            table.add(label, cells(basic + project), side="支出", level=1)
    end = "支出总计" if table.kind is Kind.BUDGET else "总计"
    table.add(end, cells(total), side="支出", total=True)


def _economic(table: _Table, key: str, spent: tuple[Line, ...]) -> None:
    """Basic expenditure by economic code: every row of the form is printed, many are blank."""
    total = _basic(spent)
    draw = random.Random(f"economic {key}")  # noqa: S311
    codes = [code for code, _ in names().economic if len(code) == 5]
    used = sorted(draw.sample(codes, min(14, len(codes))))
    weights = [draw.randint(1, 30) for _ in used]
    parts = [total * weight // sum(weights) for weight in weights]
    parts[0] += total - sum(parts)
    figures = dict(zip(used, parts, strict=True))
    by_class = {c: sum(v for k, v in figures.items() if k[:3] == c) for c in {c[:3] for c in used}}
    final = table.kind is Kind.FINAL
    rows = (
        names().economic
        if final
        else [r for r in names().economic if r[0] in figures or r[0] in by_class]
    )
    for code, name in rows:
        cents = figures.get(code) if len(code) == 5 else by_class.get(code)
        staff = code[:3] in ("301", "303")
        cells = (
            {"决算数": cents}
            if final
            else {
                "合计": cents,
                "人员经费": cents if staff else None,
                "公用经费": None if staff else cents,
            }
        )
        level = 1 if len(code) == 3 else 2
        table.add(name, cells, code=code, level=level, classification=Classification.ECONOMIC)
    staff_total = sum(v for k, v in figures.items() if k[:3] in ("301", "303"))
    whole = (
        {"决算数": total}
        if final
        else {"合计": total, "人员经费": staff_total, "公用经费": total - staff_total}
    )
    table.add("合计", whole, total=True, classification=Classification.ECONOMIC)


def _sangong(table: _Table, key: str, year: int) -> None:
    draw = random.Random(f"sangong {key} {year}")  # noqa: S311
    running, guests = draw.randint(0, 3000), draw.randint(0, 200)
    rows = {
        "合计": running + guests,
        "因公出国（境）费": 0,
        "公务用车购置及运行费-小计": running,
        "公务用车购置费": 0,
        "公务用车运行费": running,
        "公务接待费": guests,
    }
    for name, cents in rows.items():
        final = {"预算数": cents + cents // 10, "决算数": cents}
        cells: dict[str, int | None] = {"预算数": cents}
        table.add(name, dict(final) if table.kind is Kind.FINAL else cells, total=name == "合计")


def _statements(key: str, year: int, kind: Kind, spent: tuple[Line, ...]) -> Iterator[Statement]:
    columns = BUDGET_COLUMNS if kind is Kind.BUDGET else FINAL_COLUMNS
    page = 6
    for form in TITLES[kind]:
        table = _Table(kind, form, page)
        match form:
            case "total" | "fiscal":
                _sided(table, spent, funds=form == "fiscal")
            case "income" | "expenditure":
                _functional(table, spent, columns[form])
            case "general_function":
                _functional(table, spent, ("合计", "基本支出", "项目支出"))
            case "basic_economic":
                _economic(table, key, spent)
            case "sangong":
                _sangong(table, key, year)
            case _:
                cells: dict[str, int | None] = dict.fromkeys(("合计", "基本支出", "项目支出"))
                table.add("合计", cells, total=True, classification=Classification.FUNCTIONAL)
                table.notes = (f"注：{year}年度无{EMPTY[form]}收入支出。",)
        yield table.made(year)
        page = table.page + 1


# --- prose ---


def _prose(
    draw: random.Random,
    name: str,
    year: int,
    kind: Kind,
    spent: tuple[Line, ...],
    before: dict[str, Line],
) -> tuple[list[Paragraph], list[Claim]]:
    prose = [Paragraph(3, "一、主要职能", 1), Paragraph(3, f"{name}主要职能包括：")]
    for number in range(24 + len(spent)):
        clause = "".join(draw.sample(WORDS, draw.randint(1, 3)))
        prose.append(Paragraph(3 + number // 16, f"{number + 1}.{clause}"))
    prose.append(Paragraph(20, f"二、{year}年度{_word(kind)}情况说明", 1))
    claims: list[Claim] = []
    wrong = draw.randrange(len(spent)) if draw.random() < 0.02 else -1
    for number, one in enumerate(spent):
        total = one.basic + one.project
        said = total + 90_000 if number == wrong else total
        last = before.get(one.code)
        previous = last.basic + last.project if last else total
        text = _sentence(one.code, year, said, previous)
        prose.append(Paragraph(20 + number // 12, text))
        claims += _claims(one.code, year, kind, said, previous, text, len(claims))
    return prose, claims


def _word(kind: Kind) -> str:
    return "预算" if kind is Kind.BUDGET else "决算"


def _subject(code: str) -> str:
    known = names().functional
    return f"{known[code[:3]]}（类）{known[code[:5]]}（款）{known[code]}（项）"


def _percent(now: int, previous: int) -> Decimal:
    change = Decimal(abs(now - previous) * 100) / Decimal(previous or 1)
    return change.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _sentence(code: str, year: int, now: int, previous: int) -> str:
    word = "增加" if now >= previous else "减少"
    return (
        f"{_subject(code)}{_plain(now)}万元，{year - 1}年为{_plain(previous)}万元，"
        f"{word}{_percent(now, previous)}%，主要用于保障工作正常开展。"
    )


def _claims(
    code: str, year: int, kind: Kind, now: int, previous: int, text: str, first: int
) -> Iterator[Claim]:
    basis = Basis.BUDGET if kind is Kind.BUDGET else Basis.FINAL
    bound = Binding(f"{kind}.general_function", names().functional[code], "合计", code)
    up = now >= previous
    percent = _percent(now, previous)

    def span(said: str, after: int = 0) -> tuple[int, int]:
        start = text.index(said, after)
        return start, start + len(said)

    common = {"subject": _subject(code), "page": 20, "quotation": text, "basis": basis}
    one, two, three = f"{_plain(now)}万元", f"{_plain(previous)}万元", f"{percent}%"
    yield Claim(
        role=Role.VALUE, text=one, span=span(one), value=Decimal(now).scaleb(-2), unit="万元",
        year=year, bound=(bound,), **common,  # type: ignore[arg-type]
    )  # fmt: skip
    yield Claim(
        role=Role.PREVIOUS, text=two, span=span(two, text.index("年为")), unit="万元",
        value=Decimal(previous).scaleb(-2), year=year - 1, **common,  # type: ignore[arg-type]
    )  # fmt: skip
    yield Claim(
        role=Role.CHANGE_PERCENT, text=three, span=span(three), value=percent, unit="%",
        word="增加" if up else "减少", direction=Direction.UP if up else Direction.DOWN,
        year=year, against=Reference(f"{year - 1}年", year - 1, basis), about=first,
        **common,  # type: ignore[arg-type]
    )  # fmt: skip
