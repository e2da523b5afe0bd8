from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import chain
from archive.chain import ChainDamaged
from archive.ledger import Done, Intent, Ledger, Observation, Torn, run_id
from archive.model import ChangeKind, Source
from tests.archive.storing import Clock

A, B = "a" * 64, "b" * 64


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Ledger:
    return Ledger(tmp_path / "ledger", clock)


def look(
    sha256: str | None = A, url: str = "https://x.example/1", run: str = "r1", **more: object
) -> Observation:
    page = str(more.pop("page", ""))
    return Observation(Source(url, page_url=page), sha256=sha256, run=run, **more)  # type: ignore[arg-type]


def done(ledger: Ledger, observation: str, status: str, **more: object) -> None:
    ledger.append(Done(observation, datetime(2026, 1, 1, tzinfo=UTC), status, A, **more))  # type: ignore[arg-type]


def pending(ledger: Ledger, extractor: str = "pdf/1", register: str = "v1") -> list[str]:
    return [entry.hash for entry in ledger.pending(extractor, register)]


# --- the chain ---


def test_rows_come_back_as_they_were_and_the_chain_holds(ledger: Ledger) -> None:
    rows = [
        look(etag='"x"', headers={"server": "nginx"}, stated={"year": 2024}),
        Intent("h", "310107/310107.006/department/2024/final", A, ChangeKind.FIRST, ""),
        look(None, outcome="gone"),
    ]
    for row in rows:
        ledger.append(row)
    assert list(ledger.rows()) == rows
    assert ledger.verify_chain() == []


def test_a_row_is_on_the_disk_before_append_returns(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), real(handle))[1])
    ledger.append(look())
    first = len(synced)
    ledger.append(look())
    assert first >= 1
    assert len(synced) == first + 1


def test_the_chain_runs_on_into_a_new_year(ledger: Ledger, clock: Clock) -> None:
    ledger.append(look())
    clock.pass_days(365)
    ledger.append(look(B))
    assert sorted(p.name for p in ledger.folder.glob("*.jsonl")) == ["2026.jsonl", "2027.jsonl"]
    assert [row.sha256 for row in ledger.rows() if isinstance(row, Observation)] == [A, B]
    assert ledger.verify_chain() == []


def test_a_clock_set_back_does_not_put_a_new_row_before_an_old_one(
    ledger: Ledger, clock: Clock
) -> None:
    clock.pass_days(365)
    ledger.append(look())
    clock.pass_days(-365)
    ledger.append(look(B))
    assert [p.name for p in ledger.folder.glob("*.jsonl")] == ["2027.jsonl"]
    assert ledger.verify_chain() == []


def test_a_changed_byte_a_removed_row_and_a_removed_file_are_each_named(
    ledger: Ledger, clock: Clock
) -> None:
    for number in range(5):
        ledger.append(look(size=number))
    clock.pass_days(365)
    ledger.append(look(size=5))
    file, next_file = ledger.folder / "2026.jsonl", ledger.folder / "2027.jsonl"
    whole = file.read_bytes()

    file.write_bytes(whole.replace(b'"size":3', b'"size":8'))
    assert [(f.file, f.number, f.message) for f in ledger.verify_chain()] == [
        ("2026.jsonl", 4, "its content was changed")
    ]
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:1] + lines[2:]))
    assert [(f.file, f.number) for f in ledger.verify_chain()] == [("2026.jsonl", 2)]
    file.write_bytes(b"".join(lines[:-1]))
    assert [(f.file, f.number) for f in ledger.verify_chain()] == [("2027.jsonl", 1)]
    file.unlink()
    assert [(f.file, f.number) for f in ledger.verify_chain()] == [("2027.jsonl", 1)]
    assert next_file.exists()


def test_a_row_whose_text_is_damaged_is_named(ledger: Ledger) -> None:
    ledger.append(look(url="https://x.example/damaged"))
    path = ledger.folder / "2026.jsonl"
    path.write_bytes(path.read_bytes().replace(b"damaged", b"dam\xff\xfeed"))
    with pytest.raises(ChainDamaged, match=r"2026\.jsonl line 1: unknown row"):
        list(ledger.rows())


def test_nothing_is_appended_after_a_row_that_was_tampered_with(ledger: Ledger) -> None:
    ledger.append(look(size=1))
    file = ledger.folder / "2026.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"size":1', b'"size":2'))
    with pytest.raises(ChainDamaged, match="last line was changed"):
        Ledger(ledger.folder).append(look())


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_torn_by_a_crash_is_set_aside_and_the_chain_says_so(
    ledger: Ledger, clock: Clock, kept: int, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.append(look())
    file = ledger.folder / "2026.jsonl"
    whole = file.stat().st_size
    ledger.append(look(B))
    torn = file.read_bytes()[whole:][:kept]
    with file.open("r+b") as handle:
        handle.truncate(whole + len(torn))

    after = Ledger(ledger.folder, clock)
    assert [f.message for f in after.verify_chain()] == ["unfinished line"]
    assert [row.sha256 for row in after.rows() if isinstance(row, Observation)] == [A]
    after.append(look(B))

    rows = list(after.rows())
    assert [type(row) for row in rows] == [Observation, Torn, Observation]
    said = rows[1]
    assert isinstance(said, Torn)
    assert (said.file, said.offset, said.size) == ("2026.jsonl", whole, len(torn))
    assert (ledger.folder / said.aside).read_bytes() == torn
    assert after.verify_chain() == []
    assert "unfinished line" in caplog.text


def test_a_full_disk_leaves_the_ledger_as_it_was(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append(look())
    before = (ledger.folder / "2026.jsonl").read_bytes()

    def half(handle: int, data: bytes) -> None:
        os.write(handle, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(chain, "_write_all", half)
        with pytest.raises(OSError, match="No space left"):
            ledger.append(look(B))
    assert (ledger.folder / "2026.jsonl").read_bytes() == before
    ledger.append(look(B))
    assert ledger.verify_chain() == []


def append_many(folder: Path, run: str, count: int) -> None:
    ledger = Ledger(folder, Clock())
    for number in range(count):
        ledger.append(look(run=run, size=number))


def test_two_processes_append_to_one_chain(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=append_many, args=(ledger.folder, run, 25)) for run in ("r1", "r2")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [w.exitcode for w in writers] == [0, 0]
    rows = [row for row in ledger.rows() if isinstance(row, Observation)]
    assert [r.size for r in rows if r.run == "r1"] == list(range(25))
    assert [r.size for r in rows if r.run == "r2"] == list(range(25))
    assert ledger.verify_chain() == []


def test_rows_longer_than_a_block_are_found_at_the_end_of_the_file(ledger: Ledger) -> None:
    ledger.append(look(headers={"via": "x" * 200_000}))
    Ledger(ledger.folder, Clock()).append(look(B))
    assert ledger.verify_chain() == []


# --- what is asked of it ---


def test_the_last_look_that_knows_the_bytes_counts(ledger: Ledger) -> None:
    assert ledger.last_seen("https://x.example/1") is None
    ledger.append(look(A, etag='"1"'))
    ledger.append(look(B, url="https://x.example/2"))
    ledger.append(look(None, outcome="gone"))
    last = ledger.last_seen("https://x.example/1")
    assert last is not None
    assert (last.sha256, last.etag) == (A, '"1"')


def test_rows_of_another_process_are_seen_without_reopening(ledger: Ledger) -> None:
    ledger.append(look(A))
    assert ledger.last_seen("https://x.example/1") is not None
    other = Ledger(ledger.folder, Clock())
    other.append(look(B))
    last = ledger.last_seen("https://x.example/1")
    assert last is not None
    assert last.sha256 == B


def test_stored_bytes_are_pending_until_something_was_done(ledger: Ledger) -> None:
    stored = ledger.append(look())
    ledger.append(look(outcome="same"))
    ledger.append(look(None, outcome="blocked"))
    assert pending(ledger) == [stored]
    done(ledger, stored, "committed", commit="c1")
    assert pending(ledger) == []
    assert ledger.run_of_commit("c1") == 0
    assert ledger.run_of_commit("c2") is None


def test_what_an_operator_insists_on_is_pending_although_it_was_seen(ledger: Ledger) -> None:
    done(ledger, ledger.append(look()), "committed")
    insisted = ledger.append(look(outcome="same", insisted=True))
    assert pending(ledger) == [insisted]


def test_the_unreadable_comes_again_only_under_another_extractor(ledger: Ledger) -> None:
    stored = ledger.append(look())
    done(ledger, stored, "unreadable", extractor="pdf/1", register="v1")
    assert pending(ledger) == []
    assert pending(ledger, register="v2") == []
    assert pending(ledger, extractor="pdf/2") == [stored]


def test_the_unfiled_comes_again_under_another_extractor_or_register(ledger: Ledger) -> None:
    stored = ledger.append(look())
    done(ledger, stored, "unfiled", extractor="pdf/1", register="v1")
    assert pending(ledger) == []
    assert pending(ledger, register="v2") == [stored]
    assert pending(ledger, extractor="pdf/2") == [stored]


def test_the_unfiled_comes_again_when_what_stood_beside_it_is_no_longer_linked(
    ledger: Ledger,
) -> None:
    first = ledger.append(look(B))
    ledger.append(look(A, "https://x.example/beside"))
    beside = ("https://x.example/beside",)
    done(ledger, first, "unfiled", extractor="pdf/1", register="v1", beside=beside)
    assert first not in pending(ledger)
    ledger.append(look(B, outcome="same", run="r2"))
    ledger.append(look(None, "https://x.example/beside", outcome="refused:no-answer", run="r2"))
    assert first not in pending(ledger)
    ledger.append(look(B, outcome="same", run="r3"))
    ledger.append(look(None, "https://x.example/beside", outcome="gone", run="r3"))
    assert first in pending(ledger)


def test_what_its_address_no_longer_shows_is_not_taken_up_again(ledger: Ledger) -> None:
    done(ledger, ledger.append(look(A)), "unreadable", extractor="pdf/1")
    done(ledger, ledger.append(look(B, run="r2")), "committed")
    assert pending(ledger, extractor="pdf/2") == []


def test_an_intent_stays_open_until_something_was_done(ledger: Ledger) -> None:
    stored = ledger.append(look())
    intent = Intent(stored, "310107/x/department/2024/final", A, ChangeKind.FIRST, "p")
    ledger.append(intent)
    assert [(i, p.hash) for i, p in ledger.intents()] == [(intent, stored)]
    done(ledger, stored, "committed")
    assert ledger.intents() == []


def test_an_intent_for_something_taken_up_again_is_open_too(ledger: Ledger) -> None:
    stored = ledger.append(look())
    done(ledger, stored, "unfiled", register="v1")
    ledger.append(Intent(stored, "310107/x/department/2024/final", A, ChangeKind.FIRST, ""))
    assert [p.hash for _, p in ledger.intents()] == [stored]
    assert pending(ledger) == [stored]


def test_places_and_runs_are_remembered(ledger: Ledger) -> None:
    ledger.append(look(A, url="u1", page="p1"))
    ledger.append(look(A, url="u2", run="r2"))
    assert ledger.places(A) == {("u1", "p1"), ("u2", "")}
    ledger.append(look(None, url="u1", run="r3", outcome="gone"))
    assert [ledger.looked(url) for url in ("u1", "u2", "u3")] == [0, 1, -1]
    ledger.append(look(None, url="u1", run="r4", outcome="refused:html"))
    assert ledger.looked("u1") == 3


def test_run_ids_begin_with_the_time_and_differ() -> None:
    moment = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert run_id(moment).startswith("20260301T080000Z-")
    assert run_id(moment) != run_id(moment)
