"""Which folder of a district's repository is which agency's, from the `agency.json` in each."""

from __future__ import annotations

from typing import Final

import msgspec

from archive.model import Identity, Level
from archive.paths import component
from archive.plumbing import BRANCH, Git, RepositoryError

__all__ = ["Folders"]

_NOTE: Final = "agency.json"
_NAME_LENGTH: Final = 60


class _Bearer(msgspec.Struct, frozen=True):
    """Whose documents of one level lie in a folder."""

    id: str
    name: str


class Folders:
    """The agencies' folders as the branch has them.

    A folder keeps its name for ever, whatever the register says later. A department and a unit of
    one name share a folder, since the names of their documents tell them apart; two agencies of
    one name and level cannot, and the later one gets its id appended.
    """

    def __init__(self, commands: Git) -> None:
        self._git = commands
        self._bearers: dict[str, dict[Level, _Bearer]] = {}
        self._folders: dict[tuple[str, Level], str] = {}
        self._taken: dict[str, str] = {}
        self._read_at = ""

    def of(self, identity: Identity) -> str | None:
        """The folder of the document's agency, None if it has none yet."""
        key = (identity.agency, identity.level)
        if key not in self._folders:
            self._catch_up()
        return self._folders.get(key)

    def bearer(self, folder: str, level: Level) -> str | None:
        """The id of the agency whose documents of this level lie in the folder."""
        if level not in self._bearers.get(folder, {}):
            self._catch_up()
        found = self._bearers.get(folder, {}).get(level)
        return found.id if found else None

    def allot(self, identity: Identity, name: str) -> tuple[str, dict[str, bytes]]:
        """The agency's folder, and the note to commit along if it is new there."""
        known = self.of(identity)
        if known is not None:
            return known, {}
        own = component(name, identity.agency)
        folder = self._taken.get(own.casefold(), own)
        if identity.level in self._bearers.get(folder, {}):
            folder = component(f"{own[:_NAME_LENGTH]}（{identity.agency}）", identity.agency)
        bearers = self._bearers.get(folder, {}) | {identity.level: _Bearer(identity.agency, name)}
        lines = (
            b' "%s": %s' % (level.encode(), msgspec.json.encode(bearers[level]))
            for level in sorted(bearers)
        )
        return folder, {f"{folder}/{_NOTE}": b"{\n%s\n}\n" % b",\n".join(lines)}

    def allotted(self, identity: Identity, name: str, folder: str, commit: str) -> None:
        """The note was committed: remember it without reading the tree again."""
        self._keep(folder, identity.level, _Bearer(identity.agency, name))
        self._read_at = commit

    def _keep(self, folder: str, level: Level, bearer: _Bearer) -> None:
        if folder not in self._bearers:
            self._bearers[folder] = {}
            self._taken[folder.casefold()] = folder
        self._bearers[folder][level] = bearer
        self._folders[bearer.id, level] = folder

    def _catch_up(self) -> None:
        tip = self._git.tip_of(BRANCH)
        if not tip or tip == self._read_at:
            return
        notes = {f"{tip}:{folder}/{_NOTE}": folder for folder in self._git.names(tip, "-d")}
        for name, data in self._git.blobs(list(notes)).items():
            folder = notes[name]
            try:
                bearers = msgspec.json.decode(data, type=dict[Level, _Bearer])
            except msgspec.DecodeError as error:
                raise RepositoryError(f"{self._git.folder}: {folder}/{_NOTE}: {error}") from error
            for level, bearer in bearers.items():
                self._keep(folder, level, bearer)
        self._read_at = tip
