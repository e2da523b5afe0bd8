"""Hands a message to Apprise and says how sure it is that it has arrived.

Apprise says yes or no. That is not enough to send nothing twice: of a no, the message may have
arrived all the same (no answer came in time), and of a yes it may not have (企业微信 and 钉钉
refuse with HTTP 200 and a code of their own). So what goes over the wire is
watched while Apprise sends.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.settings import SettingsError

if TYPE_CHECKING:
    from diffing.notify.targets import Target

__all__ = ["Delivery", "Outcome", "Wire"]

_CODES: Final = {
    "NotifyWeComBot": "errcode",
    "NotifyDingTalk": "errcode",
    "NotifyFeishu": "code",
    "NotifyLark": "code",
}
"""Services that say in their answer whether they took the message: the field that is 0 then."""
_MARGIN: Final = 48
_LARGEST: Final = 16_000
_YES: Final = range(200, 300)
_AMBIGUOUS: Final = frozenset({502, 504})
"""A gateway answers; what stands behind it may have taken the message."""
_NEVER_SENT: Final = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "SSLError",
    "ProxyError",
)


class Delivery(StrEnum):
    """What is known of a message that was handed over."""

    SENT = "sent"
    REFUSED = "refused"
    """It has certainly not arrived."""
    UNSURE = "unsure"


class Outcome(msgspec.Struct, frozen=True):
    """What became of a message, and why; nothing of the address is in it."""

    delivery: Delivery
    reason: str = ""


class Wire:
    """One target's way out.

    Raises SettingsError, naming the target and never its address, where Apprise is not installed or
    knows no such address, or where one target has several recipients.
    """

    def __init__(self, target: Target) -> None:
        where = f"[notify.targets.{target.name}] url"
        try:
            import apprise
        except ImportError as error:
            raise SettingsError(f"{where}: needs pip install 'mingzhang[notify]'") from error
        with _silence():
            try:
                self._plugin: Any = apprise.Apprise.instantiate(target.url.reveal())
            except Exception:  # noqa: BLE001 - plugins raise what they like, the address in it
                raise SettingsError(_unknown(where, target)) from None
        if self._plugin is None:
            raise SettingsError(_unknown(where, target))
        if self._recipients() != 1:
            raise SettingsError(
                f"{where}: {self._recipients()} recipients in one target; write a target for each,"
                " or a failure of one would send to the others twice"
            )

    @property
    def limit(self) -> int:
        """Bytes of UTF-8 a message may have, title and all."""
        # the services count bytes; Apprise counts characters and cuts nothing unless told
        return min(int(self._plugin.body_maxlen), _LARGEST) - _MARGIN

    def send(self, title: str, body: str) -> Outcome:
        """Send one message as plain text. Never raises: what went wrong is in the outcome."""
        with _silence(), _watched() as seen:
            try:
                said = bool(self._plugin.notify(body=body, title=title, body_format="text"))
                return seen.outcome(said, _CODES.get(type(self._plugin).__name__, ""))
            except Exception as error:  # noqa: BLE001 - no plugin or answer must stop the others
                return Outcome(Delivery.UNSURE, f"{type(error).__name__} while sending")

    def _recipients(self) -> int:
        return len(self._plugin) // (int(getattr(self._plugin, "retry", 0)) + 1)


def _unknown(where: str, target: Target) -> str:
    scheme = target.url.reveal().partition("://")[0]
    known = scheme if scheme.isascii() and scheme.isalnum() and len(scheme) <= 16 else "…"
    return f"{where}: {known}://… is no address Apprise can use; see docs/following.md"


class _Seen:
    """What was seen on the wire during one send; of several requests, the last counts."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.error: BaseException | None = None
        self.data_begun = False
        self.data_answer = 0
        self.connected = False
        self.mail = False

    def outcome(self, said: bool, field: str) -> Outcome:
        if self.mail:
            return self._mail(said)
        if self.error is not None:
            return _of_error(self.error)
        if self.answer is not None:
            return self._of_answer(said, field)
        if said:
            return Outcome(Delivery.SENT)
        return Outcome(Delivery.UNSURE, "it is not known whether it was delivered")

    def _mail(self, said: bool) -> Outcome:
        if self.data_answer:
            if self.data_answer == _ACCEPTED and said:
                return Outcome(Delivery.SENT)
            if self.data_answer == _ACCEPTED:
                return Outcome(Delivery.UNSURE, "the mail server took it, not for every recipient")
            return Outcome(Delivery.REFUSED, f"the mail server answered {self.data_answer}")
        if self.data_begun:
            return Outcome(Delivery.UNSURE, "the mail server did not say whether it took it")
        if said:
            return Outcome(Delivery.SENT)
        what = "refused it" if self.connected else "could not be reached"
        return Outcome(Delivery.REFUSED, f"the mail server {what}")

    def _of_answer(self, said: bool, field: str) -> Outcome:
        status = int(self.answer.status_code)
        if status in _AMBIGUOUS:
            return Outcome(Delivery.UNSURE, f"HTTP {status}")
        if status not in _YES:
            return Outcome(Delivery.REFUSED, f"HTTP {status}")
        if not field:
            return Outcome(
                Delivery.SENT if said else Delivery.UNSURE, "" if said else "not confirmed"
            )
        try:
            code = _whole(self.answer.json()[field])
        except (ValueError, KeyError, TypeError):
            return Outcome(Delivery.UNSURE, f"HTTP {status} without the answer of the service")
        if code == 0:
            return Outcome(Delivery.SENT)
        return Outcome(Delivery.REFUSED, f"refused with code {code}")


def _whole(code: object) -> int:
    """A code as a number, be it written as text. Raises ValueError or TypeError for what is none:
    neither null nor a fraction says whether the message was taken."""
    if isinstance(code, (bool, float)) or not isinstance(code, (int, str)):
        raise TypeError
    return int(code)


_ACCEPTED: Final = 250


def _of_error(error: BaseException) -> Outcome:
    """Whether a request that failed can have arrived."""
    import requests

    name = type(error).__name__
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Outcome(Delivery.REFUSED, f"could not be reached ({name})")
    if isinstance(error, requests.exceptions.ConnectionError):
        cause = getattr(error.args[0] if error.args else None, "reason", None)
        kind = type(cause).__name__
        if kind in _NEVER_SENT:
            return Outcome(Delivery.REFUSED, f"could not be reached ({kind})")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return Outcome(Delivery.REFUSED, f"could not be reached ({name})")
    return Outcome(Delivery.UNSURE, f"no answer came ({name})")


@contextlib.contextmanager
def _watched() -> Iterator[_Seen]:
    """Look on while requests and smtplib send; both are put back after it."""
    import requests

    seen = _Seen()

    def asking(send: Any) -> Any:
        def watched(self: Any, request: Any, **options: Any) -> Any:
            seen.error = seen.answer = None
            # one that is followed asks for a page (GET) and leaves the message behind
            options["allow_redirects"] = False
            try:
                seen.answer = send(self, request, **options)
            except BaseException as error:
                seen.error = error
                raise
            return seen.answer

        return watched

    def beginning(begin: Any) -> Any:
        def watched(self: Any, *arguments: Any, **options: Any) -> None:
            seen.mail = True
            begin(self, *arguments, **options)
            seen.connected = True

        return watched

    def handing(data: Any) -> Any:
        def watched(self: Any, message: Any) -> Any:
            seen.data_begun = True
            found = data(self, message)
            seen.data_answer = int(found[0])
            return found

        return watched

    with (
        _replaced(requests.Session, "send", asking),
        _replaced(smtplib.SMTP, "__init__", beginning),
        _replaced(smtplib.SMTP, "data", handing),
    ):
        yield seen


@contextlib.contextmanager
def _replaced(owner: Any, name: str, by: Callable[[Any], Any]) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, by(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Apprise logs addresses and bodies; none of it gets anywhere."""
    logger = logging.getLogger("apprise")
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.propagate = propagate
