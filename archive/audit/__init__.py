"""Whether the archive is what it was: every link between bytes, ledger and history, checked."""

from archive.audit.report import Fault, Report
from archive.audit.verify import verify, verify_clone

__all__ = ["Fault", "Report", "verify", "verify_clone"]
