"""A scheduler with workers of its own processes, each started again whenever it dies.

As systemd would. Dask's own nanny does not start a worker again that dies before the nanny has
noticed that it had come up; a document that kills at once does just that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dask
from distributed import LocalCluster

ROOT = Path(__file__).resolve().parents[2]
_LOOP = (
    'while kill -0 "$3" 2>/dev/null; do'
    ' "$1" -m distributed.cli.dask_worker "$2" --no-nanny --nthreads 1 --no-dashboard'
    " --death-timeout 60; done"
)
_PATIENT = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}


@contextlib.contextmanager
def cluster(workers: int = 2) -> Iterator[str]:
    """Yields what `--executor` takes; ends every process at the end."""
    with (
        dask.config.set(_PATIENT),
        LocalCluster(
            n_workers=0, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as found,
        contextlib.ExitStack() as stack,
    ):
        address = found.scheduler_address
        for _ in range(workers):
            stack.callback(_end, _started(address))
        yield address.replace("tcp", "dask")


def _started(address: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["sh", "-c", _LOOP, "sh", sys.executable, address, str(os.getpid())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
