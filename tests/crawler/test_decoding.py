"""Pages whose encoding is not what they say."""

from __future__ import annotations

import pytest

from crawler.decoding import decode

TEXT = "朱镕基路街道办事处2025年部门预算 喆"
META = '<meta charset="gb2312">'


def test_gb2312_is_read_as_gb18030_because_portals_mean_that() -> None:
    assert decode((META + TEXT).encode("gb18030")) == META + TEXT
    assert decode(TEXT.encode("gb18030"), "text/html; charset=gb2312") == TEXT


def test_valid_utf8_is_utf8_whatever_header_and_page_say() -> None:
    assert decode((META + TEXT).encode(), "text/html; charset=gbk") == META + TEXT


def test_a_page_that_says_nothing_is_tried_as_gb18030_last() -> None:
    assert decode(TEXT.encode("gb18030")) == TEXT


def test_a_byte_order_mark_counts() -> None:
    assert decode(b"\xff\xfe" + TEXT.encode("utf-16-le"), "text/html; charset=gbk") == TEXT


def test_the_portals_own_word_wins() -> None:
    assert decode("明".encode("big5"), "text/html; charset=utf-8", "big5") == "明"


@pytest.mark.parametrize("name", ["no-such-encoding", "x" * 50])
def test_unknown_names_are_passed_over(name: str) -> None:
    assert decode(TEXT.encode(), f"text/html; charset={name}") == TEXT


def test_bytes_that_fit_nothing_show_where_they_do_not() -> None:
    assert "\ufffd" in decode("预算".encode() + b"\xff\xff")
