"""Make `samples.ttf` anew. Needed only when the samples use a character it lacks.

    apt-get download fonts-wqy-microhei && dpkg-deb -x fonts-wqy-microhei_*.deb .
    pip install fonttools
    python tests/portal/fonts/make_subset.py usr/share/fonts/truetype/wqy/wqy-microhei.ttc

Not part of the suite: fontTools is no dependency of the project. reportlab wants TrueType (glyf)
outlines, which this font has; the Noto CJK fonts of the distributions are CFF.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
BEYOND = "，。、；：？！“”‘’（）《》〔〕【】—…·％×＋－＝→　①②③④⑤⑥⑦⑧⑨⑩囍镕喆麓廿驿℃≥≤√□☑"


def gb2312_level_1() -> str:
    """The 3,755 most used characters, in code order."""
    rows = ((bytes([high, low])) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in rows)


def main(source: str) -> None:
    """Write samples.ttf beside this script."""
    font = TTFont(source, fontNumber=0)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "VORG", "vhea", "vmtx", "kern", "gasp", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(text=gb2312_level_1() + "".join(map(chr, range(32, 127))) + BEYOND)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = "WenQuanYi Micro Hei, subset for samples"
        if record.nameID == 6:
            record.string = "WenQuanYiMicroHei-SampleSubset"
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = None
    font.save(HERE / "samples.ttf")


if __name__ == "__main__":
    main(sys.argv[1])
