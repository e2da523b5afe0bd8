"""The register: division codes and agencies, with their names, aliases and dates of validity.

Agency ids come from here and from nowhere else (docs/decisions/0003-agency-ids.md). The data is
`divisions.toml` and one file a division in `agencies/`; operators add folders of the same shape.
"""

from __future__ import annotations

from archive.register.agencies import Agency, Name, kind_of
from archive.register.files import RegisterError
from archive.register.names import Division, fold
from archive.register.register import Register, load

__all__ = ["Agency", "Division", "Name", "Register", "RegisterError", "fold", "kind_of", "load"]
