"""Chinese: the wording conventions of budget reporting in the Mainland."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final

from archive.model import Mark
from diffing.changes import Cell, CellKind, is_nothing
from diffing.figures import exact, in_yi, is_large
from diffing.words import comparisons, news
from diffing.words.wording import Wording

_TEXTS: Final = {
    "kind-budget": "预算",
    "kind-final": "决算",
    "level-department": "部门",
    "level-unit": "单位",
    "side": "{year} 年{kind}",
    "column-side": "{year} 年{kind}",
    "document": "{agency} {year} 年{level}{kind}",
    "cell-absent": "未列",
    "cell-unread": "未读到",
    "cell-unmatched": "未对应",
    "cell-no-column": "无此栏",
    "cell-other-layout": "排列不同",
    "cell-blank": "空白",
    "cell-unreadable": "“{text}”（不是金额）",
    "cell-no-unit": "{text}（原文未注明单位）",
    "rate-gone": "不再列示",
    "rate-unread": "无法判断",
    "rate-unmatched": "图像识别，未能对应",
    "rate-not-compared": "未作比较",
    "rate-from-nothing": "由无到有",
    "rate-new": "新列示",
    "rate-same": "持平",
    "rate-none": "不计算",
    "rate-tiny": "不足 0.01%",
    "title-between": "{agency}：{new} 年{level}{kind}与 {old} 年{level}{kind}比较",
    "title-run": "{date} 收录摘要",
    "label": "据公开文件自动整理，未经发布单位确认；增减额、增减幅和占比据公开数据计算",
    "run": "批次 {run}",
    "made": "整理时间 {when}",
    "headlines": "要点",
    "headlines-none": "没有达到要点标准的变动；列示标准见文末。",
    "headlines-none-revised": "没有数字变动；文字、版式等其他变动见下文。",
    "headlines-partly": "能够比较的部分没有达到要点标准的变动；有的报表未能比较，见下文。",
    "headlines-nothing": "没有可以比较的报表；原因见下文。",
    "headlines-more": "另有 {count} 条达到要点标准，见下文各部门。",
    "point": "{subject}：{said}",
    "point-of": "{agency}｜{subject}：{said}",
    "said-with": "{said}（{note}）",
    "headline-revision": "{document}公布后有变更，{counts}；其中最大的一处："
    "{statement}“{line}”{measure}由 {old}变更为 {new}，{change}",
    "headline-revision-unit": "{document}公布后有变更，{counts}；其中一处："
    "{statement}“{line}”{measure}由 {old}变更为 {new}",
    "headline-revision-listed": "{document}公布后有变更，{counts}；其中最大的一处："
    "{statement}“{line}”{what}",
    "headline-revision-statement": "{document}公布后有变更，{counts}；其中：{statement}",
    "count-changed": "{count} 行数字不同",
    "count-new": "{count} 行为新列示",
    "count-dropped": "{count} 行不再列示",
    "count-statement-added": "{count} 张报表只在现版本中读到",
    "count-statement-removed": "{count} 张报表只在前一版本中读到",
    "count-joint": "，",
    "totals-of": "{document}：{figures}",
    "total-of": "{name} {amount}",
    "joint": "；",
    "tables": "{statements} 张报表，{rows} 行",
    "total-both": "收支总{kind}",
    "sangong-line": "“三公”经费{name}",
    "totals": "总额",
    "sangong": "“三公”经费和机关运行经费",
    "sangong-absent": "两份文件中至少一份没有读到“三公”经费表，未作比较。",
    "classes": "支出按功能分类（类）",
    "projects": "项目支出",
    "projects-new": "新列示的项目",
    "projects-gone": "不再列示的项目",
    "projects-changed": "变动较大或更名的项目",
    "projects-quiet": "其余 {count} 个项目没有变动，或变动未达到列示标准。",
    "projects-unlisted": "两份文件中至少一份没有读到项目支出表，无法逐个项目比较。",
    "projects-by-name": "项目按名称逐个对应；改了名称的项目会同时出现在“新列示”和“不再列示”中。",
    "projects-unsure": "只在一份文件中读到的项目",
    "projects-unsure-why": "另一份文件的项目支出表未能读全，或排列方式不同，"
    "或有一份由图像识别、名称可能有误，"
    "这些项目是否列示无法判断。",
    "by-order": "同名同编码有多行，按金额相同、再按先后顺序对应，请核对原件",
    "lines": "其他变动较大的科目",
    "statements": "只在一份文件中读到的报表",
    "statement-added": "{title}：仅在{new}中读到（{count} 行）",
    "statement-removed": "{title}：仅在{old}中读到（{count} 行）",
    "statement-unread": "{said}；{other}第 {pages} 页未能读成报表，可能印在那里",
    "statements-performance": "绩效表 {count} 张：仅在{side}中读到，逐张列在“全部变动”中",
    "gap-statements": "{document}没有读出任何标准报表。",
    "gap-pages": "{document}第 {pages} 页有图片或读不出的文字，没有读取；只印在那里的内容"
    "不在比较之内，不等于没有列示。",
    "gap-recognised": "{document}第 {pages} 页的文字和数字由图像识别得到，可能有误；"
    "与另一份文件对不上的行不计为新列示或不再列示。",
    "gap-tables": "{document}有 {count} 张表未能归入标准报表（第 {pages} 页），不在比较之内。",
    "page-joint": "、",
    "all": "全部变动",
    "statements-of": "{title}（{count} 张）",
    "all-of": "{title}（{count} 行）",
    "all-elsewhere": "全部变动共 {count} 处，逐条见 JSON 格式的同一摘要（digest.json）。",
    "revisions": "已公布文件的修订",
    "revision-title": "{document}：前一版本与现版本比较",
    "revision-figures": "逐行变动",
    "revision-texts": "文字和版式",
    "no-change": "两份文件没有金额不同的行。",
    "revision-none": "两个版本的内容没有差别。",
    "problems": "问题",
    "problems-elsewhere": "核对发现的问题",
    "problems-note": "以下为程序核对公开文件的结果，未经发布单位确认，请以原件为准；"
    "规则见 mingzhang check --explain。",
    "problem": "（{severity}）{said}",
    "problem-material": "重大",
    "problem-minor": "一般",
    "problem-rule": "规则 {rule}，{sureness}",
    "problem-sure": "数字直接取自文字层",
    "problem-likely": "数字非直接取自文字层，请核对原件",
    "problem-quoted": "原文：“{quotation}”",
    "problem-suspect": "{count} 个等式要求《{statement}》“{line}”{measure}为 {value}",
    "problem-also": "同一原因另有 {count} 处",
    "problem-confirmed": "经人工核对原件属实（{day}）：{reason}",
    "problems-more": "其余 {count} 处见 JSON 格式的同一摘要。",
    "headline-problem": "{document}内有 {count} 处数字或表述不一致，其中：{said}",
    "corrections": "更正",
    "correction": "以前的摘要（{digest}，{day}）曾指出{document}：“{said}”（规则 {rule}）。"
    "现撤回，原因：{reason}",
    "correction-wrong": "经核对，该指出有误：{reason}",
    "correction-explained": "已有解释：{reason}",
    "correction-not-found": "对同一文件重新读取、核对，不再得出这一结论",
    "collected": "本次收录的文件",
    "collected-totals": "首次收录，尚无可比的上年文件：",
    "events": "其他事项",
    "event-bytes-only": "文件字节有变化，读出的内容没有变化",
    "event-re-extraction": "用新的读取程序重读，不是发布单位的变动",
    "event-withdrawal": "相隔一天以上两次查看，原页面均已不在",
    "event-return": "重新公开",
    "event-backfill": "补录",
    "event-migration": "网址变了，文件未变",
    "event-mirror": "另一网址发布了同一文件",
    "unread": "未能读取或归档的文件",
    "unread-unreadable": "未能读取",
    "unread-unfiled": "未能归档",
    "method": "方法与说明",
    "sources": "出处",
    "column-line": "项目",
    "column-place": "位置",
    "column-measure": "指标",
    "column-change": "变动",
    "column-difference": "增减额",
    "column-rate": "增减幅",
    "column-source": "出处",
    "column-before": "前一版本",
    "column-after": "现版本",
    "column-document": "文件",
    "column-statements": "报表",
    "column-published": "发布日期",
    "column-status": "情况",
    "column-reason": "原因",
    "unit": "单位：万元",
    "unit-before-after": "金额照原文；增减额单位：万元",
    "renamed-from": "原名：{name}",
    "what-new": "新列示",
    "what-dropped": "不再列示",
    "what-changed": "金额变动",
    "what-unread": "另一份文件未读全，无法判断",
    "what-unmatched": "有一份由图像识别，未能对应，无法判断",
    "what-not-compared": "未作比较",
    "what-statement-added": "仅在后一份文件中读到的报表",
    "what-statement-removed": "仅在前一份文件中读到的报表",
    "what-recoded": "编码变动",
    "what-renamed": "名称变动",
    "what-mark-changed": "标示变动",
    "what-moved": "行位置变动",
    "what-text-changed": "文字变动",
    "field-prose": "正文",
    "field-name": "名称",
    "field-code": "编码",
    "field-title": "表题",
    "field-note": "表注",
    "field-columns": "栏目",
    "field-table": "未归类的表",
    "field-attribute": "{name}",
    "passage": "{field}：{old} → {new}",
    "text-nothing": "（无）",
    "certainty-aligned": "按文字对齐读出，请核对原件",
    "certainty-confirmed": "由图像识别，经加总核对",
    "certainty-recognised": "由图像识别得到，请核对原件",
    "some-recognised": "其中有的由图像识别得到，请核对原件",
    "certainty-unreadable": "原文不是金额，或未能识别",
    "quoted-reading": "所引为识别读数；按加总应为 {value}，未采用",
    "cite": "[{source}] 第 {page} 页第 {row} 行",
    "cite-page": "[{source}] 第 {page} 页",
    "source-published": "公布日期 {date}",
    "source-observed": "收录于 {date}",
    "source-version": "版本 {commit}",
    "source-unarchived": "未入库文件",
    "source-original": "原件 sha256 {sha}",
    "method-alike": "同口径比较：只以预算比预算、决算比决算，部门比部门、单位比单位。"
    "上年数取自上年文件本身，不取自本年文件对上年的引述。",
    "method-derived": "增减额、增减幅和占比据公开数据计算。元与万元之间只移动小数点，不作舍入；"
    "增减幅和占比四舍五入到两位小数。",
    "method-nothing": "年度之间比较时，空白、“—”和 0 都视为没有金额；"
    "同一文件的两个版本之间，三者分别对待。",
    "method-once": "同一数字在多张报表中重复列示的，只引用一处。",
    "method-thresholds": "列示标准：合计和类级科目变动达 {total_percent}% 且 {total_amount} 万元"
    "列入正文，达 {total_headline_percent}% 且 {total_headline_amount} 万元、"
    "或达 {total_headline_any} 万元列入要点；"
    "“三公”经费有变动即列入正文，合计增长达 {sangong_percent}% 或 {sangong_amount} 万元列入要点；"
    "人员、公用和机关运行经费变动达 {costs_percent}% 列入正文；"
    "项目和款、项级科目变动达 {detail_percent}% 且 {detail_amount} 万元，"
    "或新列示、不再列示达 {project_amount} 万元的，列入正文。",
    "accounting": "逐行核对：{old}共 {old_rows} 行，{new}共 {new_rows} 行："
    "{paired} 行配成对（其中 {changed} 行金额不同），{fresh} 行为新列示，"
    "{dropped} 行不再列示，{whole} 行在只在一份文件中读到的报表中。",
    "accounting-unsure": "另有 {count} 行只在一份文件中读到，而另一份文件在相应处未读全，"
    "或报表的排列不同，或有一份由图像识别，不计为新列示或不再列示。",
    "accounting-empty": "新列示和不再列示的行中有 {count} 行没有任何金额，不计为变动。",
    "conserved": "勾稽：{holds} 组合计的变动都等于其细项变动之和（允许印刷舍入）。",
    "conserved-unchecked": "另有 {count} 组按读出的行在两份文件中都加总不上，或有一份未读全、"
    "由图像识别，"
    "未作此项核对。",
    "remainder": "未能归入细项的差额：{statement}{side}“{measure}”合计变动 {total} 万元，"
    "细项变动之和 {details} 万元，相差 {remainder} 万元（舍入可解释 {allowed} 万元）。",
    "remainder-where": "{document}的细项按读出的行加总，与它自己的合计不符。",
    "note-agency-differs": "两份文件所载机构名称不同：“{old}”与“{new}”。",
    "note-extractor-differs": "两份文件由不同版本的读取程序读出（{old}、{new}），"
    "差别可能来自读取。",
    "note-unit-differs": "“{statement}”的计量单位不同（{old}、{new}），已换算后比较。",
    "notes-shared-key": "另有 {count} 组编码和名称都相同的行，同样配对。",
    "note-shared-key": "“{statement}”中有编码和名称都相同的行（{code} {name}，页:行 {rows}），"
    "按金额相同、再按先后顺序配对。",
    "note-cells-unreadable": "有 {count} 个单元格印的不是金额，照原文列出，未作计算。",
    "note-tables-not-compared": "有 {count} 张表未能归入标准报表，年度之间未作比较。",
    "remark": "{document}：{message}",
    "remark-page": "{document}第 {page} 页：{message}",
    "remark-many": "{count} 处，如：{message}",
    "remark-detail": "{name}（{detail}）",
    "remark-page-image": "页面上有图片，几乎没有文字；图片中的文字未读取",
    "remark-image-on-page": "页面上有图片，图片中的文字未读取",
    "remark-page-recognised": "文字由图像识别得到，请核对原件",
    "remark-recognition-failed": "图片中的文字未能识别",
    "remark-unit-missing": "表上没有注明唯一的计量单位，金额不作换算",
    "remark-column-unknown": "栏目不认识，照原文列出",
    "remark-column-double": "同一栏目出现两次",
    "remark-cell-unreadable": "单元格印的不是金额",
    "remark-row-repeated": "同名同编码的行再次出现",
    "remark-row-unexpected": "多出一行，未读入",
    "remark-row-unplaced": "有的行不合表式，照原文保留为单元格",
    "remark-characters-undefined": "有的字符在字体中没有含义，读不出",
    "remark-text-hidden": "有看不见的文字层，已读入",
    "remark-text-layered": "图片上的文字取自隐藏的识别层，可能与图片不同，请核对原件",
    "remark-page-turned": "原件横放或倒放，转正后识别",
    "remark-ink-unread": "表格之外有墨迹未能识别为文字，例如印章",
    "remark-text-outside": "有的文字在纸面之外，已读入",
    "remark-text-unseen": "有看不见的文字，未读入",
    "remark-text-sideways": "有的文字方向与其余不同",
    "remark-content-odd": "页面内容有一部分无法解读",
    "remark-font-unsure": "字体的字符对照可疑",
    "remark-repaired": "文件有损坏，修复后读取",
    "remark-agency-disagrees": "文件内机构名称前后不一",
    "remark-level-disagrees": "文件内部门、单位的说法前后不一",
    "remark-year-disagrees": "文件内年度前后不一",
    "remark-kind-disagrees": "文件内预算、决算的说法前后不一",
    "remark-identity-disagreement": "文件的归属有不一致之处",
    "remark-cells-joined": "有的单元格在文字稿中分不开，合在一处列出",
    "remark-changes-tracked": "文件带有修订痕迹，按接受修订后的内容读取",
    "remark-column-by-sums": "文字稿没有留下空白单元格，有的金额所在栏由合计关系推定",
    "remark-column-open": "有的金额分不清在哪一栏，未归栏",
    "remark-figures-rounded": "有的金额按显示位数读取，存储的位数更多",
    "remark-member-read": "压缩包内的文件，页码依次相接",
    "remark-member-unread": "压缩包内有文件未能读取",
    "remark-number-format-unknown": "有的数字格式不认识，按存储值读取",
    "remark-rows-hidden": "有隐藏的行或列，已读入",
    "remark-sheet-hidden": "有隐藏的工作表，未读入",
    "remark-table-missing": "只有标题，没有表，可能是图片",
    "remark-text-damaged": "文件曾经扫描识别，数字或编码有损伤；原文与推定并列",
    "remark-type-mismatch": "文件名与内容的类型不符",
    "remark-claims-cut": "文字中的数字过多，只读取了一部分",
    "more": "……另有 {count} 条",
} | comparisons.ZH


class Chinese(Wording):
    """Simplified Chinese."""

    code = "zh"
    html = "zh-CN"
    texts: ClassVar = _TEXTS | news.ZH

    def amount(self, value: Decimal, decimals: int = 2) -> str:
        """15,621.1123 万元, from 1 亿元 on as 1.56 亿元（15,621.1123 万元）."""
        plain = f"{exact(value, decimals)} 万元"
        return f"{in_yi(value)} 亿元（{plain}）" if is_large(value) else plain

    def comparison(self, cell: Cell, old: str, new: str) -> str:
        """增加/减少 with the amount, 增长/下降 with the rate; 持平, 由无到有, 未列示."""
        if cell.kind not in (CellKind.NUMBER, CellKind.MARK):
            before = _with("为", self.old_printed(cell))
            after = _with("为", self.new_printed(cell))
            return f"{old}{before}，{new}{after}，未作计算"
        zero, decimals = Decimal(0), self.decimals(cell)
        was, now = cell.old_wan or zero, cell.new_wan or zero
        difference = cell.difference or zero
        if cell.new is None:
            return f"{new}不再列示（{old}为 {self.amount(was, decimals)}）"
        if cell.old is None:
            return f"{new}新列示，{self.amount(now, decimals)}（{old}未列示）"
        if is_nothing(cell.new) and not is_nothing(cell.old):
            stated = f"{new}{self._nothing(cell, new=True)}"
        else:
            stated = f"{new} {self.amount(now, decimals)}"
        if difference == 0:
            return f"{stated}，{_with('与', old)}持平"
        if is_nothing(cell.old):
            return f"由无到有，{stated}（{old}{self._nothing(cell)}，无法计算增幅）"
        way = "增加" if difference > 0 else "减少"
        change = f"{_with('比', old)}{way} {self.amount(abs(difference), decimals)}"
        return f"{stated}，{change}，{self._rate(cell)}"

    def replacement(self, cell: Cell) -> str:
        """增加/减少 with the amount and the rate, nothing where no amount was replaced."""
        if cell.difference is None or cell.difference == 0:
            return ""
        way = "增加" if cell.difference > 0 else "减少"
        rate = f"，{self._rate(cell)}" if cell.percent is not None else ""
        return f"{way} {self.amount(abs(cell.difference), self.decimals(cell))}{rate}"

    def spaced(self, name: str) -> str:
        """A space between Chinese and what begins with a letter or digit."""
        return _with("", name)

    def share(
        self,
        name: str,
        old: Decimal,
        new: Decimal,
        sides: tuple[str, str],
        moved: Decimal | None = None,
    ) -> str:
        """占支出总额的比例，上升/下降 … 个百分点."""
        moved = new - old if moved is None else moved
        if moved == 0:
            change = f"{_with('与', sides[0])}持平"
        else:
            way = "上升" if moved > 0 else "下降"
            change = f"{_with('比', sides[0])}{way} {exact(abs(moved))} 个百分点"
        return f"{name}占支出总额的 {self.percent(new)}，{change}"

    def _rate(self, cell: Cell) -> str:
        up = (cell.difference or Decimal(0)) > 0
        if cell.percent is None:
            why = "基数为负" if (cell.old_wan or 0) < 0 else "金额为负"
            return f"{'增' if up else '降'}幅不计算（{why}）"
        if cell.percent == 0:
            return f"{'增' if up else '降'}幅不足 0.01%"
        return f"{'增长' if up else '下降'} {self.percent(cell.percent)}"

    def _nothing(self, cell: Cell, *, new: bool = False) -> str:
        amount = cell.new if new else cell.old
        if amount is None:
            return "未列示"
        if amount.mark is Mark.BLANK:
            return "为空白"
        return "为“—”" if amount.mark is Mark.DASH else "为 0"


def _with(word: str, name: str) -> str:
    """A space between Chinese and what begins with a letter or digit."""
    return f"{word} {name}" if name[:1].isascii() else f"{word}{name}"
