"""Names of files are labels: the best one is chosen, and none is a path."""

from __future__ import annotations

import pytest

from crawler.filenames import label, sanitised

P0 = "http://www.example.gov.cn/202502/P020250214377000000001.pdf"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("..\\..\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("a/b？.pdf", "b？.pdf"),
        ("...hidden.pdf", "hidden.pdf"),
        ("预算\x00\r\n\u202e.pdf", "预算.pdf"),
        ("..", ""),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
    ],
)
def test_nothing_of_a_path_is_left(name: str, expected: str) -> None:
    assert sanitised(name) == expected


def test_an_address_of_mere_digits_gives_way_to_the_links_text() -> None:
    assert label(P0, "明湖区档案馆2025年部门预算.pdf") == "明湖区档案馆2025年部门预算.pdf"
    assert label(P0, "明湖区档案馆2025年部门预算") == "明湖区档案馆2025年部门预算.pdf"
    assert label(P0, "Attachment") == "P020250214377000000001.pdf"


def test_a_chinese_address_is_shown_decoded_and_wins_over_the_link() -> None:
    url = "http://www.example.gov.cn/files/%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf"
    assert label(url, "附件1") == "部门预算.pdf"


@pytest.mark.parametrize(
    "disposition",
    [
        'attachment; filename="部门预算.pdf"'.encode().decode("latin-1"),
        'attachment; filename="部门预算.pdf"'.encode("gbk").decode("latin-1"),
        "attachment; filename=%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf",
        "attachment; filename=x.pdf; filename*=UTF-8''%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf",
    ],
)
def test_the_header_is_read_in_the_encodings_portals_use(disposition: str) -> None:
    assert label(P0, "附件", disposition) == "部门预算.pdf"


def test_a_header_that_climbs_out_of_its_folder_is_a_name_only() -> None:
    assert label(P0, "", r'attachment; filename="..\..\x.pdf"') == "x.pdf"
