"""Why an original could not be read."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - an outcome that is recorded, not a fault of the program
    """A named outcome: the original stays in the archive, its figures are not known."""

    def __init__(self, code: str, message: str, page: int | None = None) -> None:
        super().__init__(message if page is None else f"page {page}: {message}")
        self.code = code
        """Stable id: empty, not-a-pdf, truncated, damaged, encrypted (asks for a password),
        cipher-unknown; of other formats also unread-format, encoding-unknown, hostile,
        no-statement, nothing-read, several-documents, tables-lost, too-large; of a reading apart
        also timeout, memory, crashed. docs/formats.md says what each means."""
        self.message = message
        self.page = page

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str, int | None]]:
        return Unreadable, (self.code, self.message, self.page)
