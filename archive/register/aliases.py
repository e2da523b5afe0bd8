"""Projects that bear several names: curated, agency by agency, each on a stated source.

One publication may print one project under three names, and two projects under names more alike
than those. Which names are one project is therefore data that a person entered, never likeness.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from archive.register.files import RegisterError, decoded

__all__ = ["Project", "read_aliases"]

_TWO: Final = 2


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One project of one agency under all the names it was printed with."""

    agency: str
    """Agency id."""
    names: tuple[str, ...]
    source: str
    """Where a reader can see that they are one."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    division: str
    project: tuple[Project, ...] = ()


def read_aliases(path: Path) -> tuple[Project, ...]:
    """The projects of one `aliases/<division code>.toml`.

    Raises:
        RegisterError: the file is unreadable or malformed, states another division than its file
            name, or has a project with less than two names, without a source, or with a name that
            another project of the agency bears.
    """
    content = decoded(path, _File)
    if content.division != path.stem:
        raise RegisterError(
            f"{path}: states division {content.division!r}, its file name says {path.stem!r}"
        )
    borne: set[tuple[str, str]] = set()
    for project in content.project:
        if not project.agency.startswith(f"{content.division}."):
            raise RegisterError(f"{path}: {project.agency!r} is no agency of {content.division}")
        if len(set(project.names)) < _TWO or not project.source.strip():
            raise RegisterError(
                f"{path}: a project of {project.agency} needs two names at least and a source"
            )
        for name in project.names:
            if (project.agency, name) in borne:
                raise RegisterError(f"{path}: {project.agency} has two projects named {name!r}")
            borne.add((project.agency, name))
    return content.project
