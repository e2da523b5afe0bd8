"""The two files every district's repository begins with."""

from __future__ import annotations

from typing import Final

__all__ = ["attributes", "readme"]

_README: Final = """\
# {title}（{division}）部门预算、决算公开存档

本仓库由“明账”程序自动维护，保存{title}各部门、各单位在政府网站上公开的预算和决算：
每份文件的每个版本是一次提交，表格逐行可比。内容来自公开的政府信息，本仓库不是官方网站。

## 怎么看

- 目录为 `机构/年度/部门预算、部门决算、单位预算或单位决算`；机构改名后目录名不变。
- `statements/` 中每张表一个 CSV 文件，数字与原文件所印完全一致，空格就是空格，不是零；
  表头括号内是单位；“页”“行”指出该行在原文件中的位置。
- `prose.md` 是文字说明，`document.json` 是全部读取结果（供程序使用）。
- `agency.json` 记录目录属于哪个机构编号。

## 怎么查历史

```
git log                                  # 所有版本，最新的在前
git log -- '机构/2024年'                  # 一个机构某年的版本
git log -p -- '机构/2024年/部门决算/statements'   # 逐行看数字怎么变
git show 提交号:路径                       # 当时的文件
```

提交说明第一行是发生了什么：

| 字样 | 含义 |
|---|---|
| 收录 | 第一次收录这份文件 |
| 修订 | 文件换了，内容有变或有读不出之处，发布方没有声明；括号内写明新文件从何而来 |
| 更正 | 发布方在标题中声明了更正、修订或更新 |
| 仅字节变化 | 文件换了，读出的内容相同 |
| 重新读取 | 程序改进后重新读取同一原件，不是发布方的改动 |
| 撤回 | 相隔一天以上的两次完整采集，原页面均已不在；旁边放 `withdrawn.json` 为记，文件不删 |
| 重新发布 | 撤回的文件又出现了 |
| 迁移 | 网址变了，文件逐字节相同 |
| 另见 | 同一文件也见于另一网址 |
| 补录 | 较早的版本，后来才补进存档；比现行版本早的放在 `backfill/` 里 |

“撤回”只说页面不在，不说为什么；也可能是网站故障。

其余事实写在提交说明末尾：来源网址（Source-Url、Source-Page）、原件的 SHA-256
（Original-Sha256）、发布方标注的日期（Published）、程序看到的时间（Observed）等。
作者日期是发布方标注的日期，提交日期是存档程序的时钟。

## 遮盖了什么

个人姓名、电话、证件号、账号、邮箱在写入之前已经遮盖，显示为“〔姓名已隐去〕”一类字样；
各机构公开的热线电话保留。历史一旦写入便不再改写，因此遮盖总在写入之前进行。

## 请注意

数字由程序从公开文件中读取，可能有误，以发布方的原件为准。发现错误或有不宜公开的内容，
请联系本存档的维护者。
"""


def readme(title: str, division: str) -> bytes:
    """README.md: what this repository is, how to read it with plain git, what is masked.

    It says nothing of when it was written, so that it is the same for every first commit.
    """
    return _README.format(title=title, division=division).encode()


def attributes() -> bytes:
    """.gitattributes: no clone, on whatever system, changes line ends."""
    return b"* -text\n"
