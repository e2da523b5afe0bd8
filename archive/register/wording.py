"""When two writings of a 科目 name are the same name, and when they are clearly two.

What varies in print without meaning anything: width, brackets, white space (archive.register.names
folds these), a closing 支出, 费, 费用, 经费 or 缴费, and 的 and 等 anywhere.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from archive.register.names import fold

__all__ = ["alike", "within", "wording"]

_LEVEL: Final = re.compile(r"\((?:类|款|项)\)$")
_VARIES: Final = re.compile(r"支出|缴费|费用|经费|费|[的等()、,.:·\-]")
_LIKENESS: Final = 0.5
"""Names that share half of their characters in order may be one name in two writings."""
_LONGEST: Final = 60
"""No 科目 name is longer; comparing much longer texts character by character is not worth while."""


@lru_cache(maxsize=8192)
def wording(name: str) -> str:
    """The key under which writings of one name meet.

    >>> wording("维修（护）费") == wording("维修(护) 费用")
    True
    >>> wording("其他对个人和家庭的补助支出") == wording("其他对个人和家庭补助")
    True
    """
    plain = _LEVEL.sub("", fold(name))
    return _VARIES.sub("", plain) or plain


def within(key: str, other: str) -> bool:
    """Does one wording contain the other, as a shortened or a lengthened name would?"""
    return key in other or other in key


def alike(key: str, name: str) -> bool:
    """Could the wording be this name, cut short, lengthened or misread?"""
    other = wording(name)
    if within(key, other) or len(key) > _LONGEST:
        return True
    return SequenceMatcher(None, key, other, autojunk=False).ratio() >= _LIKENESS
