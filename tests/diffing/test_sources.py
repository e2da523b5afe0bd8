"""Where figures lead to when the publisher has put another file in the place of theirs."""

from __future__ import annotations

import json
from pathlib import Path

from archive.model import ChangeKind
from diffing.digest import of_versions
from diffing.finding import newest, predecessor
from diffing.render import in_format
from diffing.render.links import Published
from diffing.thresholds import DigestSettings
from diffing.versions import Version

from .archived import Filing, identity, known
from .build import budget, document, item, statement

URL = "http://czj.example.gov.cn/ys.pdf"


def revised(root: Path, url: str = URL) -> tuple[Version, Version]:
    """A budget and what took its place, at the same address unless told."""
    filing = Filing(root)
    filing.commit(budget("80.00"), identity(2024))
    filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION, url=url)
    repository = filing.archive.repository("310107")
    new = newest(filing.archive, known(), identity(2024))
    assert new.entry is not None
    old = predecessor(repository, known(), new.entry)
    assert old is not None
    return old, new


def test_a_figure_of_a_replaced_file_does_not_lead_to_the_file_in_its_place(tmp_path: Path) -> None:
    old, new = revised(tmp_path)
    links = Published([new, old])
    assert [links.place(v.where(5, 2)) for v in (old, new)] == ["", f"{URL}#page=5"]
    digest = of_versions(old, new, DigestSettings())
    said = "此网址后来给出的是另一版本"
    assert in_format(digest, "zh", "md").count(said) == 1
    assert in_format(digest, "zh", "html").count(said) == 1
    assert f'href="{URL}#page' in in_format(digest, "zh", "html")


def test_a_file_that_is_still_at_its_address_is_led_to(tmp_path: Path) -> None:
    old, new = revised(tmp_path, "http://czj.example.gov.cn/ys-2.pdf")
    assert Published([new, old]).place(old.where(5, 2)) == f"{URL}#page=5"
    assert "另一版本" not in in_format(of_versions(old, new, DigestSettings()), "zh", "md")


def test_json_keeps_every_character_and_shows_none_that_turns_text(tmp_path: Path) -> None:
    filing = Filing(tmp_path)
    name = "党\u202e建\u200b费"
    for year, amount in ((2023, "10.00"), (2024, "90.00")):
        sheet = statement(item(name, amount), form="budget.project", title="项目支出表")
        filing.commit(document(sheet), identity(year))
    old, new = (newest(filing.archive, known(), identity(year)) for year in (2023, 2024))
    text = in_format(of_versions(old, new, DigestSettings()), "zh", "json")
    assert "\u202e" not in text
    assert "\u200b" not in text
    assert name in strings(json.loads(text))


def strings(value: object) -> list[str]:
    """Every string in plain values."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def test_a_file_brought_by_hand_has_no_address_to_follow(tmp_path: Path) -> None:
    old, new = revised(tmp_path, "file:ys.pdf")
    text = in_format(of_versions(old, new, DigestSettings()), "zh", "md")
    assert "由文件 ys.pdf 导入，没有网址" in text
    assert "file:" not in text


def test_a_replacement_says_by_which_address_and_dates_it_came(tmp_path: Path) -> None:
    old, new = revised(tmp_path)
    text = in_format(of_versions(old, new, DigestSettings()), "zh", "md")
    assert (
        "两个版本的网址相同。标注的公布日期由 2026-02-01 变为 2026-02-02。"
        "前一版本收录于 2026-03-02，现版本收录于 2026-03-03。" in text.replace("\\", "")
    )
    elsewhere = of_versions(*revised(tmp_path / "b", "http://a.example/b.pdf"), DigestSettings())
    assert "两个版本的网址不同。" in in_format(elsewhere, "zh", "md")
