"""Masking in running text, line by line, with what one line announces for the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from archive.masking.persons import (
    HOTLINE,
    PERSON,
    PHONE,
    THING,
    is_label,
    is_loose_name,
    is_name,
    is_person_label,
    is_phone_label,
    is_plain_surname,
    names_in,
)

__all__ = [
    "ACCOUNT",
    "CLERK",
    "ID_NUMBER",
    "LANDLINE",
    "MAILBOX",
    "NAME",
    "TELEPHONE",
    "UNMISTAKABLE",
    "Seen",
    "mask_lines",
    "settled",
]

NAME: Final = "〔姓名已隐去〕"
TELEPHONE: Final = "〔电话已隐去〕"
ID_NUMBER: Final = "〔证件号已隐去〕"
ACCOUNT: Final = "〔账号已隐去〕"
MAILBOX: Final = "〔邮箱已隐去〕"

_AHEAD: Final = 4
"""Lines after a lone label in which its value is looked for (values may follow in a block)."""

# Full-width forms, one to one: places found in the plain text are places in the printed one.
_WIDE: Final = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    0x3000: 0x20,
    0x2010: 0x2D,
    0x2011: 0x2D,
}
_NO_FIGURE: Final = r"(?!\d|[.,]\d|\s*(?:[万亿]?元|%))"
_MOBILE_SHAPE: Final = r"(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}"
_AREA: Final = r"0(?:10|2\d|[3-9]\d{2})"
_LINE_SHAPE: Final = (
    rf"(?:\(?{_AREA}\)?[-—– ]{{0,2}})?[2-9]\d{{2,3}}[- ]?\d{{4}}(?:\s?[-转]\s?\d{{1,6}})?"
)
_PHONE_SHAPE: Final = rf"(?:{_MOBILE_SHAPE}|{_LINE_SHAPE}){_NO_FIGURE}"
# Without spaces and dashes: a number that begins with 0 or has a mobile's eleven digits.
UNMISTAKABLE: Final = re.compile(
    rf"(?:\+?86)?1[3-9]\d{{9}}|\(?{_AREA}\)?[2-9]\d{{6,7}}(?:转\d{{1,6}})?"
)
LANDLINE: Final = re.compile(r"[2-9]\d{6,7}(?:转?\d{1,6})?")
_SEPARATOR: Final = r"(?:号码)?[\s:为是]*(?:\([^()\d]{1,6}\))?[\s:]*"

_LABELLED_PHONE: Final = re.compile(
    rf"(?<!〔)(?:{HOTLINE}|{PHONE})(?P<gap>{_SEPARATOR})"
    rf"(?P<value>{_PHONE_SHAPE}(?:\s?[、,/;或]\s?{_PHONE_SHAPE})*)"
)
_MOBILE: Final = re.compile(
    rf"(?<![\d.,A-Za-z])(?P<value>(?:\+?86[- ]?)?1[3-9]\d(?P<gap>[- ]?)\d{{4}}(?P=gap)\d{{4}})"
    rf"{_NO_FIGURE}"
)
_LANDLINE: Final = re.compile(
    rf"(?<![\d.,A-Za-z-])(?P<value>(?:{_AREA}[-—–]|\({_AREA}\)[-—– ]?)[2-8]\d{{6,7}}){_NO_FIGURE}"
)
_HOTLINE_WORD: Final = re.compile(HOTLINE)
_HOTLINE_AT_END: Final = re.compile(rf"(?:{HOTLINE})(?:\([^()]{{0,8}}\))?\s*:?$")
_BARE_LABEL: Final = re.compile(r"(?:^|[^\w])电话[\s:]*$")
_THING: Final = re.compile(rf"(?<!联系)(?<!本人)(?<!单位)(?:{THING})$")
_WITH_AREA: Final = re.compile(rf"\(?{_AREA}")
_DATE_DIGITS: Final = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$")
_CODE_BEFORE: Final = re.compile(r"(?:编码|代码|编号|文号|索引号|序号|凭证号)[\s:]*$")
_IDENTITY: Final = re.compile(
    r"(?<![\dA-Za-z])(?P<value>[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx])"
    r"(?![\dA-Za-z])"
)
_LABELLED_IDENTITY: Final = re.compile(
    r"(?:身份证|证件)(?:件|号|号码)*[\s:为是]*(?P<value>\d{15}(?:\d{2}[\dXx])?)(?![\dA-Za-z])"
)
_ACCOUNT_SHAPE: Final = (
    r"(?:\d{4}(?:[ -]\d{4}){2,6}(?:[ -]\d{1,3})?|\d{8,30}|\d{2,20}(?:-\d{1,20}){1,4})"
)
_ACCOUNTS: Final = (
    re.compile(
        rf"(?:[账帐][号户]|卡号)(?:号码)?[\s:为是]*(?P<value>{_ACCOUNT_SHAPE})(?!\d|[.,]\d)(?!\s*[万亿]?元)"
    ),
    re.compile(r"开户[^\d〔]{0,40}(?P<value>\d{12,30})(?!\d|[.,]\d)(?!\s*[万亿]?元)"),
    re.compile(
        r"(?:QQ|微信)(?:号码?)?\s*:\s*(?P<value>[A-Za-z0-9_-]{5,20})(?![\w-])",
        re.IGNORECASE | re.ASCII,
    ),
)
_MAIL: Final = re.compile(
    r"(?<![\w.+-])(?P<value>[A-Za-z0-9_][\w.+-]{0,63}@(?:vip\.)?(?:qq|foxmail|163|126|139|188|189|263|sina|sohu"
    r"|gmail|googlemail|hotmail|outlook|live|msn|icloud|me|yahoo|aliyun|tom|21cn|yeah|wo|proton|protonmail)"
    r"\.(?:com|cn|net|me)(?:\.cn)?)(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_PERSON: Final = re.compile(
    rf"(?<!〔)(?:{PERSON})(?:\([^()]{{0,12}}\))?(?:[及和与/、,]?(?:{PHONE}))?(?P<gap>\s*:\s*|\s+|)"
)
# Signature lines do without 人; only a colon and a known surname make a person of what follows.
CLERK: Final = r"(?:制表|填表|填报|制单|审核|复核|校对|经办|会计|出纳)(?:\([^()]{0,12}\))?"
_CLERK: Final = re.compile(rf"{CLERK}(?P<gap>\s*:\s*)")
_PHONE_AFTER_NAME: Final = re.compile(rf"{NAME}\s*[,、:(]\s*(?P<value>{_PHONE_SHAPE})")
_NAME_BESIDE_PHONE: Final = (
    re.compile(rf"(?<![\u4e00-\u9fff·])(?P<value>[\u4e00-\u9fff]{{2,4}})[\s,、:(]+{TELEPHONE}"),
    re.compile(rf"{TELEPHONE}\s*\(\s*(?P<value>[\u4e00-\u9fff]{{2,4}})\s*\)"),
)
# Cheap questions before the dear ones: most lines hold neither a person nor a number.
_PERSON_HINT: Final = re.compile("人|姓名|领导|会计|员")
_DIGITS: Final = re.compile(r"\d{3}|@|＠|微信")
_RUN: Final = re.compile(r"[\u4e00-\u9fff·•・]+")
_SPACED: Final = re.compile(r"([\u4e00-\u9fff])\s{1,4}([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_NEXT_LABEL: Final = re.compile(
    rf"{HOTLINE}|{PHONE}|{PERSON}|职务|职称|日期|填报|签字|签章|盖章|传真|邮箱"
    r"|制表|填表|制单|审核|复核|校对|经办|会计|出纳"
)
_JOINT: Final = re.compile(r"\s*[、,/;]\s*|\s+")
_SENTENCE_END: Final = re.compile(r"[。;!?]")

Replacement = tuple[int, int, str]


class Seen:
    """What the lines so far announce for those to come, and the names found behind labels."""

    def __init__(self, *, hotline: bool = False, form: bool = False) -> None:
        self.hotline = hotline
        """The last line ends by announcing a public line, its number is still to come."""
        self.form = form
        """The text is a cell of a form: a bare 电话 belongs to whoever filled it in."""
        self.person_near = 0
        """Lines for which a person announced or masked before still counts as near."""
        self.person_ahead = 0
        self.phone_ahead = 0
        self.names_go_on = False
        self.names: set[str] = set()


def settled(step: Callable[[list[str]], list[str]], lines: list[str]) -> list[str]:
    """`step` repeated until nothing changes: masking what is masked changes nothing.

    Every step only puts marks in the place of private data, so this ends.
    """
    while (after := step(lines)) != lines:
        lines = after
    return lines


def mask_lines(lines: Iterable[str], seen: Seen) -> list[str]:
    """Lines in reading order with private data masked; `seen` carries on from line to line."""
    return [_line(line, seen) for line in lines]


def _line(line: str, seen: Seen) -> str:
    line = _expected(line, seen)
    if _DIGITS.search(line):
        for pattern, mark, keep in _PLAIN_RULES:
            line = _sub(pattern, line, mark, keep)
    if _PERSON_HINT.search(line):
        line = _labelled_names(line, seen, _PERSON)
    line = _labelled_names(line, seen, _CLERK)
    if _DIGITS.search(line):
        line = _sub(_PHONE_AFTER_NAME, line, TELEPHONE, _is_date)
        line = _sub(
            _LABELLED_PHONE, line, TELEPHONE, lambda m: _is_public(m, seen) or _is_count(m, seen)
        )
        line = _sub(_MOBILE, line, TELEPHONE, _is_no_mobile)
        line = _sub(_LANDLINE, line, TELEPHONE, lambda m: seen.hotline or _is_public(m, seen))
    if TELEPHONE in line:
        for pattern in _NAME_BESIDE_PHONE:
            line = _sub(
                pattern, line, NAME, lambda m: is_label(m["value"]) or not is_name(m["value"])
            )
    _announce(line, seen)
    return line


def _sub(
    pattern: re.Pattern[str], text: str, mark: str, keep: Callable[[re.Match[str]], bool]
) -> str:
    """Replace the `value` of every match by `mark` unless `keep` holds."""
    found = pattern.finditer(text.translate(_WIDE))
    return _replaced(text, [(*m.span("value"), mark) for m in found if not keep(m)])


def _replaced(text: str, replacements: list[Replacement]) -> str:
    out, last = [], 0
    for start, end, mark in replacements:
        out += [text[last:start], mark]
        last = end
    return "".join([*out, text[last:]])


def _expected(line: str, seen: Seen) -> str:
    """A line that is the value of a label standing in an earlier line."""
    bare = line.strip()
    if not bare:
        return line
    if seen.names_go_on:
        seen.names_go_on = False
        end, names = _names_at(line, len(line) - len(line.lstrip()), bounded=False)
        if names:
            seen.names.update(names)
            return _replaced(line, [(len(line) - len(line.lstrip()), end, NAME)])
    if seen.person_ahead and (bare == NAME or (names := names_in(bare))):
        # The next line may be one more name of the same list.
        seen.person_ahead = 1
        if bare != NAME:
            seen.names.update(names)
        return line.replace(bare, NAME)
    if seen.phone_ahead and re.fullmatch(_PHONE_SHAPE, bare.translate(_WIDE)):
        seen.phone_ahead = 0
        return line.replace(bare, TELEPHONE)
    seen.person_ahead = max(seen.person_ahead - 1, 0)
    seen.phone_ahead = 0 if bare == TELEPHONE else max(seen.phone_ahead - 1, 0)
    return line


def _announce(line: str, seen: Seen) -> None:
    bare = line.strip()
    if not bare:
        return
    seen.hotline = bool(_HOTLINE_AT_END.search(bare.translate(_WIDE)))
    person = _PERSON_HINT.search(bare) and _PERSON.search(bare.translate(_WIDE))
    seen.person_near = _AHEAD if person or NAME in bare else max(seen.person_near - 1, 0)
    if is_person_label(bare):
        seen.person_ahead = _AHEAD
    elif is_phone_label(bare):
        seen.phone_ahead = _AHEAD


def _labelled_names(line: str, seen: Seen, labels: re.Pattern[str]) -> str:
    plain = line.translate(_WIDE)
    replacements: list[Replacement] = []
    for label in labels.finditer(plain):
        start = label.end()
        if replacements and label.start() < replacements[-1][1]:
            continue
        end, names = _names_at(plain, start, bounded=not label["gap"])
        if not names and labels is _PERSON and ":" in label["gap"]:
            end, names = _loose_at(plain, start)
        if names:
            seen.names.update(names)
            replacements.append((start, end, NAME))
            seen.names_go_on = bool(re.fullmatch(r"\s*[、,/]\s*", plain[end:]))
    return _replaced(line, replacements)


def _names_at(text: str, start: int, *, bounded: bool) -> tuple[int, list[str]]:
    """The names that begin exactly at `start`, joined by 、 or the like, and where they end.

    `bounded` asks for more where no space or colon parts the label from the name: the name must
    be followed by a telephone or be all that is left of the line.
    """
    names: list[str] = []
    end = place = start
    while name := _name_at(text, place):
        length = name[1]
        names.append(name[0])
        end = place + length
        joint = _JOINT.match(text, end)
        if joint is None:
            break
        place = joint.end()
    if names and bounded and not _adjoins(text, start, end, names[0]):
        return start, []
    return end, names


def _adjoins(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name joined to its label without any gap is one (负责人满意度 is not)."""
    if not is_person_label(text[:start].rpartition("。")[2]):
        return False
    rest = text[end:].lstrip()
    return bool(re.match(rf"{PHONE}|\(?\d", rest)) or (not rest and is_plain_surname(name[0]))


def _name_at(text: str, start: int) -> tuple[str, int] | None:
    """A name at `start` that ends where its word ends, with its length as printed."""
    spaced = _SPACED.match(text, start)
    if spaced and is_name(spaced[1] + spaced[2]):
        return spaced[1] + spaced[2], len(spaced[0])
    run = _RUN.match(text, start)
    if run is None:
        return None
    label = _NEXT_LABEL.search(run[0])
    name = run[0][: label.start()] if label else run[0]
    return (name, len(name)) if is_name(name) else None


def _loose_at(text: str, start: int) -> tuple[int, list[str]]:
    """After a colon, a short word that ends the line or precedes a telephone: a rare surname."""
    run = _RUN.match(text, start)
    if run is None:
        return start, []
    label = _NEXT_LABEL.search(run[0])
    name = run[0][: label.start()] if label else run[0]
    rest = text[start + len(name) :].strip()
    if is_loose_name(name) and not is_label(name) and (not rest or re.match(PHONE, rest)):
        return start + len(name), [name]
    return start, []


def _sentence(match: re.Match[str]) -> tuple[str, str]:
    """The match's sentence before and after its value."""
    text = match.string
    before = text[: match.start("value")]
    start = max((m.end() for m in _SENTENCE_END.finditer(before)), default=0)
    stop = _SENTENCE_END.search(text, match.end("value"))
    return before[start:], text[match.end("value") : stop.start() if stop else len(text)]


def _is_public(match: re.Match[str], seen: Seen) -> bool:
    """A number announced as a public line, unless it is given together with a person.

    In running text a bare 电话 with an area code and nobody near is the agency's own line as well.
    """
    before, after = _sentence(match)
    if NAME in before + after:
        return False
    if _HOTLINE_WORD.search(before) or _is_date(match):
        return True
    return (
        not seen.person_near
        and not seen.form
        and bool(_BARE_LABEL.search(before) and _WITH_AREA.match(match["value"]))
        and not _PERSON.search(before + after)
    )


def _is_date(match: re.Match[str]) -> bool:
    return bool(_DATE_DIGITS.search(match["value"]))


def _is_count(match: re.Match[str], seen: Seen) -> bool:
    """Digits after a thing one buys ("手机 2400000"): no colon, no area code, nobody near."""
    before, after = _sentence(match)
    return (
        ":" not in match["gap"]
        and bool(_THING.search(match.string[: match.start("gap")]))
        and not UNMISTAKABLE.fullmatch(re.sub(r"[\s-]", "", match["value"]))
        and not seen.person_near
        and not _PERSON.search(before + after)
    )


def _is_no_mobile(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    if _CODE_BEFORE.search(before):
        return True
    if match["gap"] != " " or re.search(rf"{PHONE}{_SEPARATOR}$", before):
        return False
    # Three spaced groups are as likely three counts of a printed row.
    groups = match["value"].split(" ")[-2:]
    in_a_row = re.search(r"\d\s+$", before) or re.match(r"\s+\d", match.string[match.end() :])
    return bool(in_a_row) or all(re.fullmatch(r"(?:19|20)\d\d", group) for group in groups)


def _is_no_identity(match: re.Match[str]) -> bool:
    """The check digit of GB 11643 does not fit."""
    number = match["value"].upper()
    weighted = sum(int(d) * 2 ** (17 - i) for i, d in enumerate(number[:17]))
    return "10X98765432"[weighted % 11] != number[17]


def _never(_: re.Match[str]) -> bool:
    return False


_PLAIN_RULES: Final = (
    (_IDENTITY, ID_NUMBER, _is_no_identity),
    (_LABELLED_IDENTITY, ID_NUMBER, _never),
    *((pattern, ACCOUNT, _never) for pattern in _ACCOUNTS),
    (_MAIL, MAILBOX, _never),
)
