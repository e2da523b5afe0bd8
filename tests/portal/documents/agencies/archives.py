"""江城区档案馆: publishes in the Shanghai layout, in 元."""

from __future__ import annotations

from decimal import Decimal

from tests.portal.documents.figures import Agency, Budget, Function, Project, Sangong

AGENCY = Agency(
    name="江城区档案馆",
    short="区档案馆",
    division="990101",
    district="江城区",
    code="131",
    hotline="027-88990051",
    clerk="顾念慈",
    phone="13600007788",
    duties=("接收和保管区级机关的档案。", "提供档案查阅服务。", "开展档案宣传教育。"),
    blank_zeros=False,
)

_0 = Decimal(0)

BUDGET_2025 = Budget(
    agency=AGENCY,
    year=2025,
    functions=(
        Function("2012601", Decimal(3_246_518), Decimal(412_600), _0),
        Function("2012604", _0, _0, Decimal(1_385_000)),
        Function("2080505", Decimal(402_316), _0, _0),
        Function("2080506", Decimal(201_158), _0, _0),
        Function("2101101", Decimal(251_447), _0, _0),
        Function("2210201", Decimal(331_840), _0, _0),
        Function("2210203", Decimal(268_400), _0, _0),
    ),
    economics=(
        ("30101", Decimal(702_144)),
        ("30102", Decimal(1_688_310)),
        ("30103", Decimal(1_020_064)),
        ("30108", Decimal(402_316)),
        ("30109", Decimal(201_158)),
        ("30110", Decimal(251_447)),
        ("30113", Decimal(331_840)),
        ("30201", Decimal(96_000)),
        ("30207", Decimal(24_000)),
        ("30211", Decimal(18_000)),
        ("30217", Decimal(4_500)),
        ("30228", Decimal(61_200)),
        ("30229", Decimal(88_400)),
        ("30231", Decimal(35_000)),
        ("30239", Decimal(85_500)),
        ("30302", Decimal(104_400)),
    ),
    sangong=Sangong(running=Decimal(35_000), reception=Decimal(4_500), abroad=_0, purchase=_0),
    projects=(
        Project("档案数字化加工", Decimal(860_000)),
        Project("档案库房运行维护", Decimal(525_000)),
    ),
)
