from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.masking import (
    ACCOUNT,
    ID_NUMBER,
    MAILBOX,
    NAME,
    TELEPHONE,
    mask,
    mask_cells,
    mask_document,
)
from archive.model import (
    Amount,
    Claim,
    Column,
    Document,
    Facts,
    LineItem,
    Mark,
    Paragraph,
    RawTable,
    Remark,
    Role,
    Statement,
    Unit,
)
from tests import corpus
from tests.reading import read_once

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("填报人 张小帆  联系电话 83380000  ", f"填报人 {NAME}  联系电话 {TELEPHONE}  "),
        (
            "项目负责人 张小帆、李青、王芳 联系电话 02783380000",
            f"项目负责人 {NAME} 联系电话 {TELEPHONE}",
        ),
        ("填报人：欧阳小帆　联系电话：027－83380000", f"填报人：{NAME}　联系电话：{TELEPHONE}"),
        ("填报人张小帆联系电话83380000", f"填报人{NAME}联系电话{TELEPHONE}"),
        ("单位负责人：王　芳    填表人： 李 青", f"单位负责人：{NAME}    填表人： {NAME}"),
        ("制表人:张小帆(签字)", f"制表人:{NAME}(签字)"),
        ("制表：张小帆  审核（签字）：李青", f"制表：{NAME}  审核（签字）：{NAME}"),
        ("会计:王芳复核:李青", f"会计:{NAME}复核:{NAME}"),
        ("联系人：李青，83380000", f"联系人：{NAME}，{TELEPHONE}"),
        ("财务科张小帆 李青（13800138000）", f"财务科张小帆 {NAME}（{TELEPHONE}）"),
        ("联系电话：83380000（王芳）", f"联系电话：{TELEPHONE}（{NAME}）"),
        ("联系人：张老师，电话（027）83380000", f"联系人：{NAME}，电话{TELEPHONE}"),
        ("法定代表人：阿依古丽·买买提", f"法定代表人：{NAME}"),
        ("经办人：呼和", f"经办人：{NAME}"),
        ("项目负责人 张小帆、\n李青", f"项目负责人 {NAME}、\n{NAME}"),
        ("填报人\n\n江城区某某局\n张小帆\n", f"填报人\n\n江城区某某局\n{NAME}\n"),
    ],
)
def test_the_names_and_phones_of_clerks_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "由项目负责人负责组织实施，项目负责人应当签字。",
        "各科室负责人和项目负责人\n负责日常管理",
        "负责人满意度 ≥95%",
        "分管领导 全面统筹，经办人 应当复核",
        "责任人：办公室",
        "审核人员 39 人，联系人数 120 人",
        "负责人：负责统筹全区工作",
        "项目负责人 联系电话\n单位地址 江城路 14 号",
        "姓名、性别和年龄从略",
        "申请人 单位 金额 万元",
        "审核：通过 复核：无误 经办：综合科",
        "编制：事业 会计：核算中心",
    ],
)
def test_duties_and_empty_forms_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "本部门预算公开咨询电话：027-83380000",
        "公开咨询电话：027-\n83380000",
        "监督电话：027-83380000、027-83380001",
        "投诉举报电话 021-52560000；服务热线：12345",
        "办公电话：（027）83380000",
        "政务服务便民热线12345，客服电话400-820-0000",
        "咨询电话：\n027-83380000",
        "电话：027-83380000",
    ],
)
def test_the_public_lines_of_agencies_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系人：张小帆 办公电话 83380000", f"联系人：{NAME} 办公电话 {TELEPHONE}"),
        ("咨询电话：13800138000", f"咨询电话：{TELEPHONE}"),
        ("联系电话：83380000", f"联系电话：{TELEPHONE}"),
        ("联系人：张小帆\n电话：027-83380000", f"联系人：{NAME}\n电话：{TELEPHONE}"),
        ("请致电027-83380000", f"请致电{TELEPHONE}"),
    ],
)
def test_a_phone_of_a_person_is_no_public_line(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "number",
    ["13800138000", "138-0013-8000", "138 0013 8000", "+86 13800138000", "１３８００１３８０００"],
)
def test_mobile_numbers_are_masked_wherever_they_stand(number: str) -> None:
    assert mask(f"有事请找{number}。") == f"有事请找{TELEPHONE}。"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("11010519491231002X", ID_NUMBER),
        ("身份证号：110105194912310021", f"身份证号：{ID_NUMBER}"),
        ("账号：6222 0212 3456 7890 123", f"账号：{ACCOUNT}"),
        ("开户行：江城银行北路支行 6222021234567890123", f"开户行：江城银行北路支行 {ACCOUNT}"),
        ("邮箱 zhang.fan@qq.com 或 zf@163.com", f"邮箱 {MAILBOX} 或 {MAILBOX}"),
        ("QQ：12345678 微信号：zhang_fan", f"QQ：{ACCOUNT} 微信号：{ACCOUNT}"),
    ],
)
def test_identity_account_and_private_mail_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # the check digit does not fit: some other number
        "收入 13912345678.00 元，支出13912345678元",
        "133 2023 2024 12.50",
        f"填报人：{NAME}，20240115",
        "微信公众号：jiangcheng_czj",
        "2080505 机关事业单位基本养老保险缴费支出 1,234.56",
        "统一社会信用代码12420112MB15345227，项目编码 13912345678",
        "账户余额 123456789.00元，开户 3 家",
        "索引号 010-20250214，沪财预〔2024〕12号",
        "czj@wuhan.gov.cn",
        "购置手机 2400000，固定电话 83380000 元",
        "电话费 12345678.00 元",
        "420112000 83386918",
    ],
)
def test_figures_codes_and_dates_stay(text: str) -> None:
    assert mask(text) == text


def test_a_label_is_answered_by_the_next_cell_with_content() -> None:
    rows = [
        ["项目负责人", None, "张小帆、\n李青", None, "联系电话", None, "83380000", None],
        ["填报\n人", "", "王芳", "联系方式", "138 0013 8000"],
        ["联系人", "王芳", "83380000"],
        ["填报人及联系电话", "张小帆 83380000"],
        ["项目负责人", "", "联系电话", None, ""],
        ["项目负责人", "综合科"],
        ["单位负责人：张小帆", "", "财务负责人：李青"],
        ["咨询电话", "027-83380000"],
        ["联系电话", "83380000"],
        ["制表：", "张小帆", "审核（签章）：", "李青"],
        ["审核：", "同意", "会计核算：", "3"],
    ]
    assert mask_cells(rows) == [
        ("项目负责人", None, NAME, None, "联系电话", None, TELEPHONE, None),
        ("填报\n人", "", NAME, "联系方式", TELEPHONE),
        ("联系人", NAME, TELEPHONE),
        ("填报人及联系电话", f"{NAME} {TELEPHONE}"),
        ("项目负责人", "", "联系电话", None, ""),
        ("项目负责人", "综合科"),
        (f"单位负责人：{NAME}", "", f"财务负责人：{NAME}"),
        ("咨询电话", "027-83380000"),
        ("联系电话", TELEPHONE),
        ("制表：", NAME, "审核（签章）：", NAME),
        ("审核：", "同意", "会计核算：", "3"),
    ]


class Counted(str):
    """A cell that counts how often it is looked at."""

    __slots__ = ()
    looks = 0

    def strip(self, *characters: str) -> str:
        Counted.looks += 1
        return super().strip(*characters)


def test_the_work_grows_with_the_table_and_not_with_its_square() -> None:
    rows = 400
    mask_cells([[Counted(f"项目{row}"), Counted("某某局")] for row in range(rows)])
    assert 0 < Counted.looks < 2 * rows * 10


def test_a_list_of_persons_loses_names_and_phones_but_no_figure() -> None:
    rows = [
        ["序号", "姓名", "所在街道", "救助金额（元）", "联系电话"],
        ["1", "张小帆", "北路街道", "1234567", "83380000"],
        ["2", "呼和", "北路街道", "13912345678", "13800138000"],
        ["合计", "", "", "13913580245", ""],
    ]
    assert mask_cells(rows) == [
        tuple(rows[0]),
        ("1", NAME, "北路街道", "1234567", TELEPHONE),
        ("2", NAME, "北路街道", "13912345678", TELEPHONE),
        tuple(rows[3]),
    ]


def test_a_table_of_indicators_keeps_every_cell() -> None:
    rows = [
        ["指标名称", "负责人满意度", "联系人满意率", "领导"],
        ["指标值", "≥95%", "100%", "90"],
        ["项目金额", "金额", "方案", "单位"],
        ["培训项目负责人数量", "30", "人", None],
    ]
    assert mask_cells(rows) == [tuple(row) for row in rows]


def test_telephones_that_are_bought_are_no_numbers_to_call() -> None:
    rows = [
        ["品目", "数量", "单价", "金额"],
        ["手机", "240", "10000", "2400000"],
        ["电话", "2500000", "83380000", ""],
        ["传真电话一体机", "3", "4000", "12000"],
    ]
    assert mask_cells(rows) == [tuple(row) for row in rows]
    item = LineItem(
        "手机",
        attributes={"电话": "2400000", "联系电话": "83380000"},
        amounts={"金额": Amount("2400000", Decimal(2400000))},
    )
    statement = Statement("budget.procurement", "", None, (1,), (), (item,))
    before = msgspec.structs.replace(document(), statements=(statement,))
    [after] = mask_document(before).statements[0].items
    assert after.amounts == item.amounts
    assert after.attributes == {"电话": "2400000", "联系电话": TELEPHONE}


def document() -> Document:
    amounts = {
        "合计": Amount("13800138000", Decimal(13800138000)),
        "备注": Amount("张小帆", mark=Mark.UNREADABLE),
    }
    return Document(
        original="0" * 64,
        media_type="application/pdf",
        extractor="test/1",
        pages=2,
        facts=Facts(agency="江城区财政局", codes=("[13800138000]江城区",), title="联系人：张小帆"),
        statements=(
            Statement(
                form="budget.projects",
                title="项目支出表",
                unit=Unit.YUAN,
                pages=(1,),
                columns=(Column("合计", "合计"),),
                items=(
                    LineItem(
                        name="慰问项目",
                        code="13800138000",
                        attributes={"项目负责人": "张小帆", "联系电话": "83380000", "内容": "走访"},
                        amounts=amounts,
                    ),
                ),
                notes=("填表人：李青",),
            ),
        ),
        tables=(
            RawTable("项目申报表", (2,), (("填报人", "王芳", "手机", "13800138000"),)),
            RawTable("分工", (2,), (("王芳", "宣传"), ("王芳华", "文艺"))),
        ),
        prose=(
            Paragraph(1, "填报人"),
            Paragraph(1, "钱小帆"),
            Paragraph(2, "附件由 王芳 整理，王芳华路 3 号另附。"),
        ),
        remarks=(Remark("cell-unreadable", "cell '张小帆' is no amount"),),
        claims=(
            Claim(
                role=Role.VALUE,
                subject="慰问",
                text="1.50万元",
                page=2,
                quotation="联系人：张小帆 13800138000，慰问1.50万元。",
                span=(22, 28),
                value=Decimal("1.50"),
            ),
        ),
    )


def test_every_text_of_a_document_is_masked_and_no_amount() -> None:
    masked = mask_document(document())
    text = msgspec.json.encode(masked).decode()
    for name in ("张小帆", "钱小帆", "李青"):
        assert name not in text
    item = masked.statements[0].items[0]
    assert item.amounts["合计"] == Amount("13800138000", Decimal(13800138000))
    assert item.amounts["备注"].text == NAME
    assert item.code == "13800138000"
    assert item.attributes == {"项目负责人": NAME, "联系电话": TELEPHONE, "内容": "走访"}
    assert masked.facts.codes == ("[13800138000]江城区",)
    assert masked.tables[0].rows == (("填报人", NAME, "手机", TELEPHONE),)


def test_a_claim_keeps_its_place_in_the_masked_sentence() -> None:
    [before], [claim] = document().claims, mask_document(document()).claims
    assert before.quotation[slice(*before.span)] == before.text
    assert claim.quotation == f"联系人：{NAME} {TELEPHONE}，慰问1.50万元。"
    assert claim.quotation[slice(*claim.span)] == claim.text == "1.50万元"


def test_rows_named_by_a_label_are_masked_like_forms() -> None:
    phone = Amount("83380000", Decimal(83380000))
    rows = (
        LineItem("项目负责人", attributes={"内容": "呼和"}, amounts={"金额": Amount("张小帆")}),
        LineItem("联系电话", amounts={"金额": phone}),
        LineItem("项目总额", amounts={"金额": phone}),
    )
    statement = Statement("budget.performance_project", "", None, (1,), (), rows)
    before = msgspec.structs.replace(document(), statements=(statement,))
    person, line, amount = mask_document(before).statements[0].items
    assert (person.attributes["内容"], person.amounts["金额"].text) == (NAME, NAME)
    assert line.amounts["金额"].text == TELEPHONE
    assert line.amounts["金额"].value is None
    assert amount.amounts["金额"] == phone


def test_a_name_known_from_a_form_is_masked_where_it_stands_by_itself() -> None:
    masked = mask_document(document())
    assert masked.tables[1].rows == ((NAME, "宣传"), ("王芳华", "文艺"))
    assert masked.prose[2].text == f"附件由 {NAME} 整理，王芳华路 3 号另附。"


def test_a_masked_document_is_masked_no_further() -> None:
    once = mask_document(document())
    assert mask_document(once) == once


LABELS = [
    "填报人",
    "项目负责人",
    "联系人",
    "姓名",
    "联系电话",
    "电话",
    "咨询电话",
    "手机",
    "账号",
    "开户行",
]
PIECES = st.sampled_from(
    [
        *LABELS,
        "张小帆",
        "王芳",
        "李 青",
        "欧阳青",
        "方案",
        "综合科",
        "：",
        ":",
        " ",
        "\n",
        "、",
        "。",
        "；",
    ]
    + ["83380000", "027-83380000", "13800138000", "138 0013 8000", "11010519491231002X", "1,234.56"]
    + ["2080505", "2024年", "（", "）", "元", "zf@qq.com", "6222021234567890123", "的", "和", "-"]
)
TEXTS = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
@example("填报人\n王芳\n李 青\n方案")
@example("13800138000-13800138000 138 0013 8000 138 0013 8000")
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.lists(st.lists(st.one_of(st.none(), TEXTS), max_size=5), max_size=5))
def test_masking_cells_twice_changes_nothing_more(rows: list[list[str | None]]) -> None:
    once = mask_cells(rows)
    assert mask_cells(once) == once
    assert [[cell is None for cell in row] for row in once] == [
        [cell is None for cell in row] for row in rows
    ]


AMOUNTS = st.decimals(
    min_value=-(10**10), max_value=10**10, places=2, allow_nan=False, allow_infinity=False
).map(lambda value: f"{value:,}")


@given(st.lists(st.lists(AMOUNTS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_no_amount_is_ever_touched(rows: list[list[str]]) -> None:
    table = [["项目负责人", "联系电话", "金额"], ["张小帆", "83380000", "合计"], *rows]
    masked = mask_cells(table)
    assert masked[2:] == [tuple(row) for row in rows]
    line = "支出合计 " + " ".join(rows[0]) + " 万元，其中项目负责人负责的项目 3 个"
    assert mask(line) == line


# What follows reads real publications. Names are taken from them here and nowhere written down.

FORM_LINE = re.compile(
    r"(?:填报人|项目负责人)[ \t]+(?P<names>\S+)[ \t]+联系电话[ \t]+(?P<phone>[\d\-]+)"
)


def clerks() -> list[re.Match[str]]:
    """Every form line of the publications' texts that gives a person and a phone."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return [match for text in texts for match in FORM_LINE.finditer(text)]


def clerk_names() -> set[str]:
    return {name for line in clerks() for name in re.split("[、，]", line["names"])}


def figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d[\d,.\-]*", text))


@pytest.mark.corpus
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the publications are not here: ../shared/seeds")
def test_no_clerk_of_the_real_forms_survives_and_no_figure_is_lost() -> None:
    assert len(clerks()) == 26
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        masked = mask(text)
        assert [name for name in clerk_names() if name in masked] == []
        phones = Counter(match["phone"] for match in FORM_LINE.finditer(text))
        assert figures(text) - figures(masked) == phones
        assert figures(masked) - figures(text) == Counter()


@pytest.mark.corpus
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the publications are not here: ../shared/seeds")
def test_the_public_lines_of_the_real_publications_stay() -> None:
    kept = Counter[str]()
    for path in sorted(SEEDS.glob("*.txt")):
        kept.update(re.findall(r"电话：(027-\d{8})", mask(path.read_text(encoding="utf-8"))))
    assert sum(kept.values()) == 4


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_nothing_read_from_a_real_pdf_names_a_clerk(path: Path) -> None:
    text = msgspec.json.encode(read_once(path.read_bytes())).decode()
    assert [name for name in clerk_names() if name in text] == []
    assert [line["phone"] for line in clerks() if f'"{line["phone"]}"' in text] == []
