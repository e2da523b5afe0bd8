"""`verify` names what was done to an archive, one fault at a time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive import audit
from archive.absences import Absences
from archive.audit.checkpoint import Key, make, write_feed
from archive.audit.published import Published, checkpoints
from archive.audit.report import Report
from archive.events import Event
from archive.ledger import Intent, Ledger, Made
from archive.model import ChangeKind, Source
from archive.plumbing import RepositoryError, Signature
from archive.repository import Repository
from tests.archive import storing
from tests.archive.storing import EXTRACTOR, PLANNING, Workshop, paper, seen
from tests.archive.test_repository import by_hand, git

OTHER = ("https://czj.example/b.pdf", "https://czj.example/b.html", "", None, "b.pdf")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A first version, a revision, another document, a withdrawal."""
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper({"行政运行": "1"}), seen()), (paper(agency=PLANNING), seen(*OTHER)))
    workshop.run((paper({"行政运行": "2"}), seen()))
    absences = Absences(workshop.archive.ledger, "crawl", workshop.clock)
    for _ in range(2):
        absences.absent(OTHER[1], "putuo", status=404)
        workshop.clock.pass_days(1)
    workshop.run()
    return workshop


@pytest.fixture
def district(workshop: Workshop) -> Repository:
    return workshop.archive.repository("310107")


def verified(workshop: Workshop, extractor: str = EXTRACTOR, **options: object) -> Report:
    workshop.archive.close()
    fresh = Workshop(workshop.root)
    report = audit.verify(
        fresh.archive,
        reader=lambda path: storing.read(path.read_bytes(), extractor),
        extractor=extractor,
        **options,  # type: ignore[arg-type]
    )
    fresh.archive.close()
    return report


def named(report: Report, check: str) -> list[str]:
    return [f"{f.where}: {f.message}" for f in report.faults if f.check == check]


def flip(path: Path, at: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def loose(district: Repository, name: str) -> Path:
    """Unpack every object, and find the one of this name."""
    packs = district.path / ".git" / "objects" / "pack"
    for pack in list(packs.glob("*.pack")):
        aside = district.path / "aside.pack"
        pack.rename(aside)
        for other in packs.glob(f"{pack.stem}.*"):
            other.unlink()
        subprocess.run(
            ["git", "-C", str(district.path), "unpack-objects", "-q"],
            input=aside.read_bytes(),
            check=True,
        )
        aside.unlink()
    sha = git(district.path, "rev-parse", name).strip()
    return district.path / ".git" / "objects" / sha[:2] / sha[2:]


def test_an_archive_nobody_touched_has_no_fault(workshop: Workshop) -> None:
    assert workshop.kinds() == ["first", "first", "revision", "withdrawal"]
    report = verified(workshop)
    assert report.faults == []
    assert "310107: 3 versions read again and found as committed" in report.checked
    assert [line for line in report.unchecked if "checkpoint" in line] != []


def test_a_flipped_byte_in_an_original_is_named(workshop: Workshop) -> None:
    sha256 = workshop.history()[0].originals[0]
    path = workshop.archive.originals.path(sha256)
    flip(path, -3)
    report = verified(workshop)
    assert len(named(report, "originals")) == 1
    assert named(report, "originals")[0].startswith(f"{path}: its bytes have sha256")


def test_a_missing_original_is_named(workshop: Workshop) -> None:
    sha256 = workshop.history()[0].originals[0]
    workshop.archive.originals.path(sha256).unlink()
    report = verified(workshop)
    assert [fault.where for fault in report.faults] == [sha256]
    assert "is not stored here" in report.faults[0].message


def test_a_flipped_byte_in_a_tree_is_named(workshop: Workshop, district: Repository) -> None:
    path = loose(district, f"main:{storing.FINANCE}")
    tree = git(district.path, "rev-parse", f"main:{storing.FINANCE}").strip()
    data = bytearray(zlib.decompress(path.read_bytes()))
    data[-1] ^= 1
    path.chmod(0o644)
    path.write_bytes(zlib.compress(bytes(data)))
    report = verified(workshop)
    assert any(tree in line for line in named(report, "objects"))


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_flipped_byte_in_a_pack_is_named(
    workshop: Workshop, district: Repository, share: float
) -> None:
    packs = (district.path / ".git" / "objects" / "pack").glob("*.pack")
    pack = max(packs, key=lambda path: path.stat().st_size)
    flip(pack, int(pack.stat().st_size * share))
    assert named(verified(workshop), "objects") != []


def test_a_flipped_byte_in_a_ledger_row_is_named(workshop: Workshop) -> None:
    ledger = workshop.root / "ledger" / "2026.jsonl"
    text = ledger.read_bytes()
    at = text.index(b"putuo", len(text) // 3)
    line = text[:at].count(b"\n") + 1
    flip(ledger, at)
    report = verified(workshop)
    assert named(report, "ledger") == [f"{ledger} line {line}: its content was changed"]


def test_a_rewritten_commit_is_named(workshop: Workshop, district: Repository) -> None:
    old = [entry.commit for entry in workshop.history()]
    who = {f"GIT_{r}_{w}": "x@x" for r in ("AUTHOR", "COMMITTER") for w in ("NAME", "EMAIL")}
    # the second event gets another message, and all after it another parent
    parent = git(district.path, "rev-parse", f"{old[1]}^").strip()
    for commit in old[1:]:
        text = git(district.path, "log", "-1", "--format=%B", commit)
        text = text.replace("Published: 2025-09-01", "Published: 2025-03-01")
        tree = f"{commit}^{{tree}}"
        made = git(
            district.path, "commit-tree", tree, "-p", parent, "-m", text, env={**os.environ, **who}
        )
        parent = made.strip()
    git(district.path, "update-ref", "refs/heads/main", parent)
    report = verified(workshop)
    found = "\n".join(named(report, "ledger"))
    for commit in old[1:]:
        assert f"310107 {commit}: the ledger says that this commit was made" in found
    assert f"310107 {parent}: the ledger does not know this commit" in found
    assert old[0] not in found


def test_a_history_that_was_cut_off_is_named(workshop: Workshop, district: Repository) -> None:
    tip = district.tip()
    git(district.path, "update-ref", "refs/heads/main", "main~1")
    assert [line for line in named(verified(workshop), "ledger") if tip in line] != []


def test_a_commit_somebody_added_is_named(workshop: Workshop, district: Repository) -> None:
    made = by_hand(district, "改一个数\n\nDocument-Id: 310107/310107.006/department/2024/final")
    assert any(made in line for line in named(verified(workshop), "trailers"))
    git(district.path, "update-ref", "refs/heads/main", f"{made}^")
    made = by_hand(district, "no trailers")
    assert named(verified(workshop), "trailers") == [
        f"310107 {made}: a commit without a Document-Id: the archive did not make it"
    ]


def test_a_row_taken_from_the_ledger_is_missed(workshop: Workshop) -> None:
    """The chain is forged anew, so that only what it no longer says can tell."""
    rows = list(workshop.archive.ledger.rows())
    commit = workshop.history()[2].commit
    aside = workshop.root / "ledger" / "2026.jsonl"
    aside.unlink()
    forged = Ledger(workshop.root / "ledger", workshop.clock)
    for row in rows:
        if getattr(row, "commit", "") != commit:
            forged.append(row)
    report = verified(workshop)
    assert any(f"{commit}: the ledger does not know" in line for line in named(report, "ledger"))


def test_a_figure_changed_in_a_derived_file_is_named(
    workshop: Workshop, district: Repository
) -> None:
    """Committed by one who can write ledger and history alike."""
    newest = workshop.history()[2]
    document = storing.read(paper({"行政运行": "2"}))
    item = document.statements[0].items[0]

    amount = replace(item.amounts["合计"], text="9")
    forged = replace(
        document,
        statements=(
            replace(document.statements[0], items=(replace(item, amounts={"合计": amount}),)),
        ),
    )

    with district.writing() as writer:
        commit = writer.commit(
            Event(
                kind=ChangeKind.RE_EXTRACTION,
                identity=storing.identity_of(newest),
                document=forged,
                originals=newest.originals,
                source=Source(url=newest.source_url, observed=newest.observed),
                run="forged",
                subject="x",
                agency_name=storing.FINANCE,
            )
        )
    made = Made(
        at=workshop.clock(),
        division="310107",
        commit=commit,
        parent="",
        kind=ChangeKind.RE_EXTRACTION,
        document_id=newest.document_id,
    )
    workshop.archive.ledger.append(made)
    report = verified(workshop)
    assert len(report.faults) == 2
    assert (
        f"310107 {commit}: {storing.FINANCE}/2024年/部门决算/document.json is not what fake/1"
        in (named(report, "derived")[0])
    )
    assert "01-支出决算表.csv" in named(report, "derived")[1]
    assert verified(workshop, quick=True).faults == []


def test_what_another_extractor_read_is_said_not_to_be_checked(workshop: Workshop) -> None:
    report = verified(workshop, "fake/2")
    assert report.faults == []
    assert "310107: 3 versions were read by another extractor than fake/2" in report.unchecked


def test_an_index_that_says_otherwise_is_named(workshop: Workshop) -> None:
    workshop.archive.close()
    database = sqlite3.connect(workshop.root / "index" / "310107.sqlite")
    with database:
        database.execute("UPDATE events SET published = '2020-01-01' WHERE n = 2")
    database.close()
    (line,) = named(verified(workshop), "index")
    assert "differs from git in events; delete index/310107.sqlite" in line


def test_an_intent_a_crash_left_is_no_fault(workshop: Workshop) -> None:
    rows = workshop.archive.ledger
    document = workshop.history()[0].document_id
    rows.append(Intent("", document, "0" * 64, ChangeKind.WITHDRAWAL, "x"))
    assert verified(workshop).faults == []


# --- a clone without originals and ledger ---


@pytest.mark.parametrize("options", [["--bare"], []])
def test_a_public_clone_is_checked_as_far_as_one_can_tell(
    workshop: Workshop, district: Repository, tmp_path: Path, options: list[str]
) -> None:
    target = tmp_path / "clone.git"
    subprocess.run(["git", "clone", "-q", *options, str(district.path), str(target)], check=True)
    report = audit.verify_clone(target)
    assert report.faults == []
    assert "clone.git: the trailers of 4 events read" in report.checked
    assert any("originals are not here" in line for line in report.unchecked)
    assert any("no ledger is here" in line for line in report.unchecked)
    pack = max(target.rglob("*.pack"), key=lambda path: path.stat().st_size)
    flip(pack)
    assert named(audit.verify_clone(target), "objects") != []


def test_a_folder_that_is_no_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="not a git repository"):
        audit.verify_clone(tmp_path)


# --- checkpoints ---


@pytest.fixture
def key(tmp_path: Path) -> Key:
    path = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(command, check=True)
    return Key(str(path))


@pytest.fixture
def signers(key: Key, tmp_path: Path) -> Path:
    path = tmp_path / "signers"
    public = Path(f"{key.name}.pub").read_text().strip()
    path.write_text(f"archive@mingzhang.invalid {public}\n")
    return path


Sign = Callable[[], object]


@pytest.fixture
def sign(workshop: Workshop, district: Repository, key: Key) -> Sign:
    return lambda: make(workshop.archive, district, key, Signature(), workshop.clock())


def test_a_checkpoint_is_signed_and_holds(
    workshop: Workshop, district: Repository, sign: Sign, signers: Path
) -> None:
    one = sign()
    assert one == checkpoints(district.commands)[0]
    (read,) = checkpoints(district.commands)
    assert (read.head, read.commits, read.events, read.documents) == (district.tip(), 5, 4, 2)
    assert (read.ledger_rows, read.ledger_head) == workshop.archive.ledger.head()
    assert read.tag == "checkpoint/20260306T080000Z"
    assert sign() is None
    workshop.clock.pass_days(1)
    workshop.run((paper({"行政运行": "3"}), seen()))
    assert sign() is not None
    report = verified(workshop, signers=signers)
    assert report.faults == []
    assert "310107: 2 checkpoints held against the history" in report.checked
    assert report.unchecked == []


def test_a_signature_of_another_key_does_not_hold(
    workshop: Workshop, sign: Sign, tmp_path: Path
) -> None:
    sign()
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "k2")]
    subprocess.run(command, check=True)
    others = tmp_path / "others"
    others.write_text(f"archive@mingzhang.invalid {(tmp_path / 'k2.pub').read_text()}")
    (line,) = named(verified(workshop, signers=others), "checkpoints")
    assert "its signature does not hold" in line


def test_a_history_rewritten_after_a_checkpoint_shows(
    workshop: Workshop, district: Repository, sign: Sign, tmp_path: Path
) -> None:
    one = sign()
    kept = write_feed(workshop.archive, tmp_path / "kept.json")
    git(district.path, "update-ref", "refs/heads/main", "main~1")
    found = named(verified(workshop), "checkpoints")
    assert len(found) == 1
    assert "the history was rewritten" in found[0]
    # whoever rewrites it takes the tag away too; the copy of the feed remembers
    git(district.path, "tag", "-d", checkpoints(district.commands)[0].tag)
    assert named(verified(workshop), "checkpoints") == []
    found = named(verified(workshop, published=Published.load(kept)), "checkpoints")
    assert "it was published, and its tag is gone" in found[0]
    assert "as published: its commit" in found[1]
    assert one is not None


def test_rows_cut_off_the_end_of_the_ledger_show_against_a_checkpoint(
    workshop: Workshop, sign: Sign
) -> None:
    sign()
    ledger = workshop.root / "ledger" / "2026.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:-1]))
    assert workshop.archive.ledger.verify_chain() == []
    (line,) = named(verified(workshop), "checkpoints")
    assert "rows were changed or cut off" in line


def test_a_key_that_cannot_sign_is_an_error(
    workshop: Workshop, district: Repository, tmp_path: Path
) -> None:
    with pytest.raises(RepositoryError, match="the checkpoint was not signed"):
        make(workshop.archive, district, Key(str(tmp_path / "none")), Signature(), workshop.clock())
    assert checkpoints(district.commands) == []


def test_a_feed_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('{"items": [{}]}')
    with pytest.raises(ValueError, match="no feed of checkpoints"):
        Published.load(path)
