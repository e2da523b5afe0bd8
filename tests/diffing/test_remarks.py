"""What the text stage says of a reading, told in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import archive
from diffing.words.remarks import remarked, sentences

ROOT = Path(archive.__file__).parent
SPEAKING = (
    *sorted((ROOT / "text").rglob("*.py")),
    *map(ROOT.joinpath, ("identity.py", "titles.py")),
)
SILENT = {"command.py", "report.py"}
"""Commands speak to the operator, at a terminal and in English."""
OTHER = {
    "from archive.text.worker import serve; serve()",
    "its name says .{}, its content is {}",
    "optical/{} rapidocr/{} {}",
    "Callable[[bytes], Seen] | None",
    "a row without a name",
    "its reader failed: {}: {}",
    "module {} has no attribute {}",
    "the readers were stopped",
    "{} could not start archive.text.worker",
}
"""Strings of several words that are no sentence, or stand in one that has its own."""
WITNESSES = {"cells.py", "codes.py", "figures.py", "witnesses.py", "confirmation.py"}
"""Modules whose other sentences are kept as what bears a proposed figure out."""


@pytest.mark.parametrize(
    ("message", "zh"),
    [
        ("nothing stands on it", "空白页"),
        (
            "收入决算表: no unit is printed; its amounts are not converted",
            "收入决算表：没有印计量单位，金额不作换算",
        ),
        (
            "支出决算表: “1.20 / 3.40”: several lines that are not one number",
            "支出决算表：“1.20 / 3.40”有几行，不是一个数",
        ),
        (
            "支出决算表: “1.00000000000000000000000001”: it has more digits than any amount",
            "支出决算表：“1.00000000000000000000000001”位数超过任何金额可能有的位数",
        ),
        (
            "its columns are placed by alignment only, and 收入决算表: unknown column “甲”",
            "各栏只能按对齐划分，而且收入决算表：不认识的栏目“甲”",
        ),
        (
            "code-name: 30202 is known as 印刷费; the name printed is that of 30203",
            "编码与名称不符：30202 的名称是“印刷费”；所印名称属于 30203",
        ),
        (
            "the file name names '甲', which the register does not know; no fiscal year is stated",
            "文件名所示部门“甲”不在名录中；没有写明年度",
        ),
        (
            "page 3: the file is damaged (a (b)) (truncated)",
            "第 3 页：文件有损坏（a (b)）（truncated）",
        ),
        ("表格之外有 3 处墨迹未能识别为文字", "表格之外有 3 处墨迹未能识别为文字"),
        (
            "repaired before it was read: the file is damaged (x); expected endstream",
            "修复后读取：文件有损坏（x）；expected endstream",
        ),
    ],
)
def test_a_remark_is_told_in_chinese_with_what_is_printed_as_it_stands(
    message: str, zh: str
) -> None:
    assert remarked(message, "zh") == (zh, "zh")


def test_a_remark_that_was_written_in_chinese_is_told_in_english_and_back() -> None:
    told = "3 marks of ink beside the tables could not be recognised as text"
    assert remarked("表格之外有 3 处墨迹未能识别为文字", "en") == (told, "en")
    assert remarked(told, "zh").text == "表格之外有 3 处墨迹未能识别为文字"


def test_a_sentence_nobody_knows_stays_as_it_is_and_says_its_language() -> None:
    assert remarked("something new", "zh") == ("something new", "en")
    assert remarked("nothing stands on it; something new", "zh").lang == "en"


@pytest.mark.parametrize(
    "hostile", ["{0}", "{cause}", "{form!r:>99999999}", "”: “" * 400, "; " * 400]
)
def test_what_a_document_prints_is_never_a_template_and_costs_nothing(hostile: str) -> None:
    message = f"收入决算表: unknown column “{hostile}”"
    assert remarked(message, "zh").text == f"收入决算表：不认识的栏目“{hostile}”"
    assert remarked(hostile, "zh") == (hostile, "en")


def test_every_sentence_has_both_languages_and_the_same_fields() -> None:
    for sentence in sentences():
        assert sorted(sentence) == ["en", "zh"]
        fields = [sorted(fields_of(text)) for text in sentence.values()]
        assert fields[0] == fields[1], sentence
        assert len(set(fields[0])) == len(fields[0]), sentence


def fields_of(template: str) -> list[tuple[str, str | None]]:
    return [(name, kind) for _, name, kind, _ in Formatter().parse(template) if name is not None]


def test_every_sentence_is_known_again_with_any_words_in_it() -> None:
    for sentence in sentences():
        filled = {
            lang: Formatter().vformat(re.sub(r":(said|words)", "", text), (), Filling())
            for lang, text in sentence.items()
        }
        if ":said" not in sentence["en"]:
            assert remarked(filled["en"], "zh").text == filled["zh"], sentence
            assert remarked(filled["en"], "en").text == filled["en"], sentence


class Filling(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"某{name}"


def test_whatever_the_text_stage_can_say_has_a_sentence_in_both_languages() -> None:
    """A remark that is added to the stage and not to remarks.toml fails here."""
    known = [sentence[lang] for sentence in sentences() for lang in ("en", "zh")]
    patterns = [re.sub(r"\{[^}]*\}", "\x00", text) for text in known]
    unknown = [
        f"{place}: {text}"
        for place, text in said()
        if text not in OTHER and not any(holds(pattern, text) for pattern in patterns)
    ]
    assert unknown == [], "\n".join(unknown)


def holds(pattern: str, text: str) -> bool:
    """Do the fixed words of a text stand in a sentence, one after the other?"""
    place = 0
    # what was wrong with a part of a file stands in another sentence
    text = text.removesuffix(" ({})").removesuffix(" ({}: {})")
    for part in filter(None, re.split(r"\{\}|: “|”: ", text)):
        place = pattern.find(part.strip(), place)
        if place < 0:
            return False
        place += len(part.strip())
    return True


def said() -> Iterator[tuple[str, str]]:
    """Every string of several words in the modules that speak of a reading, and every Chinese one
    of a remark; "{}" stands for its fields."""
    for path in SPEAKING:
        if path.name in SILENT or path.parent.name == "claims":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        skipped = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
                   for part in node.values}  # fmt: skip
        skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = "" if id(node) in skipped else written(node)
            english = len(re.findall(r"\b[a-z]{2,}\b", re.sub(r"\{.*?\}", "", text))) > 2
            code = re.search(r"[\\^$|=]", text)
            chinese = "图片中的文字" in text or "墨迹" in text
            if chinese or (english and " " in text and not code and path.name not in WITNESSES):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text  # type: ignore[attr-defined]


def written(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return ""
