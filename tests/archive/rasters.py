"""PDFs turned into pictures of themselves, as an office does that prints and scans.

Needs `mingzhang[ocr]`, which the tests install.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Stream

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Scanner:
    """How a page is scanned."""

    dpi: int = 200
    skew: float = 0.0
    """Degrees; every other page leans the other way."""
    noise: float = 0.0
    """Standard deviation of the grey levels."""
    jpeg: int | None = None
    """Quality; None keeps every dot."""
    fade: float = 0.0
    """Share by which ink is paler than black."""
    turned: int = 0
    """Quarters of a circle by which the sheet was laid down anticlockwise."""


def scanned(data: bytes, scanner: Scanner, pages: Iterable[int] | None = None) -> bytes:
    """The pages (from 1; all by default) as a PDF of pictures without any text."""
    chance = np.random.default_rng(7)
    with pypdfium2.PdfDocument(data) as source, pikepdf.new() as out:
        for number in pages or range(1, len(source) + 1):
            page = source[number - 1]
            width, height = page.get_size()
            bitmap = page.render(scale=scanner.dpi / 72, grayscale=True)
            picture = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
            worn = np.rot90(_worn(picture, scanner, number, chance), scanner.turned)
            size = (height, width) if scanner.turned % 2 else (width, height)
            add(out, np.ascontiguousarray(worn), size, scanner.jpeg)
        written = io.BytesIO()
        out.save(written)
    return written.getvalue()


def add(
    out: pikepdf.Pdf, picture: Picture, size: tuple[float, float], jpeg: int | None = None
) -> None:
    """Add a page of this size (points) that shows a picture and nothing else."""
    image = Stream(out, _encoded(picture, jpeg))
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = picture.shape[1], picture.shape[0]
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
    image.Filter = Name.FlateDecode if jpeg is None else Name.DCTDecode
    page = out.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(XObject=Dictionary(Scan=out.make_indirect(image)))
    drawn = f"q {size[0]} 0 0 {size[1]} 0 0 cm /Scan Do Q"
    page.obj.Contents = Stream(out, drawn.encode())


def _worn(picture: Picture, scanner: Scanner, number: int, chance: np.random.Generator) -> Picture:
    height, width = picture.shape
    if scanner.fade:
        picture = (255 - (255 - picture.astype(np.float64)) * (1 - scanner.fade)).astype(np.uint8)
    if scanner.skew:
        lean = scanner.skew if number % 2 else -scanner.skew
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1.0)
        picture = np.asarray(
            cv2.warpAffine(picture, turn, (width, height), borderValue=(255,)), np.uint8
        )
    if scanner.noise:
        grain = chance.normal(0, scanner.noise, picture.shape)
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    return picture


def _encoded(picture: Picture, jpeg: int | None) -> bytes:
    if jpeg is None:
        return zlib.compress(picture.tobytes())
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, jpeg])[1])
