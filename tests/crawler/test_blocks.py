"""Pages that turn visitors away, and pages that only look like it."""

from __future__ import annotations

import pytest

from crawler import blocks
from tests.portal import faults

STUB = faults.js_stub()


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (412, faults.ruishu_page(1), "Ruishu"),
        (412, b"", "Ruishu"),
        (200, faults.ruishu_page(2), "Ruishu"),
        (200, faults.CLOUD_403, "云防护"),
        (403, faults.CLOUD_403, "云防护"),
        (403, faults.CLOUD_403.decode().encode("gb18030"), "云防护"),
        (200, STUB, "a script instead of a page"),
        (521, b"<script>document.cookie='x'</script>", "Jiasule"),
    ],
)
def test_block_pages_are_recognised(status: int, body: bytes, reason: str) -> None:
    assert reason in blocks.recognise(status, body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"%PDF-1.7 $_ts"),
        (200, "<html><h1>通知</h1><p>本馆已购买云防护服务。</p>".encode() + b"<p>x</p>" * 4000),
        (200, b'<script>window.location.href="/zwgk/";</script>'),
        (200, faults.NOT_FOUND),
        (500, faults.ERROR_PAGE),
        (403, b"<html><body>Forbidden</body></html>"),
        (404, b""),
        (
            200,
            "<ul><li>明湖区审计局2025年部门预算公开说明及附件一览</li></ul><script>eval(1)</script>".encode(),
        ),
    ],
)
def test_other_answers_are_not_taken_for_one(status: int, body: bytes) -> None:
    assert blocks.recognise(status, body) == ""


def test_the_evidence_is_what_a_visitor_would_read_and_short() -> None:
    assert blocks.evidence(faults.CLOUD_403).startswith("403 Forbidden 403 - 云防护")
    assert len(blocks.evidence(STUB)) <= 200
