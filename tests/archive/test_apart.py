"""Readers in processes of their own: many at once, killed, interrupted, orphaned."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.text import Unreadable, apart, read, read_apart
from archive.text.limits import Limits
from tests.archive import pdfs
from tests.archive.pdfs import pdf, table

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="looks at processes through /proc"
)
ROOT = Path(__file__).resolve().parents[2]
PATIENT = Limits(memory=1 << 30, seconds=300, seconds_per_page=0, output=1 << 20)


def tedious(count: int) -> bytes:
    """So many pages, all with the same content; each takes about a tenth of a second."""
    made = pdfs.objects(b"0 0 m 9 9 l S\n" * 20_000)
    page = made[100]
    kids = range(200, 200 + count)
    made |= dict.fromkeys(kids, page)
    made[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        count,
        b" 0 R ".join(b"%d" % k for k in kids) + b" 0 R",
    )
    return pdfs.file(made)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.pdf"
    path.write_bytes(pdfs.plain())
    return path


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    path = tmp_path / "endless.pdf"
    path.write_bytes(tedious(1000))
    return path


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Every test starts its own readers and leaves none behind."""
    apart._pool.end()
    yield
    apart._pool.end()


def servers() -> list[int]:
    return [server._process.pid for server in apart._pool.live]


def children(parent: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [
            int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        ]
    return []


def idle_server(plain: Path) -> int:
    """The server of this process, after its first document is done with."""
    read_apart(plain)
    [server] = servers()
    while children(server):
        pass
    return server


def reader_of(server: int) -> int:
    """The process in which a server's document is being read, once it is."""
    while True:
        if found := children(server):
            return found[0]


def ended(*pids: int) -> bool:
    """Wait until these processes have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            ready, _, _ = select.select([handle], [], [], 60)
            os.close(handle)
            if not ready:
                return False
    return True


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.full)])
def test_eight_threads_read_many_documents_each(count: int, tmp_path: Path) -> None:
    paths = []
    for number in range(count):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(pdf(*[table()] * (number % 3 + 1)))
        paths.append(path)
    expected = {path: read(path.read_bytes()) for path in paths}
    work = [path for _ in range(8) for path in paths]
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(read_apart, work))
    assert all(document == expected[path] for path, document in zip(work, documents, strict=True))
    assert len(servers()) <= (os.cpu_count() or 1)


def test_no_file_descriptor_and_no_process_is_left(plain: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(pdfs.plain()[:400])
    long = tmp_path / "long.pdf"
    long.write_bytes(tedious(100))
    read_apart(plain)
    before = set(Path("/proc/self/fd").iterdir())
    for _ in range(15):
        read_apart(plain)
        with pytest.raises(Unreadable):
            read_apart(cut)
    with pytest.raises(Unreadable):
        read_apart(long, Limits(memory=1 << 30, seconds=0.1, seconds_per_page=0, output=1 << 20))
    assert set(Path("/proc/self/fd").iterdir()) == before
    assert len(servers()) <= 1


def test_a_server_that_was_killed_while_idle_is_replaced(plain: Path) -> None:
    server = idle_server(plain)
    os.kill(server, signal.SIGKILL)
    assert read_apart(plain) == read(pdfs.plain())
    assert servers() != [server]


@pytest.mark.parametrize("victim", ["server", "reader"])
def test_a_reader_that_is_killed_from_outside_says_nothing_about_the_document(
    victim: str, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(tedious(5))
    server = idle_server(slow)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_apart, slow, PATIENT)
        os.kill(server if victim == "server" else reader_of(server), signal.SIGKILL)
        assert reading.result().pages == 5


def test_a_reader_that_dies_of_the_document_is_named(endless: Path, plain: Path) -> None:
    server = idle_server(plain)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_apart, endless, PATIENT)
        os.kill(reader_of(server), signal.SIGSEGV)
        with pytest.raises(Unreadable, match="signal 11") as caught:
            reading.result()
    assert caught.value.code == "crashed"
    assert servers() == [server]


def test_stopping_ends_readers_at_work(endless: Path, plain: Path) -> None:
    server = idle_server(plain)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_apart, endless, PATIENT)
        reader = reader_of(server)
        apart.stop()
        with pytest.raises(apart.NoReader):
            reading.result()
    assert ended(server, reader)
    assert read_apart(plain) == read(pdfs.plain())


def test_a_fork_of_the_caller_has_readers_of_its_own(plain: Path) -> None:
    read_apart(plain)
    mine = servers()
    child = os.fork()
    if child == 0:
        try:
            apart._pool.end()
            assert read_apart(plain) == read(pdfs.plain())
            assert servers() != mine
            apart._pool.end()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    read_apart(plain)
    assert servers() == mine


def test_names_that_are_no_utf8_and_relative_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = os.fsdecode(b"\xff\xfe.pdf")
    (tmp_path / name).write_bytes(pdfs.plain())
    monkeypatch.chdir(tmp_path)
    assert read_apart(Path(name)).pages == 1


def test_nothing_in_the_working_directory_becomes_code(
    tmp_path: Path, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "archive").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_apart(plain).pages == 1


def test_a_reader_that_cannot_start_is_not_the_document_s_fault(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(apart.NoReader):
        read_apart(plain)
    assert servers() == []


SCRIPT = """
import signal
import sys
from pathlib import Path
from archive.text import apart
from archive.text.limits import Limits
# whoever runs the tests in the background has them ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)
limits = Limits(memory=1 << 30, seconds=300, seconds_per_page=0, output=1 << 20)
apart.read_apart(Path(sys.argv[1]))
apart._pool.end()
apart._pool.idle.append(apart._pool.take())
print(*(server._process.pid for server in apart._pool.live), flush=True)
apart.read_apart(Path(sys.argv[2]), limits)
"""


@contextlib.contextmanager
def caller(plain: Path, endless: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """Another program in the middle of reading: itself, its server, its reader."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(plain), str(endless)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        server = int(program.stdout.readline())
        yield program, server, reader_of(server)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_caller_that_is_killed_leaves_no_orphans(
    number: signal.Signals, plain: Path, endless: Path
) -> None:
    with caller(plain, endless) as (program, server, reader):
        program.send_signal(number)
        assert program.wait(60) == -number
        assert ended(server, reader)


def test_an_interrupt_at_the_terminal_ends_everything_quietly(plain: Path, endless: Path) -> None:
    with caller(plain, endless) as (program, server, reader):
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: the whole foreground group
        _, said = program.communicate(timeout=60)
        assert ended(server, reader)
    assert program.returncode == -signal.SIGINT
    assert said.count("KeyboardInterrupt") == 1
    assert "archive/text/worker.py" not in said


def test_waiting_callers_get_their_turn(tmp_path: Path, plain: Path) -> None:
    many = threading.Barrier(6)

    def wait_and_read(_: int) -> int:
        many.wait()
        return read_apart(plain).pages

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(wait_and_read, range(6))) == [1] * 6
    assert len(servers()) <= (os.cpu_count() or 1)
