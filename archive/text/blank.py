"""Tables without rulings that hold few figures or none: known by the heads that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from archive import money
from archive.forms import Form, plain
from archive.model import Mark
from archive.text.headwords import may_go_across, role_of
from archive.text.sections import is_figure
from archive.text.words import Word, WordLine

__all__ = ["NO_FIGURE", "headed", "without_figures"]

NO_FIGURE: Final = "no figure stands in it"
_SIDE_BY_SIDE: Final = 2


def headed(lines: Iterable[WordLine], numbers: Sequence[Word], known: Sequence[Form]) -> bool:
    """Whether lines below a form's title begin a table of it: its columns are numbered, or two
    heads that the form knows stand beside one another."""
    if len(numbers) > _SIDE_BY_SIDE:
        return True
    return any(sum(_heads(word, known) for word in line.words) >= _SIDE_BY_SIDE for line in lines)


def without_figures(lines: Iterable[WordLine], numbers: Sequence[Word]) -> bool:
    """Whether no figure and no code stands in lines, but for the numbers of columns."""
    words = (word for line in lines for word in line.words)
    return not any(_is_number(word) for word in words if word not in numbers)


def _is_number(word: Word) -> bool:
    return is_figure(word) or money.parse(word.text)[0] is Mark.PRINTED


def _heads(word: Word, known: Sequence[Form]) -> bool:
    text = plain(word.text)
    across = any(form.across for form in known) and may_go_across(text)
    return across or role_of((text,), known)[1]
