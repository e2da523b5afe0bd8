"""What is said of changes and of the comparisons of a year's plan, of units and of series."""

from __future__ import annotations

from typing import Final

__all__ = ["EN", "ZH"]

ZH: Final[dict[str, str]] = {
    "what-corrected": "更正：改后与合计相符",
    "what-moved-to-basic": "项目支出转列基本支出",
    "what-moved-to-project": "基本支出转列项目支出",
    "what-basis-changed": "口径变化",
    "what-reclassified": "科目归类变动",
    "cell-other-basis": "口径不同",
    "rate-other-basis": "口径变化",
    "balance-lost": "改后与合计不再相符",
    "basis": "口径变化：{year} 年起 {before} → {after}，可比的上级科目为 {parent}（{standing}）",
    "basis-agencies": "口径变化：{year} 年起 {before} → {after}，可比的上级为 {parent}"
    "（{standing}）",
    "basis-registered": "据机构登记：{source}",
    "basis-renamed": "{year} 年起科目更名（{standing}）",
    "basis-official": "依据《{source}》",
    "basis-observed": "依据整理资料，未见官方文本",
    "basis-total": "合计",
    "basis-none": "无",
    "paired-alias": "按登记的项目别名对应",
    "paired-register": "按科目修订对应",
    "paired-agency": "按登记的机构名称对应",
    "note-agencies-turned": "口径变化：{year} 年起 {before} → {after}，两年的数字可能不是同一口径"
    "（据机构登记：{source}）。",
    "perhaps": "可能与“{name}”是同一项（名称去掉“专项”“经费”等字后相似度 {score}{amount}），"
    "请核对原件",
    "perhaps-amount": "，金额相同",
    "note-suggestions-left": "有 {count} 行因同级未对应的行过多，没有查找名称相近的行。",
    "column-share": "占比变动（个百分点）",
    "witness-agrees": "本年文件所引上年数：{agree} 处与上年文件一致，{differ} 处不一致，"
    "{missing} 处上年文件没有对应的数字。",
    "witness-differs": "“{line}”{measure}：上年文件为 {printed}，"
    "本年文件说明为 {quoted} 万元{derived}（第 {page} 页）。",
    "witness-derived": "（据本年数和增减额推算）",
    "execution-title": "{agency} {year} 年预算执行情况",
    "column-original": "年初预算",
    "column-full-year": "全年预算",
    "column-outcome": "决算",
    "column-execution": "为年初预算的 %",
    "column-execution-full": "为全年预算的 %",
    "execution-unbudgeted": "不计算",
    "execution-carried": "“{line}”{amount} 万元，为本年支出的 {share}%（据公开数据计算）。",
    "execution-none": "没有两份文件都列的报表，无法比较。",
    "execution-only": "只有一份文件有的报表，不在比较之内：{titles}。",
    "execution-quoted": "“{line}”：预算文件为 {printed} 万元，决算说明所引年初预算为 {quoted} 万元"
    "（第 {page} 页）。",
    "execution-note": "年初预算据预算文件，全年预算据决算“三公”经费表，执行率据公开数据计算；"
    "执行率不是增长率；决算含年中追加、调整和上年结转等，高于年初预算不等于超支。",
    "units-title": "{agency} {year} 年{kind}与所属单位",
    "column-department": "部门",
    "column-units": "所属单位合计",
    "column-remainder": "差额",
    "column-unit-count": "列示单位数",
    "units-missing": "缺少 {count} 个所属单位的文件（{names}），差额不能说明问题。",
    "units-unknown": "登记中没有所属单位的完整名单，差额不能说明问题。",
    "units-holds": "{holds} 个数字等于所属单位之和（允许印刷舍入），{partly} 个无法判断，"
    "{remainder} 个有差额。",
    "series-title": "{agency}：{line}",
    "series-none": "没有找到“{line}”。",
    "series-without": "以下文件的同一报表中没有读到这一行，不等于没有列示：{documents}。",
    "column-year": "年度",
    "column-kind": "口径",
    "column-agency": "机构",
    "column-division": "地区",
    "column-amount": "金额（万元）",
    "column-table": "报表",
    "column-from-last": "比上年同口径",
    "series-note": "增减只在同一口径（预算与预算、决算与决算）、同一报表之间计算。",
    "series-several": "该报表中有 {count} 行同名，逐行列出，未作增减计算。",
    "peers-note": "同类机构据登记（{kind}）；各地报表格式不同，金额按各自文件列示，"
    "可比性请核对原件。",
    "overview-title": "{division} {year} 年{kind}：比上年变动最大的科目",
    "overview-title-years": "{division} 历年{kind}：比上年变动最大的科目",
    "overview-note": "按编码和名称逐行对应，未作科目修订和更名处理；一份文件独有的行不计入。"
    "核实请用 mingzhang diff。",
    "overview-none": "没有两年都有的行。",
}

EN: Final[dict[str, str]] = {
    "what-corrected": "corrected: the sum closes now",
    "what-moved-to-basic": "moved from project to basic expenditure",
    "what-moved-to-project": "moved from basic to project expenditure",
    "what-basis-changed": "classification revised",
    "what-reclassified": "booked under another subject",
    "cell-other-basis": "other basis",
    "rate-other-basis": "other basis",
    "balance-lost": "the sum does not close any more",
    "basis": "classification revised in {year}: {before} → {after}; the lowest line that compares "
    "is {parent} ({standing})",
    "basis-agencies": "agencies changed in {year}: {before} → {after}; the lowest line that "
    "compares is {parent} ({standing})",
    "basis-registered": "by the register of agencies: {source}",
    "basis-renamed": "subject renamed in {year} ({standing})",
    "basis-official": "by {source}",
    "basis-observed": "by notes, no official text was read",
    "basis-total": "the total",
    "basis-none": "none",
    "paired-alias": "paired by a registered alias of the project",
    "paired-register": "paired by a revision of the classification",
    "paired-agency": "paired by the registered names of the agency",
    "note-agencies-turned": "Another basis: {before} → {after} in {year}; the figures of the "
    "two years may not count the same agencies (by the register: {source}).",
    "perhaps": "may be the same as “{name}” (names without 专项, 经费 … are {score} % alike"
    "{amount}): see the originals",
    "perhaps-amount": ", same amount",
    "note-suggestions-left": "{count} rows had too many unmatched rows beside them to look for "
    "names alike.",
    "column-share": "change of share (points)",
    "witness-agrees": "Last year's figures as this year's document states them: {agree} agree with "
    "last year's document, {differ} do not, {missing} have no counterpart there.",
    "witness-differs": "“{line}” {measure}: last year's document says {printed}, this year's "
    "{quoted} 万元{derived} (p. {page}).",
    "witness-derived": " (derived from this year's figure and the stated change)",
    "execution-title": "{agency}: execution of the budget of {year}",
    "column-original": "original budget",
    "column-full-year": "full-year budget",
    "column-outcome": "outcome",
    "column-execution": "% of original",
    "column-execution-full": "% of full-year",
    "execution-unbudgeted": "not computed",
    "execution-carried": "“{line}”: {amount} 万元, {share} % of the year's expenditure (computed).",
    "execution-none": "No table stands in both documents: nothing to compare.",
    "execution-only": "Tables of one document only, not compared: {titles}.",
    "execution-quoted": "“{line}”: the budget says {printed} 万元, the final account quotes "
    "{quoted} 万元 as the original budget (p. {page}).",
    "execution-note": "Original budget from the budget, full-year budget from the final account's "
    "“三公” table; rates are computed. A rate of execution is no rate of growth; a "
    "final account contains supplements, adjustments and balances carried over, so that above the "
    "original budget is not overspent.",
    "units-title": "{agency}: {year} {kind} and its units",
    "column-department": "department",
    "column-units": "sum of units",
    "column-remainder": "remainder",
    "column-unit-count": "units that print it",
    "units-missing": "The documents of {count} units are missing ({names}): a remainder says "
    "nothing.",
    "units-unknown": "The register has no complete list of units: a remainder says nothing.",
    "units-holds": "{holds} figures are the sum of the units (but for rounding in print), {partly} "
    "cannot be told, {remainder} have a remainder.",
    "series-title": "{agency}: {line}",
    "series-none": "“{line}” was not found.",
    "series-without": "The line was not read in the same table of these documents, which does not "
    "mean that they lack it: {documents}.",
    "column-year": "year",
    "column-kind": "kind",
    "column-agency": "agency",
    "column-division": "district",
    "column-amount": "amount (万元)",
    "column-table": "table",
    "column-from-last": "from the year before, same kind",
    "series-note": "Changes are computed within one kind (budget with budget, final account with "
    "final account) and one table only.",
    "series-several": "{count} rows of that table bear the name: all are listed, no change is "
    "computed.",
    "peers-note": "Peers by the register ({kind}); districts print different forms, and each "
    "amount stands as its own document has it.",
    "overview-title": "{division} {year} {kind}: the largest moves from the year before",
    "overview-title-years": "{division} {kind}, all years: the largest moves from the year before",
    "overview-note": "Paired by code and name alone, without revisions or renamings; rows of one "
    "document only are left out. Verify with mingzhang diff.",
    "overview-none": "No row stands in both years.",
}
