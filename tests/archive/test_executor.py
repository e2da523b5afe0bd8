"""The seam by itself, on this machine: what is promised of every place of work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from archive import executor as seam
from archive.batches import Journal
from archive.executor import Local, NoExecutor, executor_at
from archive.program import program
from archive.text import Unreadable
from tests.archive import spreading


def test_answers_come_for_every_task_whatever_their_order() -> None:
    answers = list(Local(2).map_unordered(spreading.doubled, range(5), apart=True))
    assert sorted((a.task, a.value, a.lost) for a in answers) == [(n, 2 * n, "") for n in range(5)]


def test_only_so_many_tasks_are_taken_as_can_soon_be_done() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    answers = Local(2).map_unordered(str, tasks(), apart=True)
    next(answers)
    assert len(taken) == 2 * 2
    assert len(list(answers)) == 99


def test_what_a_function_raises_is_raised_where_it_was_asked_for() -> None:
    with pytest.raises(ValueError, match="1 is refused"):
        list(Local(2).map_unordered(spreading.refused, [1, 1], apart=True))


def test_a_single_task_is_done_by_the_caller_itself() -> None:
    (answer,) = Local(4).map_unordered(lambda _: os.getpid(), [0])
    assert answer.value == os.getpid()


def test_a_task_that_kills_its_process_twice_is_lost_and_its_neighbours_are_not() -> None:
    answers = {a.task: a for a in Local(1).map_unordered(spreading.doubled, [13, 14])}
    assert answers[14].value == 28
    assert answers[13].value is None
    assert answers[13].lost == "whoever took it was killed each time"


def test_of_a_task_that_is_lost_only_the_part_that_kills_stays_lost() -> None:
    found = Local(2).map_parts(
        spreading.all_doubled, [(1, 2), (3, 13, 4), (5,)], lambda task: [(n,) for n in task]
    )
    assert [(answer.task, answer.value, bool(answer.lost)) for answer in found] == [
        ((1, 2), [2, 4], False),
        ((3,), [6], False),
        ((13,), None, True),
        ((4,), [8], False),
        ((5,), [10], False),
    ]


@pytest.mark.parametrize(
    "word", ["", "dask", "dask://", "dask://host", "tcp://host:8786", "local:0", "dask://a b:1"]
)
def test_a_word_that_names_no_place_of_work_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="neither local, local:N nor dask://HOST:PORT"):
        executor_at(word)


def test_as_many_processes_as_were_asked_for_work_here() -> None:
    assert executor_at("local:3").width() == 3
    assert executor_at("local").width() == os.cpu_count()


def test_where_no_scheduler_answers_the_sentence_says_how_to_start_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seam, "_START", 0.1)
    with pytest.raises(NoExecutor, match=r"127\.0\.0\.1:1: no Dask.*start one with: dask sched"):
        executor_at("dask://127.0.0.1:1")


def test_the_program_is_told_by_every_file_of_it() -> None:
    assert len(program()) == 16
    assert program() == program()


def test_a_journal_blames_only_what_was_in_hand_when_its_worker_died(tmp_path: Path) -> None:
    address = str(tmp_path / "journals" / "a.json")
    first = Journal(address, {})
    first.begin("a")
    first.begin("b")  # "a" is done; here the worker dies
    second = Journal(address, {})
    assert second.killed == {"b": 1}
    second.begin("b")
    third = Journal(address, {})
    with pytest.raises(Unreadable, match="killed each time"):
        third.begin("b")
    third.begin("c")
    assert Journal(address, {}).killed == {"b": 2, "c": 1}


def test_a_journal_cut_short_blames_nothing() -> None:
    files = fsspec.filesystem("memory")
    files.pipe_file("/journals/cut.json", b'{"a": ')
    assert Journal("memory://journals/cut.json", {}).killed == {}
