from __future__ import annotations

import pytest

from archive.text.formats.shown import Shown, shown

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (16010.349999999999, "General", "16010.35"),
        (16010.349999999999, "#,##0.00", "16,010.35"),
        (0.1 + 0.2, "General", "0.3"),
        (6.2, "0.00", "6.20"),
        (0.0, "#,##0.00", "0.00"),
        (0.0, '#,##0.00;-#,##0.00;"-"', "-"),
        (0.0, "#,##0.00;-#,##0.00;;", ""),
        (0.0, ACCOUNTING, "-"),
        (1234.5, ACCOUNTING, "1,234.50"),
        (-1234.5, ACCOUNTING, "-1,234.50"),
        (-5.0, "#,##0.00_);(#,##0.00)", "(5.00)"),
        (-5.0, "#,##0.00;[Red]-#,##0.00", "-5.00"),
        (-0.5, "0.00", "-0.50"),
        (0.461, "0.0%", "46.1%"),
        (12.5, "0.##", "12.5"),
        (12.0, "0.##", "12"),
        (7.0, "000", "007"),
        (5.0, '0.00"万元"', "5.00万元"),
        (201.0, "@", "201"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: float, pattern: str, text: str) -> None:
    assert shown(value, pattern).text == text


def test_a_figure_that_the_format_rounds_says_so() -> None:
    assert shown(1159.1849, "0.00") == Shown("1159.18", rounded=True)
    assert shown(11591849.0, "#,##0.00,") == Shown("11,591.85", rounded=True)
    assert shown(0.125, "0.00") == Shown("0.13", rounded=True)
    assert not shown(1159.18, "0.00").rounded


@pytest.mark.parametrize("pattern", ["yyyy-mm-dd", "0.00E+00", "# ?/?"])
def test_a_format_that_is_not_known_leaves_the_figure_as_stored(pattern: str) -> None:
    assert shown(1234.5, pattern) == Shown("1234.5", known=False)
