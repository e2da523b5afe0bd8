"""The command itself: what it lists, what it writes, what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from archive.repository import Archive, RepositoryError
from archive.settings import SECTIONS, ArchiveSettings, Settings, load
from crawler.cli import _complaint, mingzhang
from crawler.harvest import Harvested, HarvestSettings
from crawler.report import Trouble, TroubleKind
from diffing.thresholds import DigestSettings, Thresholds
from tests.diffing.archived import Filing, identity, known
from tests.diffing.build import budget
from tests.diffing.receiving import hook

PORTAL = """\
slug = "minghu"
name = "明湖区"
division = "990101"
family = "trs"
[[entries]]
url = "http://www.example.gov.cn/js/"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINGZHANG_CONFIG", raising=False)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(mingzhang, arguments)

    return invoke


def settings(folder: Path, text: str, portal: str = PORTAL) -> None:
    (folder / "portals").mkdir()
    (folder / "portals" / "minghu.toml").write_text(portal, encoding="utf-8")
    (folder / "mingzhang.toml").write_text(text, encoding="utf-8")


def test_help_lists_every_command_in_its_section(run) -> None:
    text = run("--help").output
    words = [line.split()[0] for line in text.splitlines() if line.strip()]
    order = ["Collect:", "init", "harvest", "import", "Read:", "read", "history", "Compare:"]
    assert [word for word in words if word in order] == order
    assert "--config" in text


def test_help_imports_neither_scrapy_nor_git_nor_the_text_stage() -> None:
    code = (
        "import sys, crawler.cli\n"
        "try: crawler.cli.mingzhang(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('scrapy', 'twisted', 'git', 'pdfminer', 'deepdiff', 'rich')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_short_help_of_every_command_says_what_the_command_says_of_itself() -> None:
    context = click.Context(mingzhang)
    listed = {}
    formatter = click.HelpFormatter(width=200)
    mingzhang.format_commands(context, formatter)
    for line in formatter.getvalue().splitlines():
        if line.startswith("  "):
            name, _, text = line.strip().partition(" ")
            listed[name] = text.strip()
    for name in mingzhang.list_commands(context):
        command = mingzhang.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=300).startswith(listed[name].rstrip(".")), name


def test_an_unknown_command_is_wrong_use(run) -> None:
    assert run("harvset").exit_code == 2


def test_version_is_the_packages(run) -> None:
    assert run("--version").output.startswith("mingzhang ")


def test_init_writes_settings_that_every_layer_can_read(run, tmp_path: Path) -> None:
    result = run("init")
    assert result.exit_code == 0
    assert "contact" in result.output
    read = load(tmp_path / "mingzhang.toml")
    assert set(read.tables) == set(SECTIONS)
    assert read.section("archive", ArchiveSettings) == ArchiveSettings()
    assert read.section("harvest", HarvestSettings) == HarvestSettings()
    assert read.section("digest", DigestSettings) == DigestSettings()


def test_init_into_a_new_folder_says_how_to_use_it(run, tmp_path: Path) -> None:
    result = run("init", "ming/zhang")
    assert (tmp_path / "ming" / "zhang" / "mingzhang.toml").is_file()
    assert "--config ming/zhang/mingzhang.toml" in result.output


def test_init_never_overwrites(run, tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text("# mine\n", encoding="utf-8")
    result = run("init")
    assert result.exit_code == 2
    assert "left as it is" in result.output
    assert (tmp_path / "mingzhang.toml").read_text(encoding="utf-8") == "# mine\n"


def test_the_template_is_commented_toml_that_names_the_packaged_portals(
    run, tmp_path: Path
) -> None:
    run("init")
    text = (tmp_path / "mingzhang.toml").read_text(encoding="utf-8")
    assert all(f'"{slug}"' in text for slug in ("caidian", "pingtan", "wuchang"))
    assert tomllib.loads(text)["harvest"]["contact"] == ""


def test_the_thresholds_in_the_template_are_the_defaults(run, tmp_path: Path) -> None:
    run("init")
    lines = (tmp_path / "mingzhang.toml").read_text(encoding="utf-8").split("[digest.thresholds]")
    table = lines[1].partition("\n[")[0]
    keys = [line.removeprefix("# ") for line in table.splitlines() if " = " in line]
    assert len(keys) == 4
    stated = msgspec.toml.decode("\n".join(keys), type=Thresholds, strict=False)
    assert stated == Thresholds()


def test_without_settings_harvest_says_how_to_begin(run) -> None:
    result = run("harvest")
    assert result.exit_code == 2
    assert "mingzhang init" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("harvest", "complaint"),
    [
        ('portals = ["minghu"]', "contact is empty"),
        ('contact = "me"\nportals = ["minghu"]', "neither an e-mail address nor a web page"),
        ('contact = "a@b.example\\r\\nX: y"\nportals = ["minghu"]', "neither an e-mail address"),
        ('contact = "a@b.example"', "portals is empty"),
        ('contact = "a@b.example"\nportals = ["minghe"]', "no portal is called 'minghe'"),
        ('contact = "a@b.example"\nportals = ["minghu"]', "division 990101 is not in the register"),
        ('contact = "a@b.example"\nportal = ["minghu"]', "did you mean `portals`"),
    ],
)
def test_harvest_refuses_wrong_settings_before_it_asks_anyone(
    run, tmp_path: Path, harvest: str, complaint: str
) -> None:
    settings(tmp_path, f'[harvest]\nportal_folders = ["portals"]\n{harvest}\n')
    result = run("harvest")
    assert result.exit_code == 2
    assert complaint in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "archive").exists()


def test_a_portal_that_is_not_configured_is_not_crawled(run, tmp_path: Path) -> None:
    settings(
        tmp_path,
        '[harvest]\nportal_folders = ["portals"]\ncontact = "a@b.example"\nportals = ["minghu"]\n',
    )
    result = run("harvest", "wuchang")
    assert result.exit_code == 2
    assert "'wuchang' is not among the portals of" in result.output


def test_a_portal_file_that_cannot_be_used_is_named(run, tmp_path: Path) -> None:
    text = (
        '[harvest]\nportal_folders = ["portals"]\ncontact = "a@b.example"\nportals = ["minghu"]\n'
    )
    settings(tmp_path, text, PORTAL.replace("trs", "trss"))
    result = run("harvest")
    assert result.exit_code == 2
    assert "minghu.toml: family 'trss' is not known" in result.output


def test_a_wrong_digest_table_is_known_before_the_crawl(run, tmp_path: Path) -> None:
    settings(tmp_path, '[harvest]\ncontact = "a@b.example"\n[digest]\nfolders = "x"\n')
    result = run("harvest")
    assert result.exit_code == 2
    assert "did you mean `folder`" in result.output


@pytest.mark.parametrize("error", [RepositoryError("a district is damaged"), RuntimeError("a bug")])
def test_what_a_harvest_met_is_told_even_if_its_digest_cannot_be_written(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    blocked = Trouble(TroubleKind.BLOCKED, "example.gov.cn", "example.gov.cn turns us away")

    def harvested(*_: object, **__: object) -> tuple[Harvested, Archive, None]:
        return Harvested("run", new={"minghu": [blocked]}), Archive(tmp_path / "archive"), None

    def after_run(*_: object) -> None:
        raise error

    monkeypatch.setattr("crawler.harvest.harvest", harvested)
    monkeypatch.setattr("diffing.telling.after_run", after_run)
    run("init")
    result = run("harvest")
    assert result.exit_code == 1
    assert "minghu: blocked: example.gov.cn turns us away" in result.stderr
    if isinstance(error, RepositoryError):
        assert "not done: the digest could not be written: a district is damaged" in result.stderr


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[notify]\nquiet = "at night"\n[notify.targets.a]\nurl = "json://127.0.0.1/"', "hours"),
        ('[notify.targets.a]\nurl = "json://${NOT_SET_ANYWHERE}/"', "NOT_SET_ANYWHERE"),
        ('[notify.targets.a]\nurl = "nosuch://127.0.0.1/"', "no address Apprise can use"),
    ],
)
def test_a_wrong_notify_table_is_known_before_the_crawl(
    run, tmp_path: Path, table: str, said: str
) -> None:
    settings(tmp_path, f'[harvest]\ncontact = "a@b.example"\n{table}\n')
    result = run("harvest")
    assert result.exit_code == 2
    assert said in result.output


def test_a_harvest_tells_the_targets_and_says_who_could_not_be_told(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it commits is sent, although the target began with this very harvest."""
    with hook() as webhook:
        (tmp_path / "mingzhang.toml").write_text(
            "".join(
                f'[notify.targets.{name}]\nurl = "{url}"\nsignificance = "list"\n'
                for name, url in (("a", webhook.url()), ("b", "json://127.0.0.1:1/"))
            )
        )

        def harvested(loaded: Settings, *_: object, **__: object) -> Any:
            filing = Filing(tmp_path / "archive")
            filing.commit(budget(), identity(2024), observed=datetime.now(UTC))
            return Harvested("run"), filing.archive, known()

        monkeypatch.setattr("crawler.harvest.harvest", harvested)
        result = run("harvest")

        assert [said["title"] for _, said in webhook.received] == [
            "明账：〔首次收录〕上海市普陀区财政局 2024 年部门预算"
        ]
    assert result.exit_code == 1
    assert "not done: b: could not be reached (NewConnectionError); it stays" in result.stderr


def test_without_git_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").touch()
    done = subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()", "history"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Error: git is not found; install git 2.36 or newer\n",
    )


def test_a_terminal_that_has_no_chinese_ends_no_run(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").touch()
    done = subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()", "history", "月球局"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "MINGZHANG_CONFIG": ""},
    )
    assert done.returncode == 2
    assert "knows no agency \\u6708\\u7403\\u5c40" in done.stderr


def test_a_reader_who_has_seen_enough_is_no_complaint() -> None:
    assert _complaint(BrokenPipeError()) is None


def test_a_closed_output_is_no_failure() -> None:
    program = f"{sys.executable} -c 'from crawler.cli import main; main()' --version >&-"
    done = subprocess.run(["/bin/sh", "-c", program], stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
