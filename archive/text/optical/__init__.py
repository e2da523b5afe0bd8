"""Page images → characters and rulings, as if they had been printed; needs `mingzhang[ocr]`.

What a page shows as a picture becomes the same shapes that the text layer gives (`device.Page`):
strokes where rulings are seen, characters where ink was recognised. Grids, tables, forms and prose
follow from them as ever, so that there is one reading of a table and not two. What was recognised
is marked on the page (`Page.scanned`), and the mark travels with every figure.

This package's own module imports nothing heavy: whether the extra is there is asked everywhere.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Final

from archive.installed import PackageNotFoundError, version

__all__ = ["NEEDED", "identity", "installed"]

NEEDED: Final = ("cv2", "numpy", "onnxruntime", "pypdfium2", "rapidocr")
"""The modules of the extra."""
_READING: Final = "2"
"""Of this package. It changes whenever the same picture could be read otherwise."""
_MODEL: Final = "PP-OCRv6-small"


@cache
def installed() -> bool:
    """Whether page images can be read here."""
    return all(find_spec(name) is not None for name in NEEDED)


@cache
def identity() -> str:
    """What reads page images: this package, the recogniser and its model; "" without the extra."""
    if not installed():
        return ""
    try:
        return f"optical/{_READING} rapidocr/{version('rapidocr')} {_MODEL}"
    except PackageNotFoundError:
        return ""
