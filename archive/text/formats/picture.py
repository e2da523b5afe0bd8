"""Pictures (PNG, JPEG): a scan or a screen shot that was put on a page as it is.

Page: 1. Row and column: of the ruled table. What it shows is read with `mingzhang[ocr]` only.
"""

from __future__ import annotations

import io
from typing import Final

from archive.media import JPEG, PNG
from archive.model import Facts, Remark
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen
from archive.text.reader import see as see_pages

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see", "see_optically"]

MEDIA_TYPES: Final = (PNG, JPEG)
EXTRACTOR: Final = "picture/3"
LIMITS: Final = Limits(memory=1 << 30, seconds=10, seconds_per_page=0, output=32 << 20)

_SAID: Final = "整页为图片，图片中的文字未读取"


def see(data: bytes) -> Seen:
    """Nothing but that it is a picture.

    Raises:
        Unreadable: damaged.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.verify()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged", f"the picture is damaged ({error})"[:200]) from error
    return Seen(1, Facts(), [], [], (), [Remark("page-image", _SAID, 1)])


def see_optically(data: bytes) -> Seen:
    """Tables and prose that are recognised in it.

    Raises:
        Unreadable: damaged, too-large.
    """
    from archive.text.optical.pasted import page_of

    return see_pages([page_of(data)])
