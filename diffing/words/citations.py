"""What is said where a figure is cited, and of its picture."""

from __future__ import annotations

from typing import Final

__all__ = ["EN", "ZH"]

ZH: Final[dict[str, str]] = {
    "citing-title": "{agency}. {title}[EB/OL]",
    "citing-published": "({date})",
    "citing-observed": "[{date}]",
    "citing-observed-only": "[{date}]",
    "citing-page": "第 {page} 页",
    "citing-row": "第 {page} 页第 {row} 行",
    "citing-cell": "第 {page} 页《{statement}》第 {row} 行",
    "citing-version": "明账存档版本 {commit}",
    "citing-original": "原件 sha256:{sha}",
    "citing-joint": ". ",
    "citing-end": ".",
    "proof-show": "原件与引用",
    "crop-large": "放大",
    "crop-column": "所在栏：{head}",
    "crop-of": "{place}的原件截图",
    "crop-figures": "扫描件：仅截出能与识别结果核对的数字，未截出处不等于空白",
    "citation": "引用格式",
    "source-document": "文件页",
}

EN: Final[dict[str, str]] = {
    "citing-title": "{agency}. {title} [in Chinese]",
    "citing-published": "Published {date}",
    "citing-observed": ", collected {date}",
    "citing-observed-only": "Collected {date}",
    "citing-page": "p. {page}",
    "citing-row": "p. {page}, row {row}",
    "citing-cell": "p. {page}, {statement}, row {row}",
    "citing-version": "Mingzhang archive, version {commit}",
    "citing-original": "original sha256:{sha}",
    "citing-joint": ". ",
    "citing-end": ".",
    "proof-show": "Original and citation",
    "crop-large": "larger",
    "crop-column": "column: {head}",
    "crop-of": "The original at {place}",
    "crop-figures": "A scan: figures that could be checked; what is not shown need not be blank",
    "citation": "Citation",
    "source-document": "page of the document",
}
