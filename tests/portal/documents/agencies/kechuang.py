"""江城区科技创新和人才服务中心: a small centre whose final account is 34 times its budget."""

from __future__ import annotations

from msgspec.structs import replace

from tests.portal.documents.figures import (
    Agency,
    Budget,
    FinalAccount,
    Function,
    Project,
    Sangong,
    wan,
)

AGENCY = Agency(
    name="江城区科技创新和人才服务中心",
    short="区科创人才中心",
    division="990101",
    district="江城区",
    code="118",
    hotline="027-88990012",
    clerk="顾念慈",
    phone="13600007788",
    duties=(
        "宣传科技创新和人才工作的政策，为区内企业和人才提供咨询。",
        "承办企业服务专员制度，收集企业诉求并跟踪办理。",
        "受理惠企资金的申报，组织会审并按程序拨付。",
        "管理区创新发展和人才服务基地。",
    ),
    blank_zeros=True,
)

BUDGET_2024 = Budget(
    agency=AGENCY,
    year=2024,
    functions=(
        Function("2010350", personnel=wan("201.43"), public=wan("20.05")),
        Function("2010399", project=wan("141.50")),
        Function("2080502", personnel=wan("2.96")),
        Function("2080505", personnel=wan("24.16")),
        Function("2101102", personnel=wan("12.08")),
        Function("2101103", personnel=wan("17.56")),
        Function("2210201", personnel=wan("27.88")),
        Function("2210202", personnel=wan("5.21")),
        Function("2210203", personnel=wan("18.36")),
    ),
    economics=(
        ("30101", wan("68.20")),
        ("30102", wan("31.07")),
        ("30103", wan("42.50")),
        ("30107", wan("82.11")),
        ("30108", wan("24.16")),
        ("30110", wan("12.08")),
        ("30111", wan("17.56")),
        ("30112", wan("1.12")),
        ("30113", wan("27.88")),
        ("30302", wan("2.96")),
        ("30201", wan("6.40")),
        ("30213", wan("1.20")),
        ("30216", wan("0.86")),
        ("30217", wan("0.39")),
        ("30228", wan("2.30")),
        ("30229", wan("3.90")),
        ("30299", wan("5.00")),
    ),
    sangong=Sangong(reception=wan("0.39")),
    projects=(
        Project("区企业和人才服务专项经费", wan("101.50")),
        Project("惠企政策宣传经费", wan("40.00")),
    ),
)

BUDGET_2025 = Budget(
    agency=AGENCY,
    year=2025,
    functions=(
        Function("2010350", personnel=wan("245.77"), public=wan("63.09")),
        Function("2010399", project=wan("388.50")),
        Function("2080502", personnel=wan("2.96")),
        Function("2080505", personnel=wan("30.36")),
        Function("2101102", personnel=wan("15.19")),
        Function("2101103", personnel=wan("19.88")),
        Function("2210201", personnel=wan("33.71")),
        Function("2210202", personnel=wan("5.93")),
        Function("2210203", personnel=wan("19.65")),
    ),
    economics=(
        ("30101", wan("83.92")),
        ("30102", wan("36.75")),
        ("30103", wan("51.04")),
        ("30107", wan("97.67")),
        ("30108", wan("30.36")),
        ("30110", wan("15.19")),
        ("30111", wan("19.88")),
        ("30112", wan("1.18")),
        ("30113", wan("33.71")),
        ("30302", wan("2.96")),
        ("30399", wan("0.79")),
        ("30201", wan("9.60")),
        ("30202", wan("2.00")),
        ("30213", wan("3.50")),
        ("30215", wan("1.50")),
        ("30216", wan("1.04")),
        ("30217", wan("0.45")),
        ("30226", wan("6.00")),
        ("30227", wan("21.00")),
        ("30228", wan("3.40")),
        ("30229", wan("5.60")),
        ("30299", wan("9.00")),
    ),
    sangong=Sangong(reception=wan("0.45")),
    projects=(
        Project("区企业和人才服务专项经费", wan("81.50")),
        Project("创新发展和人才服务基地专项经费", wan("307.00")),
    ),
    before=BUDGET_2024,
)

# Replaced on the portal under a new name: one project's figure differs, and all sums with it.
BUDGET_2025_REPLACED = replace(
    BUDGET_2025,
    functions=tuple(
        replace(f, project=wan("348.50")) if f.code == "2010399" else f
        for f in BUDGET_2025.functions
    ),
    projects=(BUDGET_2025.projects[0], replace(BUDGET_2025.projects[1], amount=wan("267.00"))),
)

FINAL_2024 = FinalAccount(
    agency=AGENCY,
    year=2024,
    functions=(
        Function("2010350", personnel=wan("263.96"), public=wan("20.36")),
        Function("2010399", project=wan("295.53")),
        Function("2011308", project=wan("6806.44")),
        Function("2013699", project=wan("0.20")),
        Function("2069999", project=wan("2645.72")),
        Function("2070199", project=wan("100.00")),
        Function("2080502", personnel=wan("2.86")),
        Function("2080505", personnel=wan("31.46")),
        Function("2101102", personnel=wan("15.20")),
        Function("2101103", personnel=wan("21.79")),
        Function("2101199", personnel=wan("0.72")),
        Function("2111001", project=wan("157.80")),
        Function("2119999", project=wan("500.00")),
        Function("2150299", project=wan("336.99")),
        Function("2150899", project=wan("450.00")),
        Function("2160202", project=wan("23.20")),
        Function("2160299", project=wan("974.50")),
        Function("2160699", project=wan("79.50")),
        Function("2169999", project=wan("17.09")),
        Function("2170399", project=wan("1513.55")),
        Function("2179999", project=wan("1552.19")),
        Function("2210201", personnel=wan("26.94")),
        Function("2210202", personnel=wan("5.97")),
        Function("2210203", personnel=wan("18.36")),
        Function("2299999", project=wan("150.00")),
    ),
    economics=(
        ("30101", wan("81.36")),
        ("30102", wan("33.34")),
        ("30107", wan("172.09")),
        ("30108", wan("31.46")),
        ("30110", wan("15.20")),
        ("30111", wan("21.79")),
        ("30112", wan("1.51")),
        ("30113", wan("26.94")),
        ("30302", wan("2.86")),
        ("30399", wan("0.72")),
        ("30201", wan("12.59")),
        ("30226", wan("4.17")),
        ("30227", wan("0.50")),
        ("30228", wan("1.88")),
        ("30229", wan("1.14")),
        ("30239", wan("0.09")),
    ),
    # Rounded line by line, as real accounts are: 01 and 04 end 0.01 away from 02 to 05.
    printed={
        "208": wan("34.31"),
        "217": wan("3065.75"),
        "221": wan("51.28"),
        "合计": wan("16010.35"),
        "项目支出": wan("15602.72"),
        "301": wan("383.68"),
        "302": wan("20.36"),
    },
    no_sangong=True,
    budgeted=wan("471.19"),
)
