"""RapidOCR's recogniser: strips of one line each → their text. Nothing is ever downloaded."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import rapidocr
from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
from rapidocr.utils.parse_parameters import ParseParams

from archive.text.optical.rendering import Picture

__all__ = ["Reading", "load", "recognise"]

logging.getLogger("RapidOCR").setLevel(logging.ERROR)

_HOME: Final = Path(rapidocr.__file__).parent
_MODEL: Final = _HOME / "models" / "PP-OCRv6_rec_small.onnx"
"""Lies inside the package. Named in full, so that none is looked for elsewhere."""
_HEIGHT: Final = 48
"""Dots of the strips the model was trained on."""
_BATCH: Final = 6_000
"""Dots of width of the strips read at once: more saves no time and takes memory."""


class Reading(NamedTuple):
    """What a strip says."""

    text: str
    mean: float
    least: float
    """Probability of the least sure character, 0 to 1."""


@cache
def _model() -> Any:
    settings = ParseParams.load(_HOME / "config.yaml")
    engine: Any = settings.EngineConfig.onnxruntime
    engine.intra_op_num_threads = engine.inter_op_num_threads = 1
    part: Any = settings.Rec
    part.engine_cfg = engine
    part.model_path = str(_MODEL)
    part.model_root_dir = str(_MODEL.parent)
    part.font_path = None
    part.rec_batch_num = _BATCH // _HEIGHT
    part.rec_img_shape = [3, _HEIGHT, _HEIGHT]  # the width is that of the widest strip of a batch
    model: Any = TextRecognizer(part)
    model.postprocess_op = _Mainland(model.postprocess_op)
    return model


class _Mainland:
    """Decodes what the model sees, leaving out characters that no mainland office prints.

    The model knows traditional characters too, and takes one for its simplified twin (決 for 决)
    when print is worn.
    """

    def __init__(self, decode: Any) -> None:
        self._decode = decode
        foreign = [_is_traditional(char) for char in decode.character]
        self._kept = np.where(foreign, np.float32(0), np.float32(1))

    def __call__(self, seen: Any, *given: Any, **named: Any) -> Any:
        return self._decode(seen * self._kept, *given, **named)


def _is_traditional(char: str) -> bool:
    """Whether Taiwan's character set has it and the mainland's does not."""
    return "一" <= char <= "鿿" and _encodes(char, "big5") and not _encodes(char, "gb2312")


def _encodes(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def load() -> None:
    """Load the model, without which nothing is read; neither it nor OpenCV starts threads."""
    cv2.setNumThreads(1)
    _model()


def recognise(strips: Sequence[Picture]) -> list[Reading]:
    """Read strips of one line each, in the order given."""
    out: dict[int, Reading] = {}
    for batch in _batches(strips):
        coloured = [cv2.cvtColor(strips[index], cv2.COLOR_GRAY2BGR) for index in batch]
        found: Any = _model()(TextRecInput(img=coloured, return_word_box=True))
        for index, text, mean, words in zip(
            batch, found.txts or (), found.scores, found.word_results, strict=True
        ):
            least = float(np.min(words.confs)) if text else 0.0
            out[index] = Reading(str(text), float(mean), least)
    return [out[index] for index in range(len(strips))]


def _batches(strips: Sequence[Picture]) -> Iterator[list[int]]:
    """Indices of strips of like width, so that little of a batch is padding."""
    widths = [strip.shape[1] * _HEIGHT / strip.shape[0] for strip in strips]
    batch: list[int] = []
    for index in sorted(range(len(strips)), key=widths.__getitem__):
        if batch and (len(batch) + 1) * widths[index] > _BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
