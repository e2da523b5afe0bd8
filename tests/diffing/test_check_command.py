"""`mingzhang check` and `mingzhang judge`, run as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from archive import register as registers
from archive.executor import Answer, Executor
from archive.model import Certainty, Document, Identity, Kind
from archive.repository import RepositoryError
from crawler.cli import mingzhang
from diffing import finding
from diffing.checks import check
from diffing.checks.catalogue import PATH, REASONS, markdown
from diffing.checks.examples import Example, line, sheet
from diffing.checks.rules import RULES
from diffing.checks.whole import check_all
from diffing.render.checks import lines

from .archived import Filing, identity


def budget(year: int, total: str, change: str) -> Document:
    said = f"{year}年收支总预算{total}万元，比{year - 1}年预算增加{change}万元。"
    rows = (
        line("收入总计", side="收入", 预算数=total),
        line("支出总计", side="支出", 预算数=total),
    )
    example = Example(
        prose=("## 一、收入支出预算总体情况说明", said),
        statements=(sheet("budget.total", *rows, title=f"{year}年收支总表"),),
        kind=Kind.BUDGET,
        year=year,
    )
    return example.document()


class Desk:
    """A folder with mingzhang.toml and an archive of two years' budgets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "mingzhang.toml"
        self.config.write_text("", "utf-8")
        filing = Filing(folder / "archive")
        filing.commit(budget(2023, "90.00", "1.00"), identity(2023))
        filing.commit(budget(2024, "100.00", "20.00"), identity(2024))

    def run(self, *arguments: str) -> Result:
        found = CliRunner().invoke(mingzhang, ["--config", str(self.config), *arguments])
        assert found.exception is None or isinstance(found.exception, SystemExit)
        return found

    def findings(self, *arguments: str) -> list[dict[str, Any]]:
        found = self.run("check", "--json", *arguments)
        assert found.exit_code == 0
        return [one for report in json.loads(found.stdout) for one in report["findings"]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


ID = identity(2024).document_id


def test_a_document_is_held_against_last_years(desk: Desk) -> None:
    found = desk.run("check", ID)
    assert found.exit_code == 0
    assert "[重大] D01" in found.stdout
    assert "80万元" in found.stdout
    assert "90.00万元" in found.stdout
    assert "2023年预算" in found.stdout


def test_counts_say_how_much_held(desk: Desk) -> None:
    found = desk.run("check", ID)
    assert "成立" in found.stdout
    assert "不符 1" in found.stdout
    assert "规则出错 0" in found.stdout


def test_english_says_the_same(desk: Desk) -> None:
    found = desk.run("check", ID, "--lang", "en")
    assert "[material] D01" in found.stdout
    assert "a difference of 10万元" in found.stdout


def test_all_checks_every_document(desk: Desk) -> None:
    found = desk.run("check", "--all")
    assert found.stdout.count("核对") == 2
    assert desk.run("check", "--all", "--exit-code").exit_code == 1


def test_the_list_of_all_reports_is_the_json_it_always_was(desk: Desk) -> None:
    printed = desk.run("check", "--all", "--json").stdout
    reports = json.loads(printed)
    assert len(reports) == 2
    assert printed == json.dumps(reports, ensure_ascii=False, indent=1) + "\n"


def test_an_empty_archive_has_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text("", "utf-8")
    command = ["--config", str(tmp_path / "mingzhang.toml"), "check", "--all", "--json"]
    found = CliRunner().invoke(mingzhang, command)
    assert (found.exit_code, found.stdout) == (0, "[]\n")


def test_a_document_that_cannot_be_read_back_does_not_hide_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = finding.newest

    def newest(archive: Any, register: Any, what: Identity) -> Any:
        if what.year == 2024:
            raise RepositoryError("document.json cannot be read")
        return real(archive, register, what)

    monkeypatch.setattr(finding, "newest", newest)
    found = desk.run("check", "--all", "--json")
    assert found.exit_code == 1
    assert len(json.loads(found.stdout)) == 1
    assert f"{ID}: document.json cannot be read" in found.stderr


class Mortal(Executor):
    """Whoever takes a task with the document of 2024 in it is killed."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def map(self, function: Any, tasks: Any, *, apart: bool = False) -> Any:
        for task in tasks:
            self.sizes.append(len(task.documents))
            if any(what.year == 2024 for what in task.documents):
                yield Answer(task, None, "whoever took it was killed each time")
            else:
                yield Answer(task, function(task))


def test_a_document_that_kills_its_checker_is_set_aside_and_the_rest_is_checked(
    desk: Desk,
) -> None:
    filing = Filing(desk.folder / "archive")
    executor = Mortal()
    found = list(check_all(executor, filing.archive, registers.load()))
    assert executor.sizes == [2, 1, 1]
    checked = {one.name: (one.report is not None, one.reason) for one in found}
    assert checked == {
        identity(2023).document_id: (True, ""),
        ID: (False, "whoever took it was killed each time"),
    }


def test_exit_code_tells_material_findings_only_when_asked(desk: Desk) -> None:
    assert desk.run("check", ID, "--exit-code").exit_code == 1
    assert desk.run("check", identity(2023).document_id, "--exit-code").exit_code == 0


def test_json_has_both_places_and_exact_amounts(desk: Desk) -> None:
    (one,) = desk.findings(ID)
    assert (one["rule"], one["difference"], one["tolerance"]) == ("D01", "-10.00", "0.03")
    assert one["here"][0]["quotation"].startswith("2024年收支总预算")
    assert (one["there"][0]["document"], one["there"][0]["text"]) == ("2023年预算", "90.00")
    assert (one["there"][0]["page"], one["there"][0]["row"]) == (3, 2)


def test_a_finding_judged_wrong_no_longer_counts_and_says_why(desk: Desk) -> None:
    (one,) = desk.findings(ID)
    done = desk.run("judge", one["key"], "wrong", "--reason", "口径调整，见说明")
    assert done.exit_code == 0
    assert done.stdout.strip() == str(desk.folder / "judgements.toml")
    found = desk.run("check", ID, "--exit-code")
    assert found.exit_code == 0
    assert "未发现不符" in found.stdout
    assert "已撤回" in found.stdout
    assert "口径调整，见说明" in found.stdout


def test_the_last_verdict_holds_and_earlier_ones_stay_in_the_file(desk: Desk) -> None:
    (one,) = desk.findings(ID)
    desk.run("judge", one["key"], "wrong", "--reason", "看错了")
    desk.run("judge", one["key"], "confirmed", "--reason", '已电话核实："属实"')
    (again,) = desk.findings(ID)
    assert again["judgement"]["verdict"] == "confirmed"
    assert again["judgement"]["reason"] == '已电话核实："属实"'
    assert (desk.folder / "judgements.toml").read_text("utf-8").count("[[judgement]]") == 2


def test_a_damaged_file_of_verdicts_stops_the_check(desk: Desk) -> None:
    (desk.folder / "judgements.toml").write_text("[[judgement]]\nkey = 1\n", "utf-8")
    found = desk.run("check", ID)
    assert found.exit_code == 2
    assert "judgements.toml" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check",), "name a FILE or DOCUMENT"),
        (("check", "nowhere.pdf"), "no such file"),
        (("check", identity(2020).document_id), "of this agency there is"),
        (("check", "--explain", "Q01"), "no rule Q01"),
        (("judge", "nonsense", "wrong", "--reason", "x"), "12 letters and digits"),
    ],
)
def test_wrong_use_is_a_sentence(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    found = desk.run(*arguments)
    assert found.exit_code == 2
    assert said in found.stderr


def test_a_file_that_cannot_be_read_is_a_line_and_status_1(desk: Desk) -> None:
    broken = desk.folder / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    found = desk.run("check", str(broken))
    assert found.exit_code == 1
    assert "broken.pdf" in found.stderr


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_every_rule_can_be_explained(one: Any) -> None:
    found = CliRunner().invoke(mingzhang, ["check", "--explain", one.id.lower()])
    assert found.exit_code == 0
    assert one.title in found.output
    assert one.formula in found.output


def test_the_catalogue_of_rules_is_current() -> None:
    assert PATH.read_text("utf-8") == markdown(), "docs/rules.md is out of date: make rules"


def test_every_reason_has_a_meaning() -> None:
    for one in RULES:
        for example in (one.fires, one.silent):
            report = check(example.document(), [o.document() for o in example.others])
            assert {code for why in report.reasons.values() for code in why} <= set(REASONS)


def test_text_from_outside_does_not_steer_the_terminal() -> None:
    text = "2024年本部门安排\x1b]XX项目经费。"
    report = check(Example(prose=("## 一、说明", text)).document())
    assert report.groups
    assert "\x1b" not in "\n".join(lines("a\x1b.pdf", report, {}))


def test_a_figure_not_taken_from_the_text_layer_says_so() -> None:
    row = line("合计", 合计="10.00", 基本支出="4.00", 项目支出="5.00")
    made = sheet("final.expenditure", row)
    amounts = {
        m: msgspec.structs.replace(a, certainty=Certainty.ALIGNED)
        for m, a in made.items[0].amounts.items()
    }
    item = msgspec.structs.replace(made.items[0], amounts=amounts)
    document = Example(statements=(msgspec.structs.replace(made, items=(item,)),)).document()
    assert any("请核对原件" in text for text in lines("a.pdf", check(document), {}))
