"""A mock government portal on loopback: what districts publish, how, and what goes wrong.

    with Portal() as portal:
        portal.url("A", "/zwgk_12/fdzdgknr/czxx/bmyjs/ys/2024/index.shtml")
        portal.tick(3)            # time passes: files are replaced, budgets appear
        portal.fault("A", "/zwgk_12/…/P0….pdf", "truncated")
        portal.log("A")           # every request, with its headers and the number in flight

By hand: `python -m tests.portal` prints the addresses and serves until Ctrl-C.
"""

from __future__ import annotations

from tests.portal.faults import FAULTS, Fault
from tests.portal.server import Portal, Request

__all__ = ["FAULTS", "Fault", "Portal", "Request"]
