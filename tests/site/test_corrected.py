"""What a digest told and what does not stand, on the site."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffing.checks.judgements import Verdict, load
from tests.diffing.archived import known
from tests.diffing.test_check_command import budget
from tests.diffing.test_corrections import WRONG, Newsroom

from .built import Site, text_of


class Press(Newsroom):
    """A newsroom with a site."""

    def page(self, path: str) -> str:
        """What stands on a page of the site as it is built now."""
        site = Site(self.root)
        site.filing, site.register = self.filing, known()
        if (self.root / "judgements.toml").exists():
            site.judged = load(self.root / "judgements.toml")
        assert site.build().failed == []
        return text_of(site.page(path).xpath("//main")[0])


@pytest.fixture
def press(tmp_path: Path) -> Press:
    found = Press(tmp_path)
    found.run("r1", budget(2024, *WRONG))
    return found


def test_the_digest_of_a_run_shows_what_it_told_as_corrected(press: Press) -> None:
    before = press.page("digests/run-r1.html")
    press.judge(press.key(), Verdict.WRONG, "口径不同。")

    after = press.page("digests/run-r1.html")

    assert "80万元" in before
    assert "更正" not in before
    assert "规则 D01，所据内容直接取自文字层" not in after
    assert "曾指出" in after
    assert "现撤回，原因：经核对，该指出有误：口径不同" in after


def test_what_a_better_reading_does_not_bear_out_is_told_as_corrected(press: Press) -> None:
    press.read_again(budget(2024, "100.00", "10.00"))
    press.another("r2")  # the digest of the next run looks and says so

    first, second = press.page("digests/run-r1.html"), press.page("digests/run-r2.html")

    for page in (first, second):
        assert "现撤回" in page
        assert "规则 D01，所据内容直接取自文字层" not in page
