"""Where HTML is made from templates: nothing is printed unescaped, nothing lacking is passed over.

What Jinja makes of a template is kept as Python keeps what it makes of a module: in `__pycache__`
beside it, where nobody writes who could not change the program itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from archive.program import program
from archive.replacing import replace
from diffing.render.escaping import visible
from diffing.render.links import is_web

__all__ = ["environment"]

_DIGEST: Final = hashlib.sha256().digest_size


def environment(package: str, shown: Callable[[str], str] = visible) -> Environment:
    """The templates of a package. Every value that is printed passes through `shown`, which makes
    a text harmless to read, and is escaped; `Markup` alone stands as it is."""
    found = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # every value that is printed passes here, so that no template can forget it
        finalize=lambda value: value if isinstance(value, Markup) else shown(str(value)),
        bytecode_cache=_Compiled(),
    )
    found.tests["web"] = is_web
    return found


class _Compiled(BytecodeCache):
    """Compiled templates, each in a file sealed with the program that compiled it: our own files,
    this one among them, and the versions of Jinja and of Python."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up what an earlier run compiled, where it was this very program; else nothing."""
        with contextlib.suppress(OSError):
            data = _place(bucket.key).read_bytes()
            code = data[_DIGEST:]
            if data[:_DIGEST] == _seal(bucket, code):
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, unless Python is told not to, or the folder cannot be written."""
        if not sys.dont_write_bytecode:
            code = bucket.bytecode_to_string()
            with contextlib.suppress(OSError):
                replace(_place(bucket.key), _seal(bucket, code) + code)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The template's file."""
        return filename or name


def _place(key: str) -> Path:
    return Path(cache_from_source(key))


def _seal(bucket: Bucket, code: bytes) -> bytes:
    """Names program and template, and holds only as long as the file is whole."""
    return hashlib.sha256(f"{program()} {bucket.checksum} ".encode() + code).digest()
