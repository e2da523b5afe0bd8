"""What stands in tables and under them: columns, cells, sources, method."""

from __future__ import annotations

from typing import Final

__all__ = ["EN", "ZH"]

ZH: Final[dict[str, str]] = {
    "column-side": "{year} 年{kind}",
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
    "cite": "[{source}] 第 {page} 页第 {row} 行",
    "cite-page": "[{source}] 第 {page} 页",
    "source-published": "公布日期 {date}",
    "source-observed": "收录于 {date}",
    "source-version": "版本 {commit}",
    "source-unarchived": "未入库文件",
    "source-original": "原件 sha256 {sha}",
    "source-local": "由文件 {name} 导入，没有网址",
    "source-replaced": "此网址后来给出的是另一版本，见 [{source}]",
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
    "{dropped} 行不再列示，{whole} 行所在的报表只在其中一份文件中读到。",
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
}

EN: Final[dict[str, str]] = {
    "column-side": "{year} {kind}",
    "cell-absent": "not listed",
    "cell-unread": "not read",
    "cell-unmatched": "not matched",
    "cell-no-column": "no such column",
    "cell-other-layout": "other layout",
    "cell-blank": "blank",
    "cell-unreadable": "“{text}” (not an amount)",
    "cell-no-unit": "{text} (unit not stated)",
    "rate-gone": "not listed any more",
    "rate-unread": "cannot be told",
    "rate-unmatched": "read from an image, not matched",
    "rate-not-compared": "not compared",
    "rate-from-nothing": "from nothing",
    "rate-new": "newly listed",
    "rate-same": "unchanged",
    "rate-none": "not computed",
    "rate-tiny": "below 0.01%",
    "method": "Method and caveats",
    "sources": "Sources",
    "column-line": "Line",
    "column-place": "Place",
    "column-measure": "Measure",
    "column-change": "Change",
    "column-difference": "Difference",
    "column-rate": "Rate",
    "column-source": "Source",
    "column-before": "Previous version",
    "column-after": "This version",
    "column-document": "Document",
    "column-statements": "Tables",
    "column-published": "Published",
    "column-status": "State",
    "column-reason": "Reason",
    "unit": "In 万元 (10,000 yuan)",
    "unit-before-after": "Amounts as printed; difference in 万元 (10,000 yuan)",
    "cite": "[{source}] p. {page}, row {row}",
    "cite-page": "[{source}] p. {page}",
    "source-published": "published {date}",
    "source-observed": "collected {date}",
    "source-version": "version {commit}",
    "source-unarchived": "file not in the archive",
    "source-original": "original sha256 {sha}",
    "source-local": "imported from the file {name}, without an address",
    "source-replaced": "the address showed another version later, see [{source}]",
    "method-alike": "Like with like: budgets with budgets, final accounts with final accounts, "
    "departments with departments, units with units. Last year's figures are those of last year's "
    "document, not what this year's document says about last year.",
    "method-derived": "Differences, rates and shares are computed from the published figures. "
    "Between 元 and 万元 only the point moves, nothing is rounded; rates and shares are rounded "
    "half up to two decimals.",
    "method-nothing": "Between years a blank, a “—” and a 0 all count as no amount; between two "
    "versions of one document they are told apart.",
    "method-once": "Where one figure stands in several tables, one place is quoted.",
    "method-thresholds": "Thresholds: totals and classes are reported from {total_percent}% and "
    "{total_amount} 万元 on, and are headlines from {total_headline_percent}% and "
    "{total_headline_amount} 万元, or {total_headline_any} 万元 alone; any change of the “three "
    "public expenses” is reported, a rise of their total by {sangong_percent}% or "
    "{sangong_amount} 万元 is a headline; staff, running and operating costs are reported from "
    "{costs_percent}% on; projects and lines below classes from {detail_percent}% and "
    "{detail_amount} 万元 on, or from {project_amount} 万元 where newly listed or listed no more.",
    "accounting": "Row by row: {old} has {old_rows} rows, {new} {new_rows}: {paired} paired "
    "({changed} of them with other amounts), {fresh} newly listed, {dropped} not listed any more, "
    "{whole} in tables read in one document only.",
    "accounting-unsure": "{count} more rows were read in one document only while the other was "
    "not read whole there or is laid out in another way, or one of the two was read from an image; "
    "they count as neither newly listed nor "
    "listed no more.",
    "accounting-empty": "{count} of the rows newly listed or listed no more hold no amount at all "
    "and do not count as changes.",
    "conserved": "Sums: in {holds} cases the change of a total equals the sum of the changes of "
    "its details (rounding in print allowed for).",
    "conserved-unchecked": "In {count} more neither document adds up by the rows as read, or one "
    "was not read whole or was read from an image; this was not checked there.",
    "remainder": "Not accounted for by any detail: {statement}{side} “{measure}”: total changed by "
    "{total} 万元, details by {details} 万元, {remainder} 万元 remain (rounding can explain "
    "{allowed} 万元).",
    "remainder-where": " In {document} the details, as read, do not add up to its own total.",
}
