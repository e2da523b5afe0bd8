"""Performance forms in lines of text: what words tell apart is read, the rest stays as lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Certainty, Document, LineItem, Mark
from archive.text import read

SOURCES = """项目当年资金来
源
来源项目 金额
{rows}
项目采购
品名 数量 金额
"""
FORM = """某区某局2024年项目支出绩效目标表
单位：万元
项目名称 稳定工作经费
{lines}
项目属性 持续性项目
"""
WHOLE = """某区某局2024年部门整体支出绩效目标表
单位：万元
部门(单位)
名称
某区某局
部门总体
资金情况
总体资金情况 当年金额 占比
近两年收支金额
2022 年 2023 年
收入
构成
财政拨款 773.85 100% 1,167.90 1,108.64
单位资金
合 计 773.85 100% 1,167.90 1,108.64
支出
构成
特定目标类项目支
出
773.85 / 1,167.90 1,108.64
合 计 {total}
部门职能概述
拟订全区科技发展规划，
并组织落实。
年度工作任务
做好培训。
"""
FINAL = """某区某局2023年度人才经费项目自评表
项目名称 人才经费
预算执行情况
（万元）
（20分）
预算数（A） 执行数（B） 执行率
（B/A）
得分
（20分*执行率）
年度财政
资金总额
{figures}
总分 96.8
"""


def project(lines: str) -> Document:
    """A form of one project, its lines with blank ones between them."""
    return read(FORM.format(lines=lines).replace("\n", "\n\n").encode())


def items(document: Document) -> dict[str, LineItem]:
    return {item.name: item for item in document.statements[0].items}


def kept(document: Document) -> list[str]:
    """The lines that were not read."""
    return [row[0] or "" for table in document.tables for row in table.rows]


def test_labels_have_what_follows_them_up_to_the_next() -> None:
    found = items(
        project("项目主管部门 区科经局\n项目执行\n单位\n某中心\n项目主要内容 化解矛盾，\n维护稳定")
    )

    assert found["项目名称"].attributes == {"content": "稳定工作经费"}
    assert found["项目执行单位"].attributes == {"content": "某中心"}
    assert found["项目主要内容"].attributes == {"content": "化解矛盾，维护稳定"}


def test_money_beside_its_label_is_an_amount_with_its_line() -> None:
    found = project("项目总预算 12.5 项目当年预算 2.5")
    amount = items(found)["项目当年预算"].amounts["项目当年预算"]

    assert (amount.value, amount.certainty) == (Decimal("2.5"), Certainty.ALIGNED)
    assert amount.at is not None
    assert (amount.at.row, amount.at.column) == (7, 4)
    assert found.statements[0].subject == "稳定工作经费"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("项目总预算 项目当年预算 2.5", id="one figure after two labels"),
        pytest.param("项目总预算 2.5 3.5 项目当年预算 2.5", id="two figures after one label"),
        pytest.param("项目当年\n预算\n27", id="what may be the number of a page"),
        pytest.param(
            "项目主管部门 甲局 项目执行单位 乙中心\n和丙中心", id="a wrapped value of two"
        ),
    ],
)
def test_what_may_belong_to_either_label_is_left_as_lines_and_said(lines: str) -> None:
    found = project(lines)

    assert not items(found).keys() & {"项目总预算", "项目当年预算", "项目主管部门", "项目执行单位"}
    assert kept(found) == lines.split("\n")
    assert [r.code for r in found.remarks] == ["lines-open"]


def test_a_lone_figure_that_stands_elsewhere_too_is_no_page_number() -> None:
    found = items(project("项目总预算 15\n项目当年\n预算\n15"))

    assert found["项目当年预算"].amounts["项目当年预算"].value == Decimal(15)


def test_known_names_part_rows_without_figures() -> None:
    rows = "合计 2.5", "1.一般公共预算财政拨款 2.5", "其中：申请本级财力年初安排"
    more = "3.财政专户管理资金", "4.单位资金"
    found = project(SOURCES.format(rows="\n".join((*rows, *more)))).statements[0]
    sources = [i for i in found.items if i.attributes.get("block") == "项目资金来源"]

    assert [(i.name, i.amounts["金额"].text) for i in sources] == [
        ("合计", "2.5"),
        ("1.一般公共预算财政拨款", "2.5"),
        ("其中：申请本级财力年初安排", ""),
        ("3.财政专户管理资金", ""),
        ("4.单位资金", ""),
    ]
    assert sources[2].amounts["金额"].mark is Mark.BLANK


def test_one_row_that_is_not_told_leaves_the_whole_table_as_lines() -> None:
    """A sum over the others would be a false one."""
    found = project(SOURCES.format(rows="合计 2.5\n财政补助\n单位资金 2.5"))

    assert not any("金额" in item.amounts for item in found.statements[0].items)
    assert "财政补助" in kept(found)


def test_figures_of_every_column_have_their_places() -> None:
    found = read(WHOLE.format(total="773.85 100% 1,167.90 1,108.64").encode()).statements[0]
    rows = [i for i in found.items if "block" in i.attributes]

    assert [(i.side, i.name, i.attributes.get("share")) for i in rows] == [
        ("收入", "财政拨款", "100%"),
        ("收入", "单位资金", None),
        ("收入", "合计", "100%"),
        ("支出", "特定目标类项目支出", "/"),
        ("支出", "合计", "100%"),
    ]
    assert {m: a.text for m, a in rows[3].amounts.items()} == {
        "当年金额": "773.85",
        "2022年": "1,167.90",
        "2023年": "1,108.64",
    }
    assert found.items[-2].attributes == {"content": "拟订全区科技发展规划，并组织落实。"}


def test_a_figure_missing_from_a_row_leaves_its_places_open() -> None:
    found = read(WHOLE.format(total="773.85 1,167.90 1,108.64").encode())

    assert not any(item.amounts for item in found.statements[0].items)
    assert "合 计 773.85 1,167.90 1,108.64" in kept(found)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ("170 142.94 84.08% 16.8", ("170", "142.94")),
        ("170 142.94 16.8", None),
        ("142.94 84.08% 16.8", None),
    ],
)
def test_rates_and_scores_stand_beside_the_money(
    figures: str, told: tuple[str, str] | None
) -> None:
    rows = [
        i for i in read(FINAL.format(figures=figures).encode()).statements[0].items if i.amounts
    ]

    assert [tuple(a.text for a in i.amounts.values()) for i in rows] == ([told] if told else [])


def test_a_note_below_the_form_is_none_of_its_values() -> None:
    text = (
        FINAL.format(figures="40 40 100% 20")
        + "改进措施及结果应用方案\n无\n备注：预算数为调整后数。"
    )
    found = read(text.encode())

    assert items(found)["改进措施及结果应用方案"].attributes == {"content": "无"}
    assert "备注：预算数为调整后数。" in [paragraph.text for paragraph in found.prose]


def test_what_goes_on_below_the_last_label_may_be_none_of_its_value() -> None:
    text = FINAL.format(figures="40 40 100% 20") + "改进措施及结果应用方案\n无\n武汉大学生大赛赛事"

    assert "改进措施及结果应用方案" not in items(read(text.encode()))


def test_cells_parted_by_tabs_are_those_of_the_frame() -> None:
    rows = (
        "项目名称\t人才经费\t\t\t",
        "预算执行情况(万元)\t\t预算数(A)\t执行数(B)\t执行率(B/A)",
        "\t年度财政资金总额\t170\t142.94\t84.08%",
        "年度绩效目标\t一级指标\t二级指标\t三级指标\t年初目标值(A)",
        "\t产出指标\t数量指标\t招聘活动\t20场",
        "偏差大或目标未完成原因分析\t\t\t\t",
    )
    found = read("\n\n".join(("某区某局2023年度人才经费项目自评表", *rows)).encode())
    money, indicator = (i for i in found.statements[0].items if "block" in i.attributes)

    assert {m: a.value for m, a in money.amounts.items()} == {
        "预算数": Decimal(170),
        "执行数": Decimal("142.94"),
    }
    assert indicator.name == "招聘活动"
    assert indicator.attributes["level2"] == "数量指标"
    assert found.statements[0].items[-1].name == "偏差大或目标未完成原因分析"
    assert found.tables == ()


INDICATORS = """长期绩效目标表
目标名称 一级指标 二级指标 三级指标 指标值 指标值确定依据
长期绩效目标
1
产出
指标
数量指标 {first}
{second}
质量指标 合格率 ≥95% 历史数据
"""


@pytest.mark.parametrize(
    ("second", "told"),
    [
        pytest.param("参与企业数\n量\n≥10 家 历史数\n据", True, id="a name over two lines"),
        pytest.param("活动 20场\n参与企业数量 ≥10家 历史数据", False, id="two rows, one end"),
        pytest.param("参与企业数量 30 日内回复\n完成 历史数据", False, id="a value over two lines"),
        pytest.param("100%\n≥10家 历史数据", False, id="a value for a name"),
    ],
)
def test_an_indicator_is_read_where_its_pieces_are_as_many_as_the_columns(
    second: str, told: bool
) -> None:
    lines = INDICATORS.format(first="托管企业数量 28家 计划数据", second=second)
    found = project(lines)
    rows = [i for i in found.statements[0].items if "level2" in i.attributes]
    names = ["托管企业数量", "参与企业数量", "合格率"] if told else ["托管企业数量"]

    assert [i.name for i in rows] == names
    assert rows[0].attributes == {
        "block": "长期绩效目标",
        "goal": "长期绩效目标1",
        "level1": "产出指标",
        "level2": "数量指标",
        "target": "28家",
        "basis": "计划数据",
    }
    if told:
        assert (rows[1].attributes["target"], rows[1].attributes["basis"]) == ("≥10家", "历史数据")
        assert rows[2].attributes["level1"] == "产出指标"
    else:
        assert set(second.split("\n")) <= set(kept(found))
        assert "质量指标 合格率 ≥95% 历史数据" in kept(found), "its class may have changed unread"
