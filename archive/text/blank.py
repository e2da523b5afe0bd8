"""Tables without rulings that were left blank: heads, names perhaps, and no figure at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive import money
from archive.forms import Form, plain
from archive.model import Mark
from archive.text.headwords import may_go_across, role_of
from archive.text.sections import is_figure
from archive.text.words import Word, WordLine

__all__ = ["NO_FIGURE", "left_blank"]

NO_FIGURE: Final = "no figure stands in it"
_SIDE_BY_SIDE: Final = 2


def left_blank(lines: Sequence[WordLine], numbers: Sequence[Word], known: Sequence[Form]) -> bool:
    """Whether lines below a form's title are a table of it without figures.

    Its columns are numbered, or two heads that the form knows stand beside one another. Dashes in
    it are no figures; codes are.
    """
    if any(_says_something(word) for line in lines for word in line.words if word not in numbers):
        return False
    if len(numbers) > _SIDE_BY_SIDE:
        return True
    return any(sum(_heads(word, known) for word in line.words) >= _SIDE_BY_SIDE for line in lines)


def _says_something(word: Word) -> bool:
    return is_figure(word) or money.parse(word.text)[0] is Mark.PRINTED


def _heads(word: Word, known: Sequence[Form]) -> bool:
    text = plain(word.text)
    across = any(form.across for form in known) and may_go_across(text)
    return across or role_of((text,), known)[1]
