"""How private persons appear in forms: the labels before them and the shape of their names.

A name is only looked for where a label says that a person stands (填报人, 项目负责人, 联系人 …).
The shape then decides: a known surname and one or two characters, and none of the words that
begin like one (方案, 单位, 安排 …).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

__all__ = [
    "HOTLINE",
    "NAME_BREAK",
    "PERSON",
    "PHONE",
    "THING",
    "is_contact_label",
    "is_hotline_label",
    "is_label",
    "is_loose_name",
    "is_name",
    "is_person_label",
    "is_phone_label",
    "is_plain_surname",
    "names_in",
    "squeeze",
]

# The words that announce a person, as they stand in forms, signature lines and lists.
PERSON: Final = (
    r"(?:填报|填表|填写|填制|申报|报送|上报|负责|联系|联络|经办|承办|经手|审核|审批|复核|核对|制表|制单"
    r"|编制|编报|录入|记账|验收|评价|调查|签字|签发|受理|收款|领款|领取|申请|受益|受助|捐赠|捐款|责任"
    r"|法定代表|法人代表)人(?:员)?(?:姓名|签字|签名|签章)?"
    r"|联络员|填报员|法人代表|(?:主管|分管|单位|部门|科室)领导|(?:主管|制单|主办)会计|姓名"
)
HOTLINE: Final = (
    r"(?:咨询|监督|投诉|举报|服务|公开|值班|办公|总机|受理|查询|求助|报警|客服|维权|反馈|信访)"
    r"[\u4e00-\u9fff]{0,4}(?:电话|热线|号码)|热线(?:电话)?"
)
# 联系电话 can only be a person's or an agency's number; 手机 and 电话 are also things one buys.
_CONTACT: Final = (
    r"(?:联系(?:人)?|本人|单位)(?:电话|手机|方式|号码)(?:号码|号)?"
    r"|(?:移动|固定)?(?:手机|电话|座机)(?:号码|号)"
)
THING: Final = r"(?:移动|固定)?(?:电话|手机|座机)"
PHONE: Final = rf"(?:{_CONTACT}|{THING})"
_OTHER_LABEL: Final = re.compile(
    r"(?:职务|职称|性别|年龄|部门|科室|单位|单位名称|日期|填报日期|金额|项目名称|项目|备注|序号|地址"
    r"|单位地址|邮编|邮政编码|邮箱|电子邮箱|传真|签字|签章|身份证号码?|账号|开户行|合计|小计|时间|名称)"
)
_PERSON_LABEL: Final = re.compile(
    rf"[^\W\d_由和及的对向与是为请将在按各]{{0,8}}?(?:{PERSON})(?:\([^()]{{0,12}}\))?"
    rf"(?:[及和与/、,]?(?:{PHONE}))?:?"
)
_PHONE_LABEL: Final = re.compile(rf"[^\W\d_]{{0,6}}?(?:{PHONE})(?:\([^()]{{0,8}}\))?:?")
_CONTACT_LABEL: Final = re.compile(rf"[^\W\d_]{{0,6}}?(?:{_CONTACT})(?:\([^()]{{0,8}}\))?:?")
_HOTLINE_LABEL: Final = re.compile(rf"[^\W\d_]{{0,16}}?(?:{HOTLINE})(?:\([^()]{{0,8}}\))?:?")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    surnames: str
    plain_surnames: str
    compound_surnames: str
    words: str
    beginnings: str


_FILE: Final = msgspec.toml.decode(
    (Path(__file__).parent / "persons.toml").read_bytes(), type=_Words
)
_SURNAMES: Final = frozenset(_FILE.surnames) - {"\n"}
_COMMON: Final = frozenset(_FILE.plain_surnames) - {"\n"}
_COMPOUND: Final = "|".join(_FILE.compound_surnames.split())
_WORDS: Final = frozenset(_FILE.words.split())
_STARTS: Final = frozenset(_FILE.beginnings.split())

NAME_BREAK: Final = re.compile(r"[、,，/／;；&\s]+|和(?=[\u4e00-\u9fff]{2,3}$)")
_OFFICE: Final = re.compile(
    r"(?:科|室|处|部|局|委|办|组|股|中心|站|所|队|院|校|会|街道|镇|村|区|县|市|省|路|馆|园|厂|行|司|店)$"
)
_NOT_A_NAME: Final = re.compile(r"[的了或等各被把需请其]|负责|单位|部门|人员|工作")
_NAME_SHAPE: Final = re.compile(
    rf"(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{2,3}}|[\u4e00-\u9fff]{{1,7}}[·•・][\u4e00-\u9fff]{{1,8}}"
)


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Text as labels are compared: compatibility forms folded, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def is_person_label(text: str) -> bool:
    """Whether a whole cell or line only announces a person.

    >>> is_person_label("项目负责人"), is_person_label("由项目负责人")
    (True, False)
    """
    return bool(_PERSON_LABEL.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_hotline_label(text: str) -> bool:
    """Whether a whole cell or line announces an agency's public line (咨询电话, 监督电话 …)."""
    return bool(_HOTLINE_LABEL.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_phone_label(text: str) -> bool:
    """Whether a whole cell or line announces a telephone number that is no public line."""
    plain = squeeze(text)
    return bool(_PHONE_LABEL.fullmatch(plain)) and not _HOTLINE_LABEL.fullmatch(plain)


@lru_cache(maxsize=4096)
def is_contact_label(text: str) -> bool:
    """Whether a whole cell announces a telephone number and cannot be a thing that is bought.

    >>> is_contact_label("联系电话"), is_contact_label("手机")
    (True, False)
    """
    plain = squeeze(text)
    return bool(_CONTACT_LABEL.fullmatch(plain)) and not _HOTLINE_LABEL.fullmatch(plain)


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Whether a cell is some label of a form, hence no value."""
    return (
        is_person_label(text)
        or is_phone_label(text)
        or is_hotline_label(text)
        or bool(_OTHER_LABEL.fullmatch(squeeze(text).rstrip(":")))
    )


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether the text has the shape of one person's name.

    >>> is_name("张三"), is_name("欧阳某某"), is_name("办公室"), is_name("应当")
    (True, True, False, False)
    """
    plain = squeeze(text)
    if not _NAME_SHAPE.fullmatch(plain) or plain in _WORDS or plain[:2] in _STARTS:
        return False
    if _NOT_A_NAME.search(plain):
        return False
    if re.search(r"[·•・]", plain) or re.match(_COMPOUND, plain):
        return True
    if len(plain) == 3 and _OFFICE.search(plain) and plain[0] not in _COMMON:
        return False
    return plain[0] in _SURNAMES


def is_plain_surname(character: str) -> bool:
    """Whether the character is a surname that hardly ever begins a word."""
    return character in _COMMON


def is_loose_name(text: str) -> bool:
    """Whether the text may be a name, of a rare surname too, where only a person can stand."""
    plain = squeeze(text)
    if is_name(plain):
        return True
    return (
        bool(re.fullmatch(r"[\u4e00-\u9fff·•・]{2,3}", plain))
        and plain not in _WORDS
        and not _OFFICE.search(plain)
        and not _NOT_A_NAME.search(plain)
    )


def names_in(text: str) -> list[str]:
    """The names a value consists of, joined by 、 or the like; empty if it is anything else.

    A name spaced out to three characters' width ("王　静") is one name.
    """
    plain = squeeze(text)
    if is_name(plain):
        return [plain]
    parts = [part for part in NAME_BREAK.split(unicodedata.normalize("NFKC", text)) if part]
    return parts if parts and all(is_name(part) for part in parts) else []
