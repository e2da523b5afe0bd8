"""Copies of a process that make pages beside it: the same answers, whatever becomes of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

# a process of its own: a test worker has threads, and is never copied
_PROGRAM = """
import os, sys
from diffing.site.copies import Jobs

own = os.getpid()

def job(number):
    def made():
        if {dies} and os.getpid() != own and number == 3:
            os._exit(1)
        return [(str(number), os.getpid() == own)]
    return made

with Jobs([job(number) for number in range(6)], {processes}) as jobs:
    if {waits}:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    found = jobs.done()
print([name for [(name, _)] in found], [here for [(_, here)] in found])
"""


def _run(processes: int, *, dies: bool = False, waits: bool = False) -> str:
    program = _PROGRAM.format(processes=processes, dies=dies, waits=waits)
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stderr == ""
    return found.stdout.strip()


def test_answers_come_in_the_order_of_the_jobs_and_a_copy_that_is_free_does_them_all() -> None:
    assert _run(2, waits=True) == "['0', '1', '2', '3', '4', '5'] " + str([False] * 6)


def test_one_process_does_all_itself() -> None:
    assert _run(1) == "['0', '1', '2', '3', '4', '5'] " + str([True] * 6)


def test_what_a_copy_died_over_is_done_by_its_owner_with_all_it_had_not_told() -> None:
    assert _run(2, dies=True, waits=True) == "['0', '1', '2', '3', '4', '5'] " + str([True] * 6)


def test_an_error_of_a_job_is_its_owners() -> None:
    program = (
        "from diffing.site.copies import Jobs\n"
        "with Jobs([lambda: 1 / 0, lambda: 2], 2) as jobs: jobs.done()\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.returncode == 1
    assert found.stderr.rstrip().endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize("processes", [1, 2])
def test_leaving_early_leaves_no_copy_behind(processes: int) -> None:
    program = (
        "import os\n"
        "from diffing.site.copies import Jobs\n"
        f"try:\n    with Jobs([lambda: os.read(0, 1)] * 3, {processes}): raise KeyError\n"
        "except KeyError: pass\n"
        "try: os.waitpid(-1, 0)\n"
        "except ChildProcessError: print('none')\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, input=""
    )
    assert found.stdout == "none\n"


def test_a_copy_goes_on_for_nobody() -> None:
    """Its owner is killed while the copy is at its first job: it ends with that."""
    program = """
import os, signal, sys, time
from diffing.site.copies import Jobs

own = os.getpid()

def job():
    if os.getpid() == own:
        return time.sleep(60)
    os.kill(own, signal.SIGKILL)
    while os.getppid() == own:
        os.sched_yield()
    print("made", flush=True)

with Jobs([job] * 6, 2) as jobs:
    jobs.done()
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.returncode == -9
    assert found.stdout == "made\n"
