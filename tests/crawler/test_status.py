"""How portals stand: what needs a person, what is known, what rests, what is due next."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from crawler.cli import mingzhang
from crawler.conditions import Conditions, fewer
from crawler.harvest import due_portals
from crawler.portals import Entry, Portal
from crawler.report import Look, PortalReport, Trouble, TroubleKind
from crawler.status import standings

NIGHT = datetime(2025, 3, 1, 19, 30, tzinfo=UTC)  # half past three in China
DAY = timedelta(days=1)
BLOCKED = Trouble(TroubleKind.BLOCKED, "example.gov.cn", "turns us away")
REFUSED = Trouble(TroubleKind.REFUSED, "http://example.gov.cn/a.pdf", "not stored (html)")


def portal(**settings: object) -> Portal:
    made = Portal(
        slug="minghu",
        name="明湖区",
        division="990201",
        family="trs",
        entries=(Entry(url="http://example.gov.cn/"),),
    )
    return msgspec.structs.replace(made, **settings)


class Memory:
    """What harvests noted, night after night."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.conditions = Conditions(folder)

    def night(self, moment: datetime, *troubles: Trouble, publications: int = 9) -> None:
        report = PortalReport("minghu", "990201", publications=publications, ended="finished")
        report.troubles = list(troubles)
        self.conditions.update(report, troubles, moment)
        self.conditions.save()

    def lose(self, moment: datetime, *urls: str) -> None:
        """A night on which articles were gone all at once."""
        trouble = Trouble(TroubleKind.MASS_ABSENCE, "", f"{len(urls)} articles are gone")
        report = PortalReport("minghu", "990201", publications=9, ended="finished")
        report.troubles, report.lost = [trouble], list(urls)
        self.conditions.update(report, [trouble], moment)
        self.conditions.save()

    def due(self, moment: datetime, **settings: object) -> bool:
        return bool(due_portals([portal(**settings)], self.conditions, moment))

    def rests(self, moment: datetime) -> timedelta | None:
        until = self.conditions.portals["minghu"].rest_until
        return until - moment if until else None


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "archive")


def test_a_portal_is_asked_as_often_as_its_file_says(memory: Memory) -> None:
    memory.night(NIGHT)
    assert not memory.due(NIGHT + DAY / 2)
    assert memory.due(NIGHT + DAY)
    assert not memory.due(NIGHT + DAY, every_hours=168)
    assert memory.due(NIGHT + 7 * DAY - timedelta(minutes=20), every_hours=168)


@pytest.mark.parametrize(
    ("hours", "asked"), [("", True), ("21-7", True), ("3-4", True), ("7-21", False), ("4-3", False)]
)
def test_a_portal_is_asked_in_the_hours_it_allows(memory: Memory, hours: str, asked: bool) -> None:
    assert memory.due(NIGHT, hours=hours) is asked


def test_a_portal_that_turns_us_away_rests_twice_as_long_each_time(memory: Memory) -> None:
    rests = []
    for nights in range(6):
        moment = NIGHT + nights * 8 * DAY
        memory.night(moment, BLOCKED)
        rests.append(memory.rests(moment))
    assert rests == [timedelta(hours=hours) for hours in (12, 24, 48, 96, 168, 168)]
    assert not memory.due(NIGHT + 41 * DAY)
    memory.night(NIGHT + 50 * DAY)
    assert memory.due(NIGHT + 51 * DAY)


def found(publications: int, *troubles: Trouble) -> PortalReport:
    return PortalReport(
        "minghu", "990201", publications=publications, troubles=list(troubles), ended="finished"
    )


def test_fewer_than_before_is_told_until_someone_acknowledges_it(memory: Memory) -> None:
    memory.night(NIGHT)
    state = memory.conditions.portals["minghu"]
    dwindled = fewer(found(7), state)
    assert dwindled is not None
    assert dwindled.message.startswith("found 7 publications, 9 before")
    memory.night(NIGHT + DAY, dwindled, publications=7)
    assert fewer(found(7), state) == dwindled
    memory.conditions.acknowledge("minghu", NIGHT + DAY)
    assert fewer(found(7), state) is None


def test_articles_known_to_be_gone_account_for_fewer(memory: Memory) -> None:
    gone = [Trouble(TroubleKind.MISSING, f"http://example.gov.cn/{n}", "gone") for n in range(2)]
    memory.night(NIGHT)
    state = memory.conditions.portals["minghu"]
    assert fewer(found(7, *gone), state) is None
    assert fewer(found(6, *gone), state) is not None


def test_a_portal_is_overdue_when_no_harvest_succeeded_for_too_long(memory: Memory) -> None:
    memory.night(NIGHT)

    def overdue(days: float) -> bool:
        return standings([portal()], memory.conditions, NIGHT + days * DAY)[0].overdue

    assert [overdue(days) for days in (0, 1, 1.4, 1.6)] == [False, False, False, True]


def test_a_portal_never_harvested_needs_a_person(memory: Memory) -> None:
    (one,) = standings([portal()], memory.conditions, NIGHT)
    assert [condition.trouble.kind for condition in one.new] == [TroubleKind.OVERDUE]


def test_the_next_run_heeds_cadence_and_rest(memory: Memory) -> None:
    memory.night(NIGHT, BLOCKED)
    memory.night(NIGHT + DAY, BLOCKED)
    fire = NIGHT + DAY + timedelta(hours=24)
    (one,) = standings([portal()], memory.conditions, NIGHT + DAY, fire)
    assert one.next_run == fire
    (weekly,) = standings([portal(every_hours=168)], memory.conditions, NIGHT + DAY, fire)
    assert weekly.next_run == NIGHT + 8 * DAY


def test_the_next_run_of_a_frequent_portal_is_told_to_the_hour(memory: Memory) -> None:
    memory.night(NIGHT)
    fire, hour = NIGHT + DAY, timedelta(hours=1)
    often = portal(every_hours=6)
    (one,) = standings([often], memory.conditions, NIGHT + hour, fire)
    assert one.next_run == NIGHT + 6 * hour
    (late,) = standings([often], memory.conditions, NIGHT + 9 * hour, fire)
    assert late.next_run == NIGHT + 9 * hour
    nightly = portal(every_hours=6, hours="21-7")  # half past nine is closed until nine at night
    (waits,) = standings([nightly], memory.conditions, NIGHT + hour, fire)
    assert waits.next_run == NIGHT + 18 * hour
    memory.night(NIGHT + hour, BLOCKED)
    (rests,) = standings([often], memory.conditions, NIGHT + 2 * hour, fire)
    assert rests.next_run == NIGHT + 13 * hour


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "mingzhang.toml"
    path.write_text(
        '[harvest]\ncontact = "a@example.org"\nportals = ["minghu"]\nportal_folders = ["portals"]\n'
    )
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "minghu.toml").write_text(
        'slug = "minghu"\nname = "明湖区"\ndivision = "990201"\nfamily = "trs"\n'
        '[[entries]]\nurl = "http://example.gov.cn/js/"\n',
        encoding="utf-8",
    )
    return path


def run(settings: Path, *arguments: str) -> Result:
    return CliRunner().invoke(mingzhang, ["--config", str(settings), "status", *arguments])


def test_what_is_new_fails_and_what_is_acknowledged_is_shown_and_does_not(
    settings: Path, memory: Memory
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    memory.night(moment - timedelta(hours=1))
    memory.night(moment, REFUSED)
    ran = run(settings)
    assert ran.exit_code == 1
    assert "minghu  明湖区  needs you" in ran.output
    assert "refused since" in ran.output
    assert run(settings, "--acknowledge").exit_code == 0
    again = run(settings)
    assert again.exit_code == 0
    assert "known: refused since" in again.output


def test_the_standing_as_json(settings: Path, memory: Memory) -> None:
    memory.night(datetime.now(UTC).replace(microsecond=0), BLOCKED)
    ran = run(settings, "--json")
    (said,) = json.loads(ran.output)
    assert ran.exit_code == 1
    assert (said["portal"], said["blocked"], said["overdue"]) == ("minghu", True, True)
    assert said["rest_until"] is not None
    assert said["next_run"] is not None
    assert [one["trouble"]["kind"] for one in said["new"]] == ["blocked"]


LOST = tuple(f"http://example.gov.cn/js/t{number}.html" for number in range(3))


def test_a_person_says_of_a_portal_by_name_that_what_is_gone_was_withdrawn(
    settings: Path, memory: Memory
) -> None:
    memory.lose(datetime.now(UTC).replace(microsecond=0), *LOST)
    shown = run(settings)
    assert shown.exit_code == 1
    assert "3 articles gone at once" in shown.output
    assert run(settings, "--withdrawn").exit_code == 2
    assert Conditions(memory.folder).portals["minghu"].withdrawn == {}
    said = run(settings, "minghu", "--withdrawn")
    assert "minghu: 3 articles are taken for withdrawn" in said.stderr
    state = Conditions(memory.folder).portals["minghu"]
    assert (state.lost, tuple(state.withdrawn), state.conditions) == ([], LOST, {})


def test_an_acknowledged_mass_absence_withdraws_nothing(settings: Path, memory: Memory) -> None:
    memory.lose(datetime.now(UTC).replace(microsecond=0), *LOST)
    run(settings, "minghu", "--acknowledge")
    assert Conditions(memory.folder).portals["minghu"].withdrawn == {}


def test_an_article_that_is_back_is_no_longer_said_to_be_withdrawn(memory: Memory) -> None:
    memory.lose(NIGHT, *LOST)
    assert memory.conditions.withdraw("minghu", NIGHT) == list(LOST)
    report = PortalReport("minghu", "990201", publications=9, ended="finished")
    report.looks = {LOST[0]: Look(200), LOST[1]: Look(404, "http-404")}
    memory.conditions.update(report, [], NIGHT + DAY)
    assert tuple(memory.conditions.portals["minghu"].withdrawn) == LOST[1:]
