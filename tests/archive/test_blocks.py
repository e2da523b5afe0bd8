"""Forms printed in blocks: performance targets, self-evaluations and the small lists."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.forms import Form, Layout, Shape, forms, identify, plain, title_of
from archive.masking import NAME, TELEPHONE, mask_document
from archive.model import Document, Facts, LineItem, Mark, Statement, Unit
from archive.text.headings import bare
from archive.text.reader import Seen, see
from tests.archive.drawing import Sheet

Rows = list[list[str | None]]

SIX = [70.0, 60.0, 80.0, 90.0, 80.0, 80.0]
PROJECT: Rows = [
    ["项目名称", None, "人才服务", None, "项目编码", ""],
    ["项目负责人", None, "张三", None, "联系电话", "83380000"],
    ["项目总预算", None, "15.00", None, "项目当年预算", "7.5"],
    ["项目资金来源", None, "来源项目", None, None, "金额"],
    ["^", None, "合计", None, None, "7.5"],
    ["^", None, "一般公共预算财政拨款", None, None, "7.5"],
    ["^", None, "单位资金", None, None, ""],
    ["年度绩效目标表", None, None, None, None, None],
    ["目标名称", "一级指标", "二级指标", "三级指标", "指标值", None],
    ["^", "^", "^", "^", "上年", "预计当年实现"],
    ["年度绩效目标1", "产出指标", "数量指标", "活动场次", "/", "≥2场"],
    ["^", "^", "质量指标", "合格率", "90%", "≥95%"],
]
INDICATORS: Rows = [
    ["", "一级指标", "二级指标", "三级指标", "年初目标值(A)", "实际完成值(B)"],
]


def wrapped(rows: Rows, widths: list[float]) -> Rows:
    """The rows with texts broken so that they fit their cells."""
    return [[_broken(row, c, widths) for c in range(len(row))] for row in rows]


def _broken(row: list[str | None], column: int, widths: list[float]) -> str | None:
    text = row[column]
    if text is None or text.isascii():
        return text
    last = column + 1
    while last < len(row) and row[last] is None:
        last += 1
    fits = int(sum(widths[column:last]) // 10) - 1
    return "\n".join(text[i : i + fits] for i in range(0, len(text), fits))


def sheet(rows: Rows, title: str, unit: str = "单位：万元", number: int = 1) -> Sheet:
    drawn = Sheet(number)
    if title:
        drawn.centred(title)
    if unit:
        drawn.text(unit, 450)
    return drawn.table(wrapped(rows, SIX), SIX[: len(rows[0])])


def read(rows: Rows, title: str = "项目支出绩效目标表", unit: str = "单位：万元") -> Seen:
    return see([sheet(rows, title, unit).page])


def only(seen: Seen) -> Statement:
    assert len(seen.statements) == 1, [t.reason for t in seen.tables]
    return seen.statements[0]


def item(statement: Statement, name: str, **attributes: str) -> LineItem:
    found = [
        i for i in statement.items if i.name == name and attributes.items() <= i.attributes.items()
    ]
    assert len(found) == 1, [(i.name, i.attributes) for i in statement.items]
    return found[0]


def blocks_forms() -> list[Form]:
    return [form for form in forms().values() if form.layout is Layout.BLOCKS]


def test_labels_become_items_with_their_values_and_money_labels_amounts() -> None:
    statement = only(read(PROJECT))
    assert (statement.form, statement.unit) == ("budget.performance_project", Unit.WAN)
    assert statement.subject == "人才服务"
    assert item(statement, "项目名称").attributes == {"content": "人才服务"}
    total = item(statement, "项目总预算")
    assert total.amounts["项目总预算"].value == Decimal("15.00")
    assert item(statement, "项目当年预算").amounts["项目当年预算"].text == "7.5"


def test_a_label_beside_a_blank_is_kept_with_the_place_of_the_blank() -> None:
    code = item(only(read(PROJECT)), "项目编码")
    assert code.attributes == {}
    assert (code.places["content"].row, code.places["content"].column) == (1, 6)


def test_rows_of_a_small_table_carry_its_block_and_their_money() -> None:
    statement = only(read(PROJECT))
    rows = [i for i in statement.items if i.attributes.get("block") == "项目资金来源"]
    assert [(i.name, i.total, i.amounts["金额"].text) for i in rows] == [
        ("合计", True, "7.5"),
        ("一般公共预算财政拨款", False, "7.5"),
        ("单位资金", False, ""),
    ]
    assert rows[2].amounts["金额"].mark is Mark.BLANK


def test_indicator_values_are_attributes_as_printed_each_with_its_place() -> None:
    statement = only(read(PROJECT))
    rate = item(statement, "合格率")
    assert rate.amounts == {}
    assert rate.attributes == {
        "block": "年度绩效目标",
        "goal": "年度绩效目标1",
        "level1": "产出指标",
        "level2": "质量指标",
        "last_year": "90%",
        "this_year": "≥95%",
    }
    assert (rate.places["this_year"].row, rate.places["this_year"].column) == (12, 6)
    assert rate.places["level1"].row == 11


def test_nothing_is_left_over_or_remarked_on_where_all_is_known() -> None:
    seen = read(PROJECT)
    assert (seen.tables, seen.remarks) == ([], [])


def test_names_and_telephones_beside_their_labels_are_masked() -> None:
    seen = read(PROJECT)
    document = Document(
        "0" * 64, "application/pdf", "x", 1, Facts(), statements=tuple(seen.statements)
    )
    masked = mask_document(document).statements[0]
    assert item(masked, "项目负责人").attributes["content"] == NAME
    assert item(masked, "联系电话").attributes["content"] == TELEPHONE


EVALUATION: Rows = [
    ["项目名称", None, "人才经费", None, None, None],
    ["项目资金（万元）（10分）", "", "年初预算数", "全年预算数", "全年执行数", "执行率"],
    ["^", "年度资金总额", "40.00", "50", "25", "50%"],
    ["^", "其他资金", "", "", "", ""],
    ["年度绩效目标（80分）", "一级指标", "二级指标", "三级指标", "年初目标值(A)", "实际完成值(B)"],
    ["^", "产出指标", "数量指标", "落户人数", ">1200人", "1288人"],
    ["^", "^", "质量指标", "及时率", "100%", "98%"],
    ["总分", None, None, None, None, "96.8"],
    ["偏差大或目标未完成原因分析", None, "", None, None, None],
]


def test_a_self_evaluation_gives_budget_outcome_and_rate() -> None:
    statement = only(read(EVALUATION, "2023年度人才经费项目支出绩效自评表", ""))
    assert (statement.form, statement.year) == ("final.performance_project", 2023)
    money = item(statement, "年度资金总额")
    assert {m: a.text for m, a in money.amounts.items()} == {
        "年初预算数": "40.00",
        "全年预算数": "50",
        "执行数": "25",
    }
    assert money.attributes["rate"] == "50%"
    assert item(statement, "总分").attributes == {"content": "96.8"}
    assert item(statement, "偏差大或目标未完成原因分析").attributes == {}


def test_the_weight_printed_with_a_label_stays_readable() -> None:
    statement = only(read(EVALUATION, "2023年度人才经费项目支出绩效自评表", ""))
    indicator = item(statement, "落户人数")
    assert indicator.attributes["goal"] == "年度绩效目标"
    assert indicator.attributes["label"] == "年度绩效目标（80分）"


def test_the_unit_in_a_label_counts_where_none_is_printed_above() -> None:
    statement = only(read(EVALUATION, "人才经费项目支出绩效自评表", ""))
    assert statement.unit is Unit.WAN
    assert item(statement, "年度资金总额").remarks == ()


def test_figures_whose_unit_is_printed_elsewhere_in_the_form_say_so() -> None:
    rows: Rows = [
        ["部门名称", None, "某中心", None, None, None],
        ["基本支出总额", None, "270.33", None, "项目支出总额", "277.06"],
        ["预算执行情况（万元）", None, "", "预算数(A)", "执行数(B)", "得分"],
        ["^", None, "部门整体支出总额", "574.45", "547.39", "24"],
    ]
    statement = only(read(rows, "2023年度整体绩效自评表", ""))
    assert statement.unit is Unit.WAN
    assert "万元" in item(statement, "基本支出总额").remarks[0]
    whole = item(statement, "部门整体支出总额")
    assert (whole.remarks, whole.attributes["score"]) == ((), "24")


def test_two_units_in_one_form_convert_nothing() -> None:
    seen = read(EVALUATION, "人才经费项目支出绩效自评表", "单位：元")
    assert only(seen).unit is None
    assert [r.code for r in seen.remarks] == ["unit-missing"]


@pytest.mark.parametrize(
    ("printed", "unit", "value"),
    [
        ("15万", "单位：万元", Decimal(15)),
        ("15万", "单位：元", None),
        ("15元", "单位：元", Decimal(15)),
    ],
)
def test_a_unit_behind_a_figure_is_read_only_where_it_is_the_forms_own(
    printed: str, unit: str, value: Decimal | None
) -> None:
    rows: Rows = [*PROJECT[:2], ["项目总预算", None, printed, None, "项目当年预算", "1"]]
    amount = item(only(read(rows, unit=unit)), "项目总预算").amounts["项目总预算"]
    assert (amount.text, amount.value) == (printed, value)


def test_income_and_expenditure_of_the_whole_are_two_sides() -> None:
    rows: Rows = [
        ["部门(单位)名称", None, "某局", None, None, None],
        ["部门总体资金情况", "总体资金情况", None, "当年金额", "占比", "近两年收支金额"],
        ["^", "^", None, "^", "^", "2023年"],
        ["^", "收入构成", "财政拨款", "773.85", "100%", "1,167.90"],
        ["^", "^", "合计", "773.85", "100%", "1,167.90"],
        ["^", "支出构成", "人员类项目支出", "608.02", "78.6%", "978.27"],
        ["^", "^", "合计", "608.02", "78.6%", "978.27"],
    ]
    statement = only(read(rows, "某局2024年部门整体支出绩效目标表（表十二）"))
    assert (statement.year, statement.subject) == (2024, "某局")
    totals = [(i.side, i.amounts["2023年"].text) for i in statement.items if i.total]
    assert totals == [("收入", "1,167.90"), ("支出", "978.27")]
    assert item(statement, "人员类项目支出").attributes["share"] == "78.6%"
    assert {c.side for c in statement.columns} == {"收入", "支出"}


def test_goals_over_the_whole_width_belong_to_the_indicators_below_them() -> None:
    rows: Rows = [
        ["部门(单位)名称", None, "某局", None, None, None],
        ["长期目标1：优化环境", None, None, None, None, None],
        ["长期绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"],
        ["^", "产出指标", "数量指标", "场次", "2场", "计划"],
        ["年度目标2：服务企业", None, None, None, None, None],
        ["年度绩效指标", "一级指标", "二级指标", "三级指标", "预期当年实现值", "绩效标准"],
        ["^", "产出指标", "数量指标", "场次", "1场", "计划"],
    ]
    statement = only(read(rows, "部门整体支出绩效目标申报表"))
    assert item(statement, "长期目标1").attributes["content"] == "优化环境"
    assert (
        item(statement, "场次", block="长期绩效指标", goal="长期目标1").attributes["target"]
        == "2场"
    )
    assert item(statement, "场次", block="年度绩效指标", goal="年度目标2")


SHANGHAI: Rows = [
    ["财政项目支出绩效目标填报表", None, None, None, None, None],
    ["（2023年度）", None, None, None, None, None],
    ["项目名称", None, "基地补贴", "项目类别", "特定目标类", None],
    ["项目资金（元）", None, "项目资金总额", "4,100.00", "年度资金申请总额", "4,100.00"],
    ["^", None, "其他资金", "0.00", "其他资金", ""],
    ["项目绩效目标", None, "项目总目标", None, "年度总体目标", None],
    ["^", None, "建成", None, "开工", None],
    ["", "一级指标", "二级指标", "三级指标", "年度(/项目)指标值", None],
    ["绩效指标", "产出指标", "数量指标", "面积", "≥13459.00(平方米)", None],
]


def test_label_and_figure_in_turn_are_read_as_pairs_under_their_column() -> None:
    statement = only(read(SHANGHAI, "", ""))
    assert (statement.unit, statement.year) == (Unit.YUAN, 2023)
    other = [i for i in statement.items if i.name == "其他资金"]
    assert [(i.attributes["group"], i.amounts["金额"].mark) for i in other] == [
        ("项目资金总额", Mark.PRINTED),
        ("年度资金申请总额", Mark.BLANK),
    ]
    assert item(statement, "年度总体目标").attributes["content"] == "开工"
    assert item(statement, "面积").attributes["target"] == "≥13459.00(平方米)"


def test_forms_titled_inside_their_frames_are_told_apart_over_pages() -> None:
    second = [list(row) for row in SHANGHAI]
    second[2][2] = "环境整治"
    pages = [sheet(SHANGHAI, "", "").page, sheet(second, "", "", 2).page]
    assert [(s.subject, s.pages) for s in see(pages).statements] == [
        ("基地补贴", (1,)),
        ("环境整治", (2,)),
    ]


def test_the_next_page_of_a_form_joins_it_though_it_is_ruled_otherwise() -> None:
    first = sheet(PROJECT[:7], "部门项目申报表(含绩效目标)")
    rows: Rows = [
        ["长期绩效目标表", None, None, None, None],
        ["目标名称", "一级指标", "二级指标", "三级指标", "指标值"],
        ["长期绩效目标1", "产出指标", "数量指标", "活动场次", "3场"],
    ]
    second = Sheet(2).table(rows, [100.0, 100.0, 110.0, 80.0, 70.0])
    seen = see([first.page, second.page])
    statement = only(seen)
    assert statement.pages == (1, 2)
    assert item(statement, "活动场次").attributes["target"] == "3场"
    assert seen.tables == []


def test_a_text_cut_by_the_page_break_is_whole_again() -> None:
    widths = [100.0, 300.0]
    first = Sheet(1).centred("项目支出绩效目标表").text("单位：万元", 450)
    first.table([["项目名称", "某项目"], ["项目主要内容", "组织开展"]], widths)
    second = Sheet(2).table([["", "慰问活动"], ["项目属性", "持续性项目"]], widths)
    statement = only(see([first.page, second.page]))
    assert item(statement, "项目主要内容").attributes["content"] == "组织开展慰问活动"


@pytest.mark.parametrize(
    "row",
    [
        ["", "满意度指标", "服务对象满意度", "≥95%", "≥95%", "10"],
        ["", "效益指标", "队伍建设", "优", "优", ""],
        ["满意", "满意度指标", "服务对象满意度", "群众满意度", "≥90%", "无投诉"],
        ["", "产出指标", "效益", "社会效益指", "营商环境", ""],
    ],
)
def test_a_row_that_stands_beside_its_columns_is_kept_as_cells(row: list[str | None]) -> None:
    rows: Rows = [
        ["项目名称", None, "人才经费", None, None, None],
        *INDICATORS,
        ["", "产出指标", "数量指标", "落户人数", ">1200人", "1288人"],
        row,
    ]
    seen = read(rows, "人才经费项目自评表", "")
    assert [i.name for i in only(seen).items] == ["项目名称", "落户人数"]
    assert seen.tables[0].rows == (tuple(row),)
    assert [r.code for r in seen.remarks] == ["row-unplaced"]
    assert "满意" not in seen.remarks[0].message


def test_a_text_under_a_blank_head_keeps_its_row_as_cells() -> None:
    rows: Rows = [
        ["项目名称", None, "人才经费", None, None, None],
        ["", "一级指标", "二级指标", "三级指标", "年初目标值(A)", ""],
        ["", "产出指标", "数量指标", "落户人数", ">1200人", "1288人"],
    ]
    seen = read(rows, "人才经费项目自评表", "")
    assert [i.name for i in only(seen).items] == ["项目名称"]
    assert seen.tables[0].rows[0][5] == "1288人"


def test_figures_left_of_their_heads_are_not_called_by_the_wrong_name() -> None:
    rows: Rows = [
        ["项目名称", None, "人才经费", None, None, None],
        ["预算执行情况(万元)", "", "预算数(A)", "执行数(B)", "执行率(B/A)", ""],
        ["", "", "年度财政资金总额", "48", "48", "100%"],
    ]
    seen = read(rows, "人才经费项目绩效自评表", "")
    assert all(not i.amounts for i in only(seen).items)
    assert seen.tables[0].rows[0][2:] == ("年度财政资金总额", "48", "48", "100%")


def test_an_unknown_label_is_kept_as_cells_not_taken_for_data() -> None:
    rows: Rows = [*PROJECT, ["经办情况说明", None, "一切正常", None, None, None]]
    seen = read(rows)
    assert all("经办" not in i.name for i in only(seen).items)
    assert seen.tables[0].rows[0][0] == "经办情况说明"


def test_an_unknown_column_is_an_attribute_and_is_said() -> None:
    rows: Rows = [
        ["项目名称", None, "人才经费", None, None, None],
        ["", "一级指标", "二级指标", "三级指标", "年初目标值(A)", "群众评价"],
        ["", "产出指标", "数量指标", "落户人数", ">1200人", "好"],
    ]
    seen = read(rows, "人才经费项目自评表", "")
    assert item(only(seen), "落户人数").attributes["群众评价"] == "好"
    assert [r.code for r in seen.remarks] == ["column-unknown"]


def test_an_indicator_printed_twice_is_kept_twice_and_said() -> None:
    rows: Rows = [*PROJECT, ["年度绩效目标1", "产出指标", "质量指标", "合格率", "90%", "≥95%"]]
    seen = read(rows)
    again = [i.occurrence for i in only(seen).items if i.name == "合格率"]
    assert again == [1, 2]
    assert [r.code for r in seen.remarks] == ["row-repeated"]


def test_a_lookalike_with_an_unknown_title_stays_raw() -> None:
    seen = read(PROJECT, "中央对地方专项转移支付区域绩效情况表")
    assert seen.statements == []
    assert seen.tables[0].reason == "no form has this title"
    assert len(seen.tables[0].rows) == len(PROJECT)


def test_a_title_over_other_rows_forces_nothing() -> None:
    rows: Rows = [["甲", "乙", "丙"], ["1", "2", "3"], ["4", "5", "6"]]
    seen = read(rows, "项目支出绩效目标表")
    assert seen.statements == []
    assert "titled like" in seen.tables[0].reason


def test_the_units_of_a_department_are_listed_under_their_heading_which_stays() -> None:
    drawn = Sheet().text("二、部门决算单位构成").text("纳入编制范围的单位包括：")
    drawn.table([["序号", "单位名称", "备注"], ["1", "某局（本级）", ""]], [60, 150, 80])
    seen = see([drawn.page])
    statement = only(seen)
    assert (statement.form, statement.title) == ("final.units", "二、部门决算单位构成")
    assert item(statement, "某局（本级）").attributes == {"block": "单位构成", "number": "1"}
    assert any("部门决算单位构成" in paragraph.text for paragraph in seen.prose)


def test_another_table_under_that_heading_is_not_taken_for_the_list() -> None:
    drawn = Sheet().text("二、部门决算单位构成")
    drawn.table([["年度", "编制数", "实有数"], ["2024", "20", "18"]], [60, 150, 80])
    seen = see([drawn.page])
    assert seen.statements == []


def test_key_work_repeats_its_head_on_the_next_page() -> None:
    head: list[str | None] = ["序号", "重要事项", "工作内容及目标", "完成情况"]
    first = Sheet(1).text("一、重点工作事项").table([head, ["1", "引才", "若干", "完成"]], SIX[:4])
    second = Sheet(2).table([head, ["2", "育才", "若干", "推进中"]], SIX[:4])
    statement = only(see([first.page, second.page]))
    assert [(i.name, i.attributes["actual"]) for i in statement.items] == [
        ("引才", "完成"),
        ("育才", "推进中"),
    ]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("2023年度“光谷-青山”人才专车通勤费项目自评表", "final.performance_project"),
        ("一、2023年度武汉市青山区人才服务中心整体绩效自评表", "final.performance_whole"),
        ("江岸区某中心2024年项目支出绩效目标表（一项一表)（表十三）", "budget.performance_project"),
        ("部门项目申报表(含绩效目标)", "budget.performance_project"),
        ("整体支出绩效目标表", "budget.performance_whole"),
    ],
)
def test_titles_name_their_form_and_no_agency(line: str, form: str) -> None:
    assert [f.id for f in identify(line)] == [form]
    assert title_of(line).owner == ""


def test_a_sentence_that_ends_like_a_title_names_no_form() -> None:
    assert identify("我单位组织开展了绩效自评。现公开项目绩效自评表") == ()


def test_every_head_of_a_block_is_a_column_the_form_names() -> None:
    for form in blocks_forms():
        named = {plain(h) for headers in form.columns.values() for h in headers}
        for block in form.blocks:
            if block.shape is Shape.ROWS:
                assert block.head, (form.id, block.name)
                unknown = [h for h in block.head if plain(h) not in named and not form.measure(h)]
                assert unknown == [], (form.id, block.name)


def test_what_a_form_is_about_stands_in_one_of_its_labels() -> None:
    for form in blocks_forms():
        assert set(form.subject) <= set(form.fields), form.id


def test_labels_are_compared_without_what_is_in_brackets_behind_them() -> None:
    assert bare("得分（20分*执行率）") == "得分"
    assert bare("部门(单位)名称") == "部门(单位)名称"


def test_a_figure_that_fills_its_cell_may_be_cut_in_a_form_too() -> None:
    rows = [list(row) for row in PROJECT]
    rows[2][5] = "1234567890123.00"
    page = sheet(rows, "项目支出绩效目标表").page
    page.chars = [(x0 - 1, y0, x1 - 1, y1, char) for x0, y0, x1, y1, char in page.chars]
    amounts = {
        amount.text: (amount.value, amount.mark)
        for line in only(see([page])).items
        for amount in line.amounts.values()
    }
    assert amounts["1234567890123.00"] == (None, Mark.UNREADABLE)
    assert amounts["15.00"] == (Decimal("15.00"), Mark.PRINTED)
