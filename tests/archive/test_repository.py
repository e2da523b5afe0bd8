from __future__ import annotations

import os
import subprocess
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive import repository as module
from archive.events import Entry, Event, message, parse_entry, subject
from archive.locks import held
from archive.model import ChangeKind, Identity, Kind, Level, Source
from archive.plumbing import BRANCH, FastImport, Git
from archive.repository import Archive, LockTaken, Repository, RepositoryError, UnknownDocument
from tests.archive import storing
from tests.archive.storing import FINANCE, Clock

SEEN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
SOURCE = Source(
    url="https://czj.example/a.pdf",
    page_url="https://czj.example/a.html",
    published=date(2025, 9, 1),
    observed=SEEN,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Archive:
    return Archive(tmp_path / "archive", clock=clock)


@pytest.fixture
def district(archive: Archive) -> Repository:
    return archive.repository("310107", create=True, title="上海市普陀区")


def event(
    rows: dict[str, str] | None = None,
    *,
    identity: Identity | None = None,
    kind: ChangeKind = ChangeKind.FIRST,
    source: Source = SOURCE,
    name: str = FINANCE,
    **more: Any,
) -> Event:
    identity = identity or storing.identity_of_finance()
    document = storing.read(storing.paper(rows, **more))
    return Event(
        kind=kind,
        identity=identity,
        document=document,
        originals=(document.original,),
        source=source,
        run="run-1",
        subject=subject(kind, name, identity),
        agency_name=name,
    )


def commit(district: Repository, *events: Event) -> list[str]:
    with district.writing() as writer:
        return [writer.commit(e) for e in events]


def printed(district: Repository, commit: str = "HEAD", identity: Identity | None = None) -> str:
    """The one figure of the document, as the repository has it."""
    document = district.read(identity or storing.identity_of_finance(), commit)
    return document.statements[0].items[0].amounts["合计"].text


def git(folder: Path, *arguments: str, **more: Any) -> str:
    """Plain git, as a reader of the archive would call it."""
    command = ["git", "-c", "core.quotepath=false", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def by_hand(district: Repository, text: str) -> str:
    """A commit somebody puts on the branch without us."""
    who = {
        f"GIT_{role}_{what}": "x@x"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    made = git(
        district.path,
        "commit-tree",
        "main^{tree}",
        "-p",
        "main",
        "-m",
        text,
        env={**os.environ, **who},
    ).strip()
    git(district.path, "update-ref", "refs/heads/main", made)
    return made


# --- what is written ---


def test_a_document_can_be_read_back_at_every_commit(district: Repository) -> None:
    first, second = (
        event({"行政运行": "1.00"}),
        event({"行政运行": "2.00"}, kind=ChangeKind.REVISION),
    )
    one, two = commit(district, first, second)
    what = storing.identity_of_finance()
    assert district.read(what, one) == first.document
    assert district.read(what, two) == second.document
    assert district.read(what, two[:10]) == second.document
    assert district.read(what) == second.document
    assert district.documents() == [what]
    assert district.tip() == two


def test_history_comes_from_trailers_newest_first(district: Repository) -> None:
    other = storing.identity_of_finance(2023)
    events = [
        event(),
        event(identity=other, year=2023),
        event({"行政运行": "2"}, kind=ChangeKind.REVISION),
    ]
    commits = commit(district, *events)
    entries = district.history()
    assert [e.commit for e in entries] == commits[::-1]
    assert entries[-1] == Entry(
        commit=commits[0],
        kind=ChangeKind.FIRST,
        document_id="310107/310107.006/department/2024/final",
        originals=events[0].originals,
        source_url="https://czj.example/a.pdf",
        source_page="https://czj.example/a.html",
        published=date(2025, 9, 1),
        observed=SEEN,
        extractor=storing.EXTRACTOR,
        run="run-1",
        subject=f"收录 {FINANCE} 2024年部门决算",
        status=200,
    )
    own = storing.identity_of_finance().document_id
    assert [e.kind for e in district.history(own)] == [ChangeKind.REVISION, ChangeKind.FIRST]
    assert district.history("310107/nobody/department/2024/final") == []


def test_plain_git_shows_subject_trailers_dates_and_files(
    district: Repository, clock: Clock
) -> None:
    clock.pass_days(0.5)
    (sha,) = commit(district, event())
    shown = git(district.path, "log", "-1", "--format=%an <%ae>|%aI|%cI|%s|%B")
    author, authored, committed, first_line, body = shown.split("|", 4)
    assert author == "明账 Mingzhang <archive@mingzhang.invalid>"
    assert authored == "2025-09-01T00:00:00+08:00"  # what the publisher claims
    assert committed == "2026-03-01T20:00:00+00:00"  # our clock
    assert first_line == f"收录 {FINANCE} 2024年部门决算"
    trailers = git(district.path, "interpret-trailers", "--parse", input=body).splitlines()
    document = storing.read(storing.paper())
    assert trailers == [
        "Change-Kind: first",
        "Document-Id: 310107/310107.006/department/2024/final",
        "Source-Url: https://czj.example/a.pdf",
        "Source-Page: https://czj.example/a.html",
        f"Original-Sha256: {document.original}",
        "Published: 2025-09-01",
        "Observed: 2026-03-01T08:30:00+00:00",
        "Http-Status: 200",
        "Extractor: fake/1",
        "Run-Id: run-1",
    ]
    folder = f"{FINANCE}/2024年/部门决算"
    assert git(district.path, "ls-tree", "-r", "--name-only", sha).splitlines() == [
        ".gitattributes",
        "README.md",
        f"{FINANCE}/2024年/部门决算/document.json",
        f"{folder}/prose.md",
        f"{folder}/statements/01-支出决算表.csv",
        f"{FINANCE}/agency.json",
    ]
    git(district.path, "fsck", "--strict")


@pytest.mark.parametrize("published", [None, date(1, 1, 1), date(1969, 12, 31)])
def test_without_a_usable_date_of_publication_the_time_of_observation_stands(
    district: Repository, published: date | None
) -> None:
    commit(district, event(source=replace(SOURCE, published=published)))
    assert git(district.path, "log", "-1", "--format=%aI").strip() == "2026-03-01T08:30:00+00:00"
    assert district.history()[0].published == published


def test_the_first_commit_explains_the_repository_and_says_no_time(
    district: Repository, tmp_path: Path, clock: Clock
) -> None:
    commit(district, event())
    root = git(district.path, "rev-list", "--max-parents=0", "main").strip()
    readme = git(district.path, "show", f"{root}:README.md")
    assert readme.startswith("# 上海市普陀区（310107）部门预算、决算公开存档")
    assert "遮盖" in readme
    clock.pass_days(400)
    later = Archive(tmp_path / "other", clock=clock)
    other = later.repository("310107", create=True, title="上海市普陀区")
    commit(other, event())
    assert git(other.path, "show", "main:README.md") == readme
    assert [e.kind for e in district.history()] == [ChangeKind.FIRST]


def test_a_table_that_is_gone_is_removed_by_the_same_commit(district: Repository) -> None:
    before, after = event({"行政运行": "1"}), event({}, kind=ChangeKind.REVISION)
    commit(district, before, after)
    changed = git(district.path, "show", "--format=", "--name-status", "main").splitlines()
    folder = f"{FINANCE}/2024年/部门决算"
    assert f"D\t{folder}/statements/01-支出决算表.csv" in changed
    assert f"M\t{folder}/document.json" in changed


@pytest.mark.parametrize(
    "hostile",
    [
        "https://x.example/a.pdf\nChange-Kind: withdrawal\nRun-Id: forged",
        "https://x.example/a.pdf\r\n\r\nChange-Kind: withdrawal",
        "https://x.example/a.pdf\u2028Change-Kind: withdrawal",
        "https://x.example/a.pdf\x1eChange-Kind: withdrawal",
        "https://x.example/a.pdf\x00Change-Kind: withdrawal",
        "https://x.example/预算 公开.pdf\u202e",
        "\ud800",
    ],
)
def test_no_trailer_can_be_forged_from_outside(district: Repository, hostile: str) -> None:
    forged = replace(
        event(source=replace(SOURCE, url=hostile, page_url=hostile)),
        subject=f"收录 某局\n\nChange-Kind: withdrawal {hostile}"[:80]
        .encode("utf-8", "replace")
        .decode(),
        run=hostile,
    )
    (sha,) = commit(district, forged)
    body = git(district.path, "log", "-1", "--format=%B")
    trailers = git(district.path, "interpret-trailers", "--parse", input=body).splitlines()
    assert [t for t in trailers if t.startswith("Change-Kind")] == ["Change-Kind: first"]
    assert len([t for t in trailers if t.startswith("Run-Id")]) <= 1
    (entry,) = district.history()
    assert (entry.commit, entry.kind) == (sha, ChangeKind.FIRST)
    assert not any(c in entry.source_url for c in "\n\r\x00\x1e\u2028\u202e ")


def test_what_is_read_back_is_what_the_writer_remembers(district: Repository) -> None:
    with district.writing() as writer:
        what = storing.identity_of_finance().document_id
        assert writer.entries(what) == []
        writer.commit(event())
        writer.commit(event({"行政运行": "2"}, kind=ChangeKind.REVISION))
        remembered = writer.entries(what)
    assert remembered == district.history(what)


def test_commits_after_a_commit_can_be_told(district: Repository) -> None:
    one, two = commit(district, event(), event({"行政运行": "2"}))
    with district.writing() as writer:
        assert writer.since(one) == {two}
        assert writer.since(two) == set()
        assert {one, two} < writer.since("")  # and the first commit of the district
        assert writer.since("f" * 40) == set()


# --- folders ---


def units() -> tuple[Identity, Identity]:
    return (
        storing.identity_of_finance(level=Level.DEPARTMENT),
        storing.identity_of_finance(level=Level.UNIT),
    )


def test_a_department_and_its_own_unit_of_the_same_name_share_a_folder(
    district: Repository,
) -> None:
    department, unit = units()
    assert department.agency != unit.agency
    commit(district, event(identity=unit), event({"行政运行": "9"}, identity=department))
    assert set(district.documents()) == {department, unit}
    assert sorted(p.name for p in (district.path / FINANCE / "2024年").iterdir()) == [
        "单位决算",
        "部门决算",
    ]
    fresh = Archive(district.path.parents[1]).repository("310107")
    assert set(fresh.documents()) == {department, unit}
    assert printed(fresh) == "9"


def test_two_agencies_of_one_name_and_level_get_two_folders(district: Repository) -> None:
    one = storing.identity_of_finance()
    two = Identity("310107", "310107.999", Level.DEPARTMENT, 2024, Kind.FINAL)
    commit(district, event(identity=one), event({"行政运行": "9"}, identity=two))
    assert (district.path / f"{FINANCE}（310107.999）" / "2024年").is_dir()
    assert set(district.documents()) == {one, two}
    assert printed(district, identity=two) == "9"


def test_names_that_differ_only_in_case_are_kept_apart(district: Repository) -> None:
    one = Identity("310107", "310107.901", Level.DEPARTMENT, 2024, Kind.FINAL)
    two = Identity("310107", "310107.902", Level.DEPARTMENT, 2024, Kind.FINAL)
    commit(district, event(identity=one, name="CBD办"), event(identity=two, name="cbd办"))
    folders = {p.name for p in district.path.iterdir() if p.is_dir()} - {".git"}
    assert folders == {"CBD办", "cbd办（310107.902）"}


def test_a_renamed_agency_keeps_its_folder(district: Repository) -> None:
    what, later = storing.identity_of_finance(2024), storing.identity_of_finance(2025)
    commit(district, event(identity=what))
    commit(district, event(identity=later, name="上海市普陀区财政金融局"))
    folders = {p.name for p in district.path.iterdir() if p.is_dir()} - {".git"}
    assert folders == {FINANCE}


def test_a_hostile_name_stays_inside_the_repository(district: Repository) -> None:
    what = Identity("310107", "310107.903", Level.DEPARTMENT, 2024, Kind.FINAL)
    commit(district, event(identity=what, name="../../.git/hooks\n"))
    assert district.documents() == [what]
    assert (district.path / "_.._.git_hooks" / "agency.json").is_file()


# --- reading what is not there ---


def test_a_document_that_is_not_there_is_unknown(district: Repository) -> None:
    what = storing.identity_of_finance()
    with pytest.raises(UnknownDocument, match=what.document_id):
        district.read(what)
    (sha,) = commit(district, event())
    with pytest.raises(UnknownDocument):
        district.read(storing.identity_of_finance(2031))
    for commit_name in ("f" * 40, f"{sha}^", f"{sha}\n{sha}"):
        with pytest.raises(UnknownDocument):
            district.read(what, commit_name)
    assert district.read(what, sha) == event().document


def test_an_empty_district_has_no_history(district: Repository) -> None:
    assert district.history() == []
    assert district.documents() == []
    assert district.tip() == ""


def test_a_division_nothing_is_archived_for_is_an_error(archive: Archive) -> None:
    with pytest.raises(RepositoryError, match="nothing is archived"):
        archive.repository("310115")
    for wrong in ("", "31010", "../310107", "310107/x"):
        with pytest.raises(ValueError, match="division code"):
            archive.repository(wrong, create=True)
    assert archive.repositories() == []


def test_the_districts_are_listed_by_code(archive: Archive) -> None:
    for code in ("420112", "310107"):
        archive.repository(code, create=True)
    (archive.root / "districts" / "notes").mkdir()
    assert [r.division for r in archive.repositories()] == ["310107", "420112"]


def test_trailers_that_cannot_be_read_are_an_error_that_names_the_commit(
    district: Repository,
) -> None:
    commit(district, event())
    made = by_hand(district, "x\n\nDocument-Id: 310107/x\nChange-Kind: nonsense")
    with pytest.raises(RepositoryError, match=made):
        district.history()


def test_a_persons_own_commit_is_no_event() -> None:
    assert parse_entry("abc", "a person's own commit", "") is None
    assert parse_entry("abc", "x", "Signed-off-by: A <a@b.example>") is None


def test_facts_that_are_not_known_have_no_trailer() -> None:
    bare = replace(event(), source=Source(url="file:a.pdf", status=0))
    text = message(bare).decode()
    for trailer in ("Published", "Source-Page", "Http-Status", "Observed"):
        assert trailer not in text


# --- one writer ---


def test_a_second_writer_is_refused_and_told_who_writes(archive: Archive, clock: Clock) -> None:
    district = archive.repository("310107", create=True)
    second = Archive(archive.root, clock=clock).repository("310107")
    with district.writing() as writer:
        writer.commit(event())
        with pytest.raises(LockTaken) as told, second.writing():
            pass
        writer.commit(event({"行政运行": "2"}))
    assert f"district 310107: another run is writing (process {os.getpid()} on" in str(told.value)
    assert "since 2026-03-01 08:00:00 UTC" in str(told.value)
    with second.writing() as writer:
        writer.commit(event({"行政运行": "3"}))
    assert len(district.history()) == 3


def test_districts_do_not_lock_each_other(archive: Archive) -> None:
    one = archive.repository("310107", create=True)
    two = archive.repository("420112", create=True)
    with one.writing(), two.writing():
        pass


def test_a_lock_is_free_again_after_an_error(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(RuntimeError), held(tmp_path / "l.lock", "x", clock):
        raise RuntimeError
    with held(tmp_path / "l.lock", "x", clock):
        assert (tmp_path / "l.holder").exists()
    assert not (tmp_path / "l.holder").exists()


# --- when git does not do as told ---


def test_a_branch_that_someone_else_moved_is_an_error_and_nobody_loses_a_commit(
    district: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(district, event())
    real = district.tip
    made: list[str] = []

    def interfered_with() -> None:
        with district.writing() as writer:
            own = writer.commit(event({"行政运行": "2"}))
            made.extend((own, by_hand(district, "x")))
            # What the writer saw just before the other one came:
            calls = iter([own, own])
            monkeypatch.setattr(district, "tip", lambda: next(calls, None) or real())
            writer.commit(event({"行政运行": "3"}))

    with pytest.raises(RepositoryError, match="git did not take commit"):
        interfered_with()
    own, foreign = made
    assert real() == foreign
    assert district.history()[0].commit == own
    (again,) = commit(district, event({"行政运行": "3"}))
    assert git(district.path, "rev-parse", "main^").strip() == foreign
    assert real() == again


def test_a_session_that_fails_keeps_what_was_committed_and_nothing_else(
    district: Repository,
) -> None:
    made: list[str] = []

    def failing() -> None:
        with district.writing() as writer:
            made.append(writer.commit(event()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    (first,) = made
    assert [e.commit for e in district.history()] == [first]
    (second,) = commit(district, event({"行政运行": "2"}))
    assert [e.commit for e in district.history()] == [second, first]
    git(district.path, "fsck", "--strict")


def test_an_import_that_dies_is_an_error_in_its_own_words(district: Repository) -> None:
    def dying() -> None:
        with district.writing() as writer:
            writer.commit(event())
            assert writer._stream is not None
            writer._stream.abort()
            writer.commit(event({"行政运行": "2"}))

    with pytest.raises(RepositoryError, match="gave up"):
        dying()
    assert len(district.history()) == 1


def test_a_git_that_is_too_old_is_named(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Git, "version_info", (2, 30, 1))
    with pytest.raises(
        RepositoryError, match=r"git 2\.36 or newer is needed, this is git 2\.30\.1"
    ):
        archive.repository("310107", create=True)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_stream_that_breaks_off_inside_a_commit_leaves_no_half_commit(
    district: Repository, kept: float
) -> None:
    (sha,) = commit(district, event())
    commands = Git(district.path)
    commands.bind()
    process = FastImport(commands)._process
    files = "".join(f"M 100644 inline f{n}\ndata 1\nx\n" for n in range(50))
    stream = f"commit {BRANCH}\ncommitter x <x> 1 +0000\ndata 1\nx\nfrom {sha}\n{files}\n"
    process.stdin.write(stream[: stream.rindex("M ", 0, int(len(stream) * kept))].encode())
    process.stdin.close()
    assert process.proc.wait() != 0
    assert district.tip() == sha
    commit(district, event({"行政运行": "2"}, kind=ChangeKind.REVISION))
    assert len(district.history()) == 2
    assert list((district.path / ".git").glob("fast_import_crash_*")) == []
    git(district.path, "fsck", "--strict")


def test_a_repository_left_half_made_is_completed(archive: Archive) -> None:
    path = archive.root / "districts" / "310107"
    path.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    (path / ".git" / "config").unlink()
    district = archive.repository("310107", create=True, title="上海市普陀区")
    commit(district, event())
    assert git(path, "config", "core.quotepath").strip() == "false"
    assert git(path, "config", "mingzhang.division").strip() == "310107"


def test_a_damaged_repository_never_writes_into_one_above_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    archive = Archive(tmp_path / "archive")
    district = archive.repository("310107", create=True)
    commit(district, event())
    district.close()
    (district.path / ".git" / "HEAD").unlink()
    with pytest.raises(RepositoryError):
        commit(district, event({"行政运行": "2"}))
    assert not (tmp_path / ".git" / "refs" / "heads" / "main").exists()


def test_many_packs_are_joined_and_reading_goes_on(
    district: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PACKS", 3)
    commits = commit(district, *(event({"行政运行": f"{n}.00"}) for n in range(6)))
    packs = list((district.path / ".git" / "objects" / "pack").glob("*.pack"))
    assert len(packs) < 4
    assert [printed(district, sha) for sha in commits] == [f"{n}.00" for n in range(6)]
    git(district.path, "fsck", "--strict")


# --- other people's configuration ---

HOOK = "#!/bin/sh\necho ran >> '{log}'\nexit 1\n"


def test_neither_configuration_nor_environment_of_the_user_has_a_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    home, outside, log = tmp_path / "home", tmp_path / "outside", tmp_path / "hooks.log"
    hooks, template = home / "hooks", home / "template" / "hooks"
    for folder in (hooks, template):
        folder.mkdir(parents=True)
        for name in ("reference-transaction", "post-checkout", "post-index-change"):
            (folder / name).write_text(HOOK.format(log=log))
            (folder / name).chmod(0o755)
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "attributes").write_text(
        "* text eol=crlf\n*.json working-tree-encoding=UTF-16\n"
    )
    (home / ".gitconfig").write_text(
        f"[user]\n name = Somebody\n email = somebody@example.org\n"
        f"[commit]\n gpgsign = true\n[core]\n hooksPath = {hooks}\n autocrlf = true\n"
        f" quotepath = true\n[init]\n defaultBranch = trunk\n templateDir = {template.parent}\n"
        "[log]\n showSignature = true\n[i18n]\n commitEncoding = gbk\n logOutputEncoding = gbk\n"
    )
    subprocess.run(["git", "init", "-q", str(outside)], check=True)
    hostile = {
        "HOME": str(home),
        "GIT_DIR": str(outside / ".git"),
        "GIT_WORK_TREE": str(outside),
        "GIT_INDEX_FILE": str(outside / "index"),
        "GIT_OBJECT_DIRECTORY": str(outside / "objects"),
        "GIT_NAMESPACE": "other",
        "GIT_AUTHOR_NAME": "Somebody",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_TEMPLATE_DIR": str(template.parent),
        "GIT_TRACE": str(tmp_path / "trace"),
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)

    district = Archive(tmp_path / "archive").repository("310107", create=True)
    commit(district, event())
    assert [e.subject for e in district.history()] == [f"收录 {FINANCE} 2024年部门决算"]

    for name, value in hostile.items():
        assert os.environ[name] == value  # and the caller keeps them
        monkeypatch.delenv(name)
    assert not log.exists()
    assert not (tmp_path / "trace").exists()
    assert not (district.path / ".git" / "hooks").exists()
    assert git(district.path, "log", "-1", "--format=%an|%cn|%G?").strip() == (
        "明账 Mingzhang|明账 Mingzhang|N"
    )
    assert git(district.path, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    copied = (district.path / FINANCE / "2024年/部门决算/document.json").read_bytes()
    assert b"\r" not in copied
    assert copied.startswith(b"{")
    assert git(district.path, "status", "--porcelain") == ""
    assert list((outside / ".git" / "refs" / "heads").iterdir()) == []


def test_threads_reading_two_districts_do_not_see_each_others_environment(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    codes = ("310107", "420112")
    for code in codes:
        commit(
            archive.repository(code, create=True),
            event(identity=replace(storing.identity_of_finance(), division=code)),
        )
    found: dict[str, list[Entry]] = {}

    def look(code: str) -> None:
        for _ in range(5):
            found[code] = archive.repository(code).history()

    threads = [threading.Thread(target=look, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code: [e.document_id[:6] for e in entries] for code, entries in found.items()} == {
        code: [code] for code in codes
    }
    assert os.environ["GIT_DIR"] == "/nowhere"


def test_a_folder_name_with_special_characters_is_taken_literally(tmp_path: Path) -> None:
    root = tmp_path / "ar$HOME chive ~ 档案"
    district = Archive(root).repository("310107", create=True)
    commit(district, event())
    assert (root / "districts" / "310107" / FINANCE).is_dir()


# --- the checked-out copy ---


def table(district: Repository) -> Path:
    return district.path / FINANCE / "2024年" / "部门决算" / "statements" / "01-支出决算表.csv"


def test_the_copy_shows_the_newest_version(district: Repository) -> None:
    commit(district, event({"行政运行": "1.00"}))
    assert "1.00" in table(district).read_text(encoding="utf-8")
    commit(district, event({"行政运行": "2.00"}, kind=ChangeKind.REVISION))
    assert "2.00" in table(district).read_text(encoding="utf-8")
    assert git(district.path, "status", "--porcelain") == ""


def test_a_copy_with_local_edits_is_left_alone_and_that_is_said(district: Repository) -> None:
    commit(district, event({"行政运行": "1.00"}))
    table(district).write_text("my own notes", encoding="utf-8")
    with district.writing() as writer:
        writer.commit(event({"行政运行": "2.00"}, kind=ChangeKind.REVISION))
    assert writer.copy_note is not None
    assert "local edits" in writer.copy_note
    assert table(district).read_text(encoding="utf-8") == "my own notes"
    assert printed(district) == "2.00"

    git(district.path, "checkout", "-q", "-f", "main")
    with district.writing() as writer:
        pass
    assert writer.copy_note is None
    assert "2.00" in table(district).read_text(encoding="utf-8")


def test_a_file_in_the_way_is_not_overwritten(district: Repository) -> None:
    district.path.joinpath("README.md").write_text("mine", encoding="utf-8")
    with district.writing() as writer:
        writer.commit(event())
    assert writer.copy_note is not None
    assert "README.md" in writer.copy_note
    assert district.path.joinpath("README.md").read_text(encoding="utf-8") == "mine"
    assert len(district.history()) == 1


def test_a_persons_own_branch_is_left_checked_out(district: Repository) -> None:
    commit(district, event({"行政运行": "1.00"}))
    git(district.path, "checkout", "-q", "-b", "mine")
    with district.writing() as writer:
        writer.commit(event({"行政运行": "2.00"}))
    assert writer.copy_note is not None
    assert "another branch" in writer.copy_note
    assert "1.00" in table(district).read_text(encoding="utf-8")
    assert district.tip() == git(district.path, "rev-parse", "main").strip()


def test_a_refresh_that_was_killed_is_done_again(district: Repository) -> None:
    commit(district, event({"行政运行": "1.00"}))
    with district.writing() as writer:
        writer.commit(event({"行政运行": "2.00"}))
        writer.finish()
        writer._stream = None
        # As a kill in the middle of the refresh leaves it:
        (district.path / ".git" / "mingzhang-refreshing").touch()
        (district.path / ".git" / "index.lock").touch()
        table(district).write_text("half a fi", encoding="utf-8")
    assert writer.copy_note is None
    assert "2.00" in table(district).read_text(encoding="utf-8")
    assert git(district.path, "status", "--porcelain") == ""


def test_a_clone_continues_as_an_archive(district: Repository, tmp_path: Path) -> None:
    commit(district, event({"行政运行": "1.00"}))
    root = tmp_path / "restored"
    (root / "districts").mkdir(parents=True)
    target = root / "districts" / "310107"
    subprocess.run(["git", "clone", "-q", str(district.path), str(target)], check=True)
    restored = Archive(root).repository("310107", create=True, title="上海市普陀区")
    with restored.writing() as writer:
        writer.commit(event({"行政运行": "2.00"}, kind=ChangeKind.REVISION))
    assert writer.copy_note is None
    assert "2.00" in table(restored).read_text(encoding="utf-8")
    assert len(restored.history()) == 2
