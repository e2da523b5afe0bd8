"""Agencies of sites B, D and E, and one of C in later years: the figures of others, multiplied.

Whole multiples keep every sum exact and every document distinct.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, TypeVar

from msgspec.structs import replace

from tests.portal.documents.agencies import archives, qiye, rencai
from tests.portal.documents.figures import (
    Accounts,
    Agency,
    Budget,
    FinalAccount,
    Function,
    Project,
    Sangong,
    wan,
)

_A = TypeVar("_A", bound=Accounts)
DUTIES: Final = ("承担本区有关工作。", "办理区委、区政府交办的事项。", "为群众提供咨询服务。")


def _agency(name: str, division: str, code: str) -> Agency:
    district = name[:3]
    return Agency(
        name=name,
        short=f"区{name.removeprefix(district)}",
        division=division,
        district=district,
        code=code,
        hotline=f"027-8877{code}1",
        clerk="顾念慈",
        phone="13600007788",
        duties=DUTIES,
        blank_zeros=True,
    )


def times(facts: _A, agency: Agency, factor: int, year: int = 0) -> _A:
    """The same accounts of another agency, every amount multiplied; without a year before."""
    by = Decimal(factor)
    changed = replace(
        facts,
        agency=agency,
        year=year or facts.year,
        functions=tuple(
            Function(f.code, f.personnel * by, f.public * by, f.project * by)
            for f in facts.functions
        ),
        economics=tuple((code, amount * by) for code, amount in facts.economics),
        sangong=_times(facts.sangong, by),
        before=None,
    )
    if isinstance(changed, Budget):
        projects = tuple(Project(p.name, p.amount * by, p.category) for p in changed.projects)
        return replace(changed, projects=projects)
    if isinstance(changed, FinalAccount):
        return replace(changed, plan=_times(changed.plan, by), printed={}, budgeted=None)
    return changed


def _times(said: Sangong, by: Decimal) -> Sangong:
    return Sangong(
        abroad=said.abroad * by,
        purchase=said.purchase * by,
        running=said.running * by,
        reception=said.reception * by,
    )


AUDIT = _agency("东湖区审计局", "990102", "302")
JUSTICE = _agency("东湖区司法局", "990102", "303")
PETITIONS = _agency("东湖区信访局", "990102", "304")
RECORDS = _agency("老城区档案局", "990104", "401")
CIVIL = _agency("老城区民政局", "990104", "402")
HISTORY = _agency("青麓区地方志办公室", "990103", "205")
RENAMED = replace(
    qiye.AGENCY, name="青麓区科技创新和人才服务中心", short="区科创人才中心", code="017"
)

_JUSTICE_2025 = times(rencai.BUDGET_2025, JUSTICE, 4)
_MOVED = {"人才工作专项经费": wan("100.00"), "引才活动经费": wan("118.00")}
_RENAMED_2026 = (
    Project("企业和人才活动经费", wan("60.00")),
    # 综合业务 56.00 is split in two, 党建 and 档案服务工作 are cancelled.
    Project("综合业务（政务）", wan("30.00")),
    Project("综合业务（后勤）", wan("26.00")),
    Project("公众号运维", wan("25.00")),
    Project("重点产业企业人才调研工作", wan("15.00")),
    Project("人才驿站工作经费", wan("20.00")),
    Project("编外辅助用工", wan("20.00")),
    Project("科技创新券兑现", wan("25.85")),
)
_SPLIT_2026 = (
    Function("2013999", project=wan("121.85")),
    Function("2014004", project=wan("40.00")),
)

FACTS: Final[dict[str, Accounts]] = {
    "audit-2023-budget": times(rencai.BUDGET_2024, AUDIT, 2, 2023),
    "audit-2024-budget": times(rencai.BUDGET_2024, AUDIT, 3),
    "audit-2025-budget": times(rencai.BUDGET_2025, AUDIT, 3),
    "audit-2024-final": times(rencai.FINAL_2024, AUDIT, 3),
    "justice-2024-budget": times(rencai.BUDGET_2024, JUSTICE, 4),
    "justice-2025-budget": _JUSTICE_2025,
    "justice-2025-budget-corrected": replace(
        _JUSTICE_2025,
        projects=tuple(
            replace(p, amount=_MOVED.get(p.name, p.amount)) for p in _JUSTICE_2025.projects
        ),
    ),
    "justice-2024-final": times(rencai.FINAL_2024, JUSTICE, 4),
    "petitions-2024-budget": times(rencai.BUDGET_2024, PETITIONS, 5),
    "petitions-2024-final": times(rencai.FINAL_2024, PETITIONS, 5),
    "records-2024-budget": times(archives.BUDGET_2025, RECORDS, 2, 2024),
    "civil-2024-budget": times(rencai.BUDGET_2024, CIVIL, 6),
    "civil-2024-budget-changed": replace(
        times(rencai.BUDGET_2024, CIVIL, 6),
        agency=replace(CIVIL, duties=("承担本区社会救助工作。", *DUTIES[1:])),
    ),
    "civil-2024-final": times(rencai.FINAL_2024, CIVIL, 6),
    "history-2024-budget": times(rencai.BUDGET_2024, HISTORY, 7),
    "qiye-2026-budget": replace(
        qiye.BUDGET_2025,
        agency=RENAMED,
        year=2026,
        projects=_RENAMED_2026,
        # 20139 and 20140 are new in the classification of 2024: 2010399, 161.85, is split in two.
        functions=tuple(
            part
            for f in qiye.BUDGET_2025.functions
            for part in (_SPLIT_2026 if f.code == "2010399" else (f,))
        ),
        before=None,
    ),
}
