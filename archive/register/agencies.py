"""What the register says of one agency, and what follows from its name alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec

from archive.model import Level

__all__ = ["Agency", "Name", "kind_of"]


class Name(msgspec.Struct, frozen=True, omit_defaults=True):
    """A name an agency bears or bore; both dates count as days of validity."""

    text: str
    since: date | None = None
    until: date | None = None

    def valid(self, on: date | None) -> bool:
        """Whether the name was borne on that day; without a day, whether it ever was."""
        if on is None:
            return True
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Agency(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body that reports: a department with all its units, or one unit.

    `id` never changes and never means anything (docs/decisions/0003-agency-ids.md); `parent` is
    the id of a unit's department, None for departments and where no source says it.
    """

    id: str
    division: str
    level: Level
    names: tuple[Name, ...]
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    kind: str | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The newest name, for readers."""
        return self.names[-1].text


# Only what the name says beyond doubt; the first rule that fits counts. A name that fits none
# (a 大数据中心, a 社会主义学院) has no kind rather than a likely one.
_KINDS: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"街道办事处$", "street-office"),
        (r"镇人民政府$|乡人民政府$", "town-government"),
        (r"幼儿园$", "kindergarten"),
        (r"(?:小学|中学|学校|中学附属学校|[东西南北]校)$", "school"),
        (r"(?:医院|社区卫生服务中心|妇婴保健院)$", "health-care"),
        (r"(?:执法大队|执法队)$", "enforcement-team"),
        (r"人民代表大会常务委员会办公室$", "congress-office"),
        (r"^中国人民政治协商会议.+办公室$", "consultative-conference-office"),
        (
            r"^(?:中国共产党|中共).+(?:部|办公室|老干部局|纪律检查委员会|工作委员会)$",
            "party-office",
        ),
        (
            r"(?:总工会|妇女联合会|工商业联合会|残疾人联合会|归国华侨联合会|红十字会)$",
            "organisation",
        ),
        (r"^中国共产主义青年团.+委员会$", "organisation"),
        (r"(?:服务|事务|管理|服务保障)中心$", "service-centre"),
        (r"(?:局|公安局.+分局|发展和改革委员会|建设和管理委员会|科学技术委员会)$", "bureau"),
        (r"(?:商务委员会|卫生健康委员会|监督管理委员会)$", "bureau"),
    )
)
_MARKS: Final = re.compile(r"[（(][^（）()]*[)）]$|(?:本级|本部)$")


def kind_of(name: str) -> str | None:
    """The kind of agency a name states by its ending; None where it is not obvious.

    >>> kind_of("上海市普陀区人民政府万里街道办事处本级")
    'street-office'
    >>> kind_of("上海市普陀区大数据中心") is None
    True
    """
    plain = _MARKS.sub("", name)
    return next((kind for pattern, kind in _KINDS if pattern.search(plain)), None)
