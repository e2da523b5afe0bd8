"""To whom something is sent: the `[notify]` table, with its secrets from the environment.

An address holds a secret (a token, a password). It is never shown, logged or written anywhere:
whatever is said of a target is said by its name.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from archive.settings import SettingsError
from diffing.changes import Significance
from diffing.feed import News
from diffing.notify.quiet import Quiet, parse
from diffing.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.settings import Settings

__all__ = ["NotifySettings", "Plan", "Secret", "Target", "Watch", "plan_of"]

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[[notify.targets.NAME.watch]]`: all that is said must hold, of one and the same line."""

    agency: str = ""
    """Id, registered name or alias."""
    division: str = ""
    code: str = ""
    """The code of a line, or of one a finding is about, begins with it: "20805" is 208 类 05 款
    with all its 项."""
    keyword: str = ""
    """Stands in the name of a line, or in the sentence of a finding."""
    amount: Decimal | None = None
    """In 万元: the line changed by so much or more, either way; where there is nothing to compare
    with, its amount is that large; a finding names a figure of it that is."""


class TargetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[notify.targets.NAME]`."""

    url: str
    """An address as Apprise writes it; `${NAME}` stands for a variable of the environment."""
    significance: Literal["headline", "report", "list"] = "headline"
    """The least that is sent."""
    news: list[News] = []
    """Only these kinds; all where it is empty."""
    lang: str | None = None
    quiet: str | None = None
    watch: list[Watch] = []
    """Only what one of these matches; everything where there is none."""


class NotifySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[notify]` of mingzhang.toml."""

    targets: dict[str, TargetSettings] = {}
    lang: str = "zh"
    quiet: str = ""
    """Hours in which nothing is sent, such as "22:00-07:30"."""
    timezone: str = "Asia/Shanghai"
    confirm_after_hours: int = 20
    """So long a withdrawal, a return or a replaced file must stand before it is told."""


class Secret:
    """An address nobody sees by accident."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The address itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets what, in which language, and when not."""

    name: str
    url: Secret
    significance: Significance
    news: frozenset[News]
    lang: str
    quiet: Quiet | None
    watch: tuple[Watch, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All targets, and what holds for each."""

    targets: tuple[Target, ...]
    zone: ZoneInfo
    confirm_after_hours: int


def plan_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Plan:
    """The `[notify]` table; without targets nothing is sent.

    Raises SettingsError, naming the target and never its address, for a variable that is not set,
    hours, a zone or a language that are none, or a name that is not plain.
    """
    section = settings.section("notify", NotifySettings)
    where = f"{settings.path}: [notify]"
    try:
        zone = ZoneInfo(section.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"{where} timezone: {section.timezone!r} is no time zone; write one such as"
            " Asia/Shanghai"
        ) from error
    if section.confirm_after_hours < 0:
        raise SettingsError(f"{where} confirm_after_hours: must be 0 or more")
    targets = tuple(
        _target(name, one, section, f"{settings.path}: [notify.targets.{name}]", environment)
        for name, one in section.targets.items()
    )
    return Plan(targets=targets, zone=zone, confirm_after_hours=section.confirm_after_hours)


def _target(
    name: str,
    one: TargetSettings,
    section: NotifySettings,
    where: str,
    environment: Mapping[str, str],
) -> Target:
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: a name is letters, digits, - and _")
    lang = one.lang or section.lang
    if lang not in LANGUAGES:
        raise SettingsError(f"{where} lang: {lang!r} is none of {', '.join(LANGUAGES)}")
    hours = section.quiet if one.quiet is None else one.quiet
    try:
        quiet = parse(hours)
    except ValueError as error:
        raise SettingsError(f'{where} quiet: {error}; write such as "22:00-07:30"') from error
    return Target(
        name=name,
        url=Secret(_filled(one.url, where, environment)),
        significance=Significance(one.significance),
        news=frozenset(one.news or News),
        lang=lang,
        quiet=quiet,
        watch=tuple(one.watch),
    )


def _filled(url: str, where: str, environment: Mapping[str, str]) -> str:
    """The address with its variables filled in.

    A value within an address is encoded, so that no character of a password ends the address; one
    that is the whole address stands as it is.
    """
    missing = [name for name in _VARIABLE.findall(url) if not environment.get(name)]
    if missing:
        raise SettingsError(
            f"{where} url: {', '.join(f'${{{name}}}' for name in missing)} is not set in the"
            " environment; export it where mingzhang is started"
        )
    whole = _VARIABLE.fullmatch(url)
    if whole:
        return environment[whole[1]]
    return _VARIABLE.sub(lambda match: quote(environment[match[1]], safe=""), url)
