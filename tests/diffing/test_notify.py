"""Who is told what and when, over a webhook and a mail server on this machine."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.locks import LockTaken, held
from archive.model import ChangeKind
from archive.settings import Settings, SettingsError
from crawler.cli import mingzhang
from diffing.checks.judgements import Verdict
from diffing.notify.outbox import Outbox, OutboxError
from diffing.notify.quiet import Quiet, parse
from diffing.notify.rounds import Report, TargetReport, notify, outbox_of, prepare
from diffing.notify.rounds import test as send_test
from diffing.notify.targets import plan_of
from diffing.notify.wire import Delivery, Wire

from .archived import BEGINNING, FINANCE, Filing, identity, known
from .receiving import Hook, hook, letterbox
from .test_check_command import budget as told_budget
from .test_corrections import NOW, WRONG, Newsroom
from .test_feed import HOSTILE, budget, happened

LATER = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, long after everything that is archived."""
SECRET = "p@ss/word-7Q"  # noqa: S105 - of nobody


class Desk(Newsroom):
    """A newsroom whose targets begin before anything is archived but last year's budget."""

    def __init__(self, root: Path, hook: Hook) -> None:
        super().__init__(root)
        self.hook = hook
        self.settings.tables["notify"] = {
            "targets": {"desk": {"url": hook.url(), "significance": "list"}}
        }

    @property
    def target(self) -> dict[str, Any]:
        return self.settings.tables["notify"]["targets"]["desk"]

    def begin(self) -> None:
        prepare(self.settings, BEGINNING + timedelta(days=1, hours=1))

    def round(self, now: datetime = LATER, *, dry: bool = False) -> Report:
        return notify(self.filing.archive, known(), self.settings, now, dry=dry)

    def told(self, now: datetime = LATER) -> TargetReport:
        (one,) = self.round(now).targets
        return one


@pytest.fixture
def webhook() -> Iterator[Hook]:
    with hook() as kept:
        yield kept


@pytest.fixture
def desk(tmp_path: Path, webhook: Hook) -> Desk:
    desk = Desk(tmp_path, webhook)
    desk.begin()
    return desk


def titles(report: TargetReport) -> list[str]:
    return [said.title for said in report.sent]


REVISED = "〔修订〕上海市普陀区财政局 2024 年部门预算公布后有变更"
FIRST = "〔首次收录〕上海市普陀区财政局 2024 年部门预算"


def test_what_is_new_is_sent_once(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))

    first, second = desk.told(), desk.told()

    assert titles(first) == [FIRST]
    assert (second.sent, second.held, second.unsure) == ([], [], [])
    assert len(desk.hook.received) == 1


def test_a_message_says_what_happened_with_figures_page_and_link(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)

    desk.told()

    (text,) = desk.hook.texts
    lines = text.splitlines()
    assert lines[0] == "明账：2 条新动态"
    assert lines[1] == REVISED
    assert "“支出总计”预算数由 100.00 万元变更为 130.00 万元，增加 30.00 万元" in text
    assert "（[1] 第 5 页第 4 行；[2] 第 5 页第 4 行）" in text
    assert "[2] 上海市普陀区财政局 2024 年部门预算 · 公布日期 2026-02-03" in text
    assert "http://czj.example.gov.cn/ys.pdf" in lines
    assert "未经发布单位确认" in lines[-1]


def test_what_happened_before_a_target_began_is_not_told(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    targets = desk.settings.tables["notify"]["targets"]
    targets["late"] = {"url": desk.hook.url("late"), "significance": "list"}

    first = desk.round()
    late = next(one for one in first.targets if one.target == "late")

    assert (late.since, late.sent) == (LATER, [])
    assert [path for path, _ in desk.hook.received] == ["/hook"]


def test_a_finding_taken_back_is_corrected_with_whom_it_was_told(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    assert any("核对发现" in title for title in titles(desk.told(NOW)))
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")

    again = desk.told()

    assert titles(again) == [
        "〔更正〕上海市普陀区财政局 2024 年部门预算：此前指出的一处不一致已撤回"
    ]
    assert "现撤回。原因：经核对，该指出有误：口径不同。" in desk.hook.texts[-1]
    assert desk.told().sent == []


def test_a_finding_taken_back_before_it_was_told_is_never_told(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    desk.target["quiet"] = "00:00-23:59"
    assert desk.told(NOW).sent == []
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")
    desk.target["quiet"] = ""

    found = desk.told()

    assert [said.why for said in found.dropped] == ["withdrawn before it was told"]
    assert "核对发现" not in "".join(desk.hook.texts)
    assert "更正" not in "".join(desk.hook.texts)


def test_what_was_read_wrong_is_corrected_with_whom_it_was_told(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.told()
    desk.read_again(budget("6.00"))

    assert titles(desk.told()) == [f"〔更正〕{FIRST}"]
    assert "46.00 万元" in desk.hook.texts[-1]
    assert desk.told().sent == []


def test_a_new_reading_that_says_the_same_is_not_told(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.told()
    desk.read_again(budget("60.00"))

    assert desk.told().sent == []


# --- when ---------------------------------------------------------------------------------------


def test_in_quiet_hours_nothing_is_sent_and_afterwards_all_of_it(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.settings.tables["notify"]["quiet"] = "22:00-07:30"

    night = desk.told(datetime(2026, 3, 31, 19, 30, tzinfo=UTC))
    morning = desk.told(datetime(2026, 3, 31, 23, 30, tzinfo=UTC))

    assert (night.sent, [said.why for said in night.held]) == (
        [],
        ["quiet hours, until 2026-04-01 07:30"],
    )
    assert titles(morning) == [FIRST]


@pytest.mark.parametrize(
    ("hours", "utc", "ends"),
    [
        ("22:00-07:30", "2026-03-31T13:59", None),
        ("22:00-07:30", "2026-03-31T14:00", "2026-04-01T07:30"),
        ("22:00-07:30", "2026-03-31T23:29", "2026-04-01T07:30"),
        ("22:00-07:30", "2026-03-31T23:30", None),
        ("12:00-13:30", "2026-03-31T04:00", "2026-03-31T13:30"),
        ("12:00-13:30", "2026-03-31T05:30", None),
    ],
)
def test_hours_are_of_the_zone_and_may_go_over_midnight(
    hours: str, utc: str, ends: str | None
) -> None:
    quiet = parse(hours)
    assert isinstance(quiet, Quiet)
    zone = plan_of(Settings(Path("x"), {})).zone
    until = quiet.until(datetime.fromisoformat(f"{utc}+00:00"), zone)
    assert (until.strftime("%Y-%m-%dT%H:%M") if until else None) == ends


def moment(day: int, hour: int = 8) -> datetime:
    """`Filing` commits its n-th document on the (n+1)-th of March at 08:00 UTC."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_a_replaced_file_is_told_once_it_has_stood(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)

    at_once = desk.told(moment(4, 9))
    later = desk.told(moment(5, 4))

    assert titles(at_once) == [FIRST]
    assert [(said.title, said.why) for said in at_once.held] == [
        (REVISED, "until it has stood, 2026-03-05 12:00")
    ]
    assert titles(later) == [REVISED]


def flip(desk: Desk, times: int) -> None:
    """The file is replaced and put back, an hour apart, so many times."""
    filing = desk.filing
    filing.commit(budget("60.00"), identity(2024))
    for n in range(times):
        filing.count = 2 if n % 2 == 0 else 1
        talent, kind = ("90.00", "60.00")[n % 2], ChangeKind.REVISION
        filing.commit(budget(talent), identity(2024), kind, observed=moment(4) + timedelta(hours=n))


def test_a_file_that_was_put_back_is_not_told(desk: Desk) -> None:
    flip(desk, 2)

    found = desk.told()

    assert titles(found) == [FIRST]
    assert {said.why for said in found.dropped} == {"the document was soon what it had been before"}
    assert len(found.dropped) == 2
    assert len(desk.filing.archive.repository("310107").history()) == 4


def test_of_a_flipping_file_that_came_to_stand_the_last_change_is_told(desk: Desk) -> None:
    flip(desk, 5)

    found = desk.told()

    assert titles(found) == [REVISED, FIRST]
    assert len(found.dropped) == 4


def test_what_was_told_because_it_stood_is_told_when_it_is_put_back(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
    desk.told(moment(5, 4))
    desk.filing.count = 1
    desk.filing.commit(budget("60.00"), identity(2024), ChangeKind.REVISION, observed=moment(5, 5))

    assert titles(desk.told()) == [REVISED]


def test_a_page_that_is_soon_back_was_never_gone(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    happened(desk, ChangeKind.WITHDRAWAL)
    held_back = desk.told(moment(4, 9))
    happened(desk, ChangeKind.RETURN, hours=-14)

    found = desk.told()

    assert [said.title for said in held_back.held] == [
        "〔撤回〕上海市普陀区财政局 2024 年部门预算的原页面已不在"
    ]
    assert found.sent == []
    assert len(found.dropped) == 2


def test_a_withdrawal_that_stands_is_told_and_so_is_the_return(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    happened(desk, ChangeKind.WITHDRAWAL)
    assert len(titles(desk.told(moment(5, 5)))) == 2
    happened(desk, ChangeKind.RETURN)

    assert titles(desk.told()) == ["〔重新公开〕上海市普陀区财政局 2024 年部门预算"]


# --- to whom ------------------------------------------------------------------------------------


def told_by(desk: Desk, watch: dict[str, Any] | None, **target: Any) -> list[str]:
    """What a target of its own that watches this is told."""
    desk.target.update(target)
    if watch is not None:
        desk.target["watch"] = [watch]
    return titles(desk.told())


WATCHED = (
    ({"agency": FINANCE}, True),
    ({"agency": identity(2024).agency}, True),
    ({"agency": "上海市普陀区教育局"}, False),
    ({"division": "310107"}, True),
    ({"division": "310106"}, False),
    ({"code": "206"}, True),
    ({"code": "20699"}, True),
    ({"code": "2069901"}, False),
    ({"keyword": "人才"}, True),
    ({"keyword": "信访"}, False),
    ({"amount": 30}, True),
    ({"amount": Decimal("30.01")}, False),
    ({"keyword": "人才", "amount": 30, "code": "20699"}, True),
    ({"keyword": "总计", "code": "20699"}, False),
    ({"keyword": "人才", "agency": "上海市普陀区教育局"}, False),
)


def test_a_watch_list_names_agency_code_keyword_and_amount(desk: Desk) -> None:
    """All of one entry of it, of one and the same line; one of its entries is enough."""
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.told()
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
    asked = {str(n): [watch] for n, (watch, _) in enumerate(WATCHED)}
    asked["either"] = [{"keyword": "信访"}, {"code": "206"}]
    desk.settings.tables["notify"]["targets"] = {
        name: {"url": desk.hook.url(name), "significance": "list", "watch": watch}
        for name, watch in asked.items()
    }
    desk.begin()

    found = {one.target: REVISED in titles(one) for one in desk.round().targets}

    assert found.pop("either")
    assert [found[str(n)] for n in range(len(WATCHED))] == [told for _, told in WATCHED]


def test_an_agency_nobody_knows_is_told_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(SettingsError, match=r"\[notify.targets.desk\] watch: .*普陀区财政"):
        told_by(desk, {"agency": "上海市普陀区财政厅"})


@pytest.mark.parametrize(
    "watch",
    [
        {"agency": "武汉市青山区人才服务中心"},
        {"agency": "武汉市青山区人才服务中心", "division": "420107"},
    ],
)
def test_an_agency_of_which_nothing_is_archived_yet_may_be_watched(
    desk: Desk, watch: dict[str, str]
) -> None:
    targets = desk.settings.tables["notify"]["targets"]
    targets["waiting"] = {"url": desk.hook.url("w"), "significance": "list", "watch": [watch]}
    desk.begin()
    desk.filing.commit(budget("60.00"), identity(2024))

    found = {one.target: titles(one) for one in desk.round().targets}

    assert found == {"desk": [FIRST], "waiting": []}


def test_only_what_matters_enough_is_told(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)

    assert told_by(desk, None, significance="headline") == [REVISED]


def test_only_the_kinds_asked_for_are_told(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)

    assert told_by(desk, None, news=["first"]) == [FIRST]


def test_each_target_has_its_language(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))

    assert told_by(desk, None, lang="en") == [f"[First seen] {FINANCE}: department budget 2024"]
    assert desk.hook.texts[0].startswith("Mingzhang: [First seen]")


# --- what goes wrong ----------------------------------------------------------------------------


def test_one_target_that_fails_stops_no_other_and_is_tried_again(desk: Desk) -> None:
    targets = desk.settings.tables["notify"]["targets"]
    targets["other"] = {"url": desk.hook.url("other"), "significance": "list"}
    desk.begin()
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.hook.answers = [(503, "")]

    first = desk.round()
    too_soon = desk.round(LATER + timedelta(minutes=9))
    then = desk.round(LATER + timedelta(minutes=11))

    assert (first.exit_code, first.failures) == (
        1,
        ["desk: HTTP 503; it stays in the outbox and is sent later"],
    )
    assert [len(one.sent) for one in first.targets] == [0, 1]
    assert (too_soon.exit_code, too_soon.targets[0].held[0].why) == (
        0,
        "HTTP 503; tried again after 2026-04-01 12:10",
    )
    assert [len(one.sent) for one in then.targets] == [1, 0]
    assert [path for path, _ in desk.hook.received] == ["/hook", "/other", "/hook"]


def test_the_wait_doubles_up_to_a_day(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    now, waits = LATER, []
    for _ in range(10):
        desk.hook.answers = [(500, "")]
        desk.told(now)
        outbox = Outbox(outbox_of(desk.settings))
        retry = outbox.standing("desk").retry
        outbox.close()
        assert retry is not None
        waits.append(int((retry - now).total_seconds() // 60))
        now = retry
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert titles(desk.told(now)) == [FIRST]


def test_without_an_answer_it_may_have_arrived_and_is_not_sent_again(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.hook.answers = [(0, "")]

    first, second = desk.round(), desk.round()

    assert first.exit_code == 1
    assert "desk: 1 may have been sent or not" in first.failures[0]
    assert (second.exit_code, second.failures) == (0, [])
    assert [said.why for said in second.targets[0].unsure] == ["no answer came (ConnectionError)"]
    assert len(desk.hook.received) == 1


def test_of_what_may_have_been_told_a_correction_is_sent(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    desk.hook.answers = [(0, "")]
    desk.told(NOW)
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")

    assert any("已撤回" in title for title in titles(desk.told()))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_address_that_leads_elsewhere_is_not_followed_and_has_not_taken_it(
    desk: Desk, status: int
) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.hook.answers = [(status, desk.hook.url("login").replace("json:", "http:"))]

    first = desk.round()
    then = desk.round(LATER + timedelta(hours=1))

    assert first.failures == [f"desk: HTTP {status}; it stays in the outbox and is sent later"]
    assert titles(then.targets[0]) == [FIRST]
    assert desk.hook.asked == ["POST /hook", "POST /hook"]


def test_a_target_that_cannot_be_reached_is_certainly_not_told(desk: Desk) -> None:
    desk.target["url"] = "json://127.0.0.1:1/nobody"
    desk.filing.commit(budget("60.00"), identity(2024))

    found = desk.round()

    assert found.failures == [
        "desk: could not be reached (NewConnectionError); it stays in the outbox and is sent later"
    ]


@pytest.mark.parametrize(
    ("url", "answer", "delivery"),
    [
        ("wecombot://abc", '{"errcode": 0}', Delivery.SENT),
        ("wecombot://abc", '{"errcode": 93000, "errmsg": "invalid webhook"}', Delivery.REFUSED),
        ("wecombot://abc", '{"errcode": "0"}', Delivery.SENT),
        ("wecombot://abc", '{"errcode": "93000"}', Delivery.REFUSED),
        ("wecombot://abc", "<html>log in</html>", Delivery.UNSURE),
        ("wecombot://abc", '{"errcode": null, "errmsg": "system busy"}', Delivery.UNSURE),
        ("wecombot://abc", '{"errcode": "invalid"}', Delivery.UNSURE),
        ("wecombot://abc", '{"errcode": false}', Delivery.UNSURE),
        ("wecombot://abc", '{"errcode": 0.5}', Delivery.UNSURE),
        ("wecombot://abc", '{"errcode": [0]}', Delivery.UNSURE),
        ("wecombot://abc", "[0]", Delivery.UNSURE),
        ("wecombot://abc", "null", Delivery.UNSURE),
        ("wecombot://abc", "[" * 100_000, Delivery.UNSURE),
        ("dingtalk://abc", '{"errcode": 0}', Delivery.SENT),
        ("dingtalk://abc", '{"errcode": 310000}', Delivery.REFUSED),
        ("feishu://abc", '{"code": 0}', Delivery.SENT),
        ("feishu://abc", '{"code": 9499}', Delivery.REFUSED),
    ],
)
def test_chats_say_in_their_answer_whether_they_took_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, url: str, answer: str, delivery: Delivery
) -> None:
    desk.target["url"] = url
    (target,) = plan_of(desk.settings).targets
    wire = Wire(target)
    monkeypatch.setattr(wire._plugin, "request_rate_per_sec", 0)
    for name in ("notify_url", "api_url"):
        if hasattr(wire._plugin, name):
            monkeypatch.setattr(wire._plugin, name, f"http://127.0.0.1:{desk.hook.port}/")
    desk.hook.answers = [(200, answer)]

    assert wire.send("题", "文").delivery is delivery
    said = desk.hook.received[0][1]
    assert "文" in json.dumps(said, ensure_ascii=False)
    assert "text" in (said.get("msgtype"), said.get("msg_type"))


def test_nothing_is_sent_while_another_run_sends(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    path = outbox_of(desk.settings).with_suffix(".lock")
    with held(path, "the outbox", lambda: LATER), pytest.raises(LockTaken):
        desk.round()
    assert desk.hook.received == []


def test_an_outbox_that_cannot_be_read_stops_everything(desk: Desk) -> None:
    outbox_of(desk.settings).write_bytes(b"not a database" * 100)
    with pytest.raises(OutboxError, match=r"nothing more is sent\. Move it away"):
        desk.round()
    assert desk.hook.received == []


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    before = outbox_of(desk.settings).read_bytes()

    (found,) = desk.round(dry=True).targets

    assert [said.title for said in found.due] == [FIRST]
    assert desk.hook.received == []
    assert outbox_of(desk.settings).read_bytes() == before
    assert titles(desk.told()) == [FIRST]


# --- secrets and hostile names ------------------------------------------------------------------


def test_secrets_come_from_the_environment_and_get_nowhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("HOOK", desk.hook.url("first"))
    desk.target["url"] = f"json://user:${{HOOK_SECRET}}@127.0.0.1:{desk.hook.port}/${{HOOK_SECRET}}"
    desk.filing.commit(budget("60.00"), identity(2024))
    plan = plan_of(desk.settings)
    desk.hook.answers = [(403, SECRET), (0, "")]
    said = repr(plan) + repr(desk.round()) + repr(desk.round(LATER + timedelta(days=1)))

    assert [path for path, _ in desk.hook.received] == ["/p@ss%2Fword-7Q", "/p@ss%2Fword-7Q"]
    desk.target["url"] = "${HOOK}"
    assert send_test(desk.settings, "desk").delivery is Delivery.SENT
    for wrong in (
        "nosuch://${HOOK_SECRET}",
        "json://",
        "${HOOK_SECRET}",
        "dingtalk://${HOOK_SECRET}",
    ):
        desk.target["url"] = wrong
        with pytest.raises(SettingsError) as error:
            desk.round()
        said += str(error.value) + repr(error.value.__cause__)
    said += "".join(capfd.readouterr())
    said += outbox_of(desk.settings).read_bytes().decode("latin-1")
    assert SECRET not in said
    assert "word-7Q" not in said


def test_a_variable_that_is_not_set_is_named(desk: Desk) -> None:
    desk.target["url"] = "wecombot://${NO_SUCH_KEY}"
    with pytest.raises(SettingsError, match=r"\$\{NO_SUCH_KEY\} is not set in the environment"):
        desk.round()


def test_one_target_has_one_recipient(desk: Desk) -> None:
    desk.target["url"] = "mailto://127.0.0.1?from=a@b.example&to=c@d.example,e@f.example"
    with pytest.raises(SettingsError, match="2 recipients in one target"):
        desk.round()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"quiet": "night"}, "no span of hours"),
        ({"timezone": "Asia/Nowhere"}, "no time zone"),
        ({"confirm_after_hours": -1}, "0 or more"),
        ({"lang": "fr"}, "none of zh, en"),
        ({"target": {}}, "did you mean `targets`"),
    ],
)
def test_wrong_settings_are_told(desk: Desk, table: dict[str, Any], said: str) -> None:
    desk.settings.tables["notify"].update(table)
    with pytest.raises(SettingsError, match=said):
        desk.round()


def test_hostile_names_call_nobody_and_lead_nowhere(desk: Desk) -> None:
    name = f'<at user_id="all">@all [x](http://evil.example) www.evil.example\n{HOSTILE}'
    desk.filing.commit(budget("60.00", name), identity(2024))
    desk.filing.commit(
        budget("990.00", name), identity(2024), ChangeKind.REVISION, url="javascript:alert(1)"
    )

    desk.told()

    text = "\n".join(desk.hook.texts)
    assert "＜at user_id=" in text
    assert "＠all [x] (http：//evil．example) www．evil．example" in text
    for harm in ("<at", "@all", "http://evil", "www.evil", "javascript:", "\u202e", "\x0b"):
        assert harm not in text


def test_mail_arrives_as_text_that_any_program_shows(desk: Desk) -> None:
    with letterbox() as (kept, port):
        desk.target["url"] = f"mailto://127.0.0.1:{port}?from=a@b.example&to=c@d.example"
        desk.filing.commit(budget("60.00", HOSTILE), identity(2024))
        assert titles(desk.told()) == [FIRST]
        (mail,) = (email.message_from_bytes(m, policy=email.policy.default) for m in kept.mails)

    assert mail["Subject"] == f"明账：{FIRST}"
    assert mail["To"] == "c@d.example"
    body = mail.get_body()
    assert body is not None
    assert body.get_content_type() == "text/plain"
    assert "收入总计" in body.get_content()


def test_a_hostile_name_is_one_line_of_a_mail_and_reaches_nobody_else(desk: Desk) -> None:
    name = f"党\r\nBcc: all@evil.example\r\n\r\n<img src=http://evil.example>{HOSTILE}\r\n.\r\nQUIT"
    with letterbox() as (kept, port):
        desk.target["url"] = f"mailto://127.0.0.1:{port}?from=a@b.example&to=c@d.example"
        desk.filing.commit(budget("60.00", name), identity(2024))
        desk.filing.commit(budget("990.00", name), identity(2024), ChangeKind.REVISION)
        desk.told()
        mails = [email.message_from_bytes(m, policy=email.policy.default) for m in kept.mails]

    assert kept.recipients == ["c@d.example"] * len(mails)
    text = ""
    for mail in mails:
        assert mail["Bcc"] is None
        assert mail.get_content_type() == "text/plain"
        text += str(mail["Subject"]) + mail.get_content()
    assert "党 Bcc: all＠evil．example ＜img src=http：//evil．example＞" in text
    for harm in ("<img", "@evil", "http://evil", "\u202e", "\x0b"):
        assert harm not in text


def test_a_mail_that_is_refused_is_sent_again(desk: Desk) -> None:
    with letterbox() as (kept, port):
        kept.answer = "552 too large"
        desk.target["url"] = f"mailto://127.0.0.1:{port}?from=a@b.example&to=c@d.example"
        desk.filing.commit(budget("60.00"), identity(2024))
        found = desk.told()
        kept.answer = "250 OK"
        then = desk.told(LATER + timedelta(hours=1))

    assert (found.failed, found.unsure) == ("the mail server answered 552", [])
    assert titles(then) == [FIRST]


def test_a_mail_server_that_is_not_there_is_certainly_not_reached(desk: Desk) -> None:
    desk.target["url"] = "mailto://127.0.0.1:1?from=a@b.example&to=c@d.example"
    desk.filing.commit(budget("60.00"), identity(2024))
    assert desk.told().failed == "the mail server could not be reached"


# --- long days ----------------------------------------------------------------------------------


def test_a_message_leads_to_the_site_first(desk: Desk) -> None:
    desk.settings.tables["site"] = {"base_url": "https://site.example.org/b/"}
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.told()
    page = (
        f"https://site.example.org/b/310107/{identity().agency}/2024-budget-department/index.html"
    )
    assert desk.hook.texts[0].splitlines()[-4:-2] == [page, "http://czj.example.gov.cn/ys.pdf"]


def test_many_entries_come_in_messages_the_service_takes_and_none_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wire, "limit", 2000)
    for year in range(2010, 2021):
        desk.filing.commit(budget("60.00"), identity(year))

    found = desk.told()

    assert len(found.sent) == 11
    sizes = [len(text.encode()) for text in desk.hook.texts]
    assert len(sizes) > 3
    assert max(sizes) <= 2000
    for year in range(2010, 2021):
        head = f"〔首次收录〕上海市普陀区财政局 {year} 年部门预算"
        assert sum(said["message"].count(f"{head}\n") for _, said in desk.hook.received) == 1


def test_an_entry_too_long_for_any_message_is_cut_and_still_leads_to_its_source(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wire, "limit", 900)
    desk.filing.commit(budget("60.00", "长" * 900), identity(2024))
    desk.filing.commit(budget("90.00", "长" * 900), identity(2024), ChangeKind.REVISION)

    assert len(desk.told().sent) == 2
    assert all(len(text.encode()) <= 900 for text in desk.hook.texts)
    assert all("http://czj.example.gov.cn/ys.pdf" in text for text in desk.hook.texts)


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, webhook: Hook) -> Any:
    """The command run in a folder whose archive holds a document observed in a later year."""
    config = tmp_path / "mingzhang.toml"
    url = webhook.url()
    config.write_text(
        f'[notify]\nquiet = ""\n[notify.targets.desk]\nurl = "{url}"\nsignificance = "list"\n',
        "utf-8",
    )
    filing = Filing(tmp_path / "archive")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(mingzhang, ["--config", str(config), "notify", *arguments])

    assert run().exit_code == 0
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    filing.commit(budget("60.00"), identity(2024), observed=ahead)
    return run


def test_the_command_sends_and_says_so(office: Any, webhook: Hook) -> None:
    dry, first, second = office("--dry-run"), office(), office("--json")

    assert (dry.exit_code, dry.stdout) == (0, f"desk: would be sent: {FIRST}\n")
    assert (first.exit_code, first.stdout) == (0, f"desk: sent: {FIRST}\n")
    assert json.loads(second.stdout)["targets"][0]["sent"] == []
    assert office("--dry-run").stdout.startswith("desk: nothing would be sent (told of what is ")
    assert len(webhook.received) == 1


def test_the_command_settles_what_is_unsure(office: Any, webhook: Hook) -> None:
    webhook.answers = [(0, ""), (0, "")]
    first = office()
    again = office("--again", "desk")
    second = office()
    arrived = office("--arrived", "desk")

    assert first.exit_code == second.exit_code == 1
    assert "`mingzhang notify --again desk`" in first.stderr
    assert again.stdout == "desk: 1 noted as to be sent again\n"
    assert arrived.stdout == "desk: 1 noted as arrived\n"
    assert (office().exit_code, len(webhook.received)) == (0, 2)


def test_without_targets_the_command_says_how_to_name_one(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text('[notify]\nquiet = ""\n', "utf-8")
    config = str(tmp_path / "mingzhang.toml")
    found = CliRunner().invoke(mingzhang, ["--config", config, "notify"])
    assert (found.exit_code, found.stdout) == (2, "")
    assert "names no targets" in found.stderr


def test_the_command_sends_a_test(office: Any, webhook: Hook) -> None:
    done, unknown = office("--test", "desk"), office("--test", "desks")

    assert (done.exit_code, done.stdout) == (0, "desk: sent\n")
    assert "这是一条测试消息" in webhook.texts[0]
    assert unknown.exit_code == 2
    assert "there is: desk" in unknown.stderr
