"""Fonts that say which of their codes they do not know, where pdfminer.six guesses or is silent.

=================================================  =========================  ====================
in the file                                        pdfminer                   here
=================================================  =========================  ====================
a CMap nobody knows, or a code it lacks            no characters, no error    undefined characters
a font that is missing or of no known kind         some Latin font            undefined characters
a glyph name that means nothing (/g17)             the base encoding's        undefined characters
its own code table is a lost object                the base encoding's        undefined characters
a font of pictures (a tick is coded "4")           Latin letters and digits   undefined characters
embedded, symbolic, without any table              the standard encoding      the same, and a doubt
=================================================  =========================  ====================

An undefined character reads "(cid:n)" and is counted on its page.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pdfminer.cmapdb import CMap, IdentityCMap, IdentityCMapByte
from pdfminer.encodingdb import name2unicode
from pdfminer.pdffont import PDFCIDFont, PDFFont, PDFSimpleFont, PDFType1Font, PDFType3Font
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import LIT, PSLiteral, literal_name

__all__ = ["UNKNOWN", "Fonts"]

UNKNOWN: Final = 0x10FFFF
"""Stands for a code that leads to no glyph; no font has so many."""
_SYMBOLIC: Final = 4
"""Bit of /Flags (ISO 32000-1, table 123): not of the standard Latin character set."""
_SIMPLE: Final = frozenset({"Type1", "MMType1", "TrueType", "Type3"})
_DESCENDANT: Final = frozenset({"CIDFontType0", "CIDFontType2"})
_PICTURES: Final = re.compile(r"(^|\+)(Symbol|ZapfDingbats|Wingdings|Webdings)")


class Fonts(PDFResourceManager):
    """Makes the fonts of one document."""

    def get_font(self, objid: object, spec: Mapping[str, Any]) -> PDFFont:
        """The font; its `doubt`, where it has one, says what was assumed of it."""
        if objid and objid in self._cached_fonts:
            return self._cached_fonts[objid]
        if not _known(spec):
            return _nothing(self)
        font = super().get_font(objid, spec)
        if isinstance(font, PDFCIDFont):
            _careful(font)
        elif isinstance(font, PDFSimpleFont):
            _restrict(font, spec)
        return font


def _known(spec: Mapping[str, Any]) -> bool:
    """Whether a font is of a kind there is, and its parts are there."""
    kind = literal_name(resolve1(spec.get("Subtype")))
    if kind == "Type0":
        parts = resolve1(spec.get("DescendantFonts"))
        first = resolve1(parts[0]) if isinstance(parts, list) and parts else None
        return (
            isinstance(first, dict) and literal_name(resolve1(first.get("Subtype"))) in _DESCENDANT
        )
    return kind in _SIMPLE or kind in _DESCENDANT


def _nothing(fonts: PDFResourceManager) -> PDFFont:
    """A font none of whose codes means anything."""
    font = PDFType1Font(fonts, {"BaseFont": LIT("unknown"), "Widths": [500] * 256})
    font.cid2unicode = {}
    return font


def _careful(font: PDFCIDFont) -> None:
    """Have the font give something for every code, also for those its CMap does not have."""
    cmap = font.cmap
    decode: Any = None
    if isinstance(cmap, IdentityCMap) and not isinstance(cmap, IdentityCMapByte):
        decode = _by_twos
    elif isinstance(cmap, CMap):
        decode = _by_table(cmap.code2cid)
        if not cmap.code2cid:
            _doubt(font, "the code table (CMap) of a font is not known: its text cannot be read")
    if decode is not None:
        font.decode = decode  # type: ignore[method-assign]


def _doubt(font: Any, doubt: str) -> None:
    font.doubt = doubt


def _by_twos(codes: bytes) -> Sequence[int]:
    """As `IdentityCMap.decode`, but half a code at the end is `UNKNOWN`."""
    if len(codes) == 2:  # as most are
        return (codes[0] << 8 | codes[1],)
    found = struct.unpack(f">{len(codes) // 2}H", codes[: len(codes) & ~1])
    return (*found, UNKNOWN) if len(codes) % 2 else found


def _by_table(table: dict[int, Any]) -> Callable[[bytes], Iterable[int]]:
    """As `CMap.decode`, but a code that leads nowhere leads to `UNKNOWN`."""
    if not table:  # most probably two bytes a character
        return lambda codes: [UNKNOWN] * ((len(codes) + 1) // 2)

    def decode(codes: bytes) -> Iterable[int]:
        here = table
        for byte in codes:
            found = here.get(byte)
            if isinstance(found, dict):
                here = found
                continue
            yield UNKNOWN if found is None else found
            here = table
        if here is not table:
            yield UNKNOWN

    return decode


def _restrict(font: PDFSimpleFont, spec: Mapping[str, Any]) -> None:
    """Take away the codes that need not mean what the base encoding says."""
    encoding = resolve1(spec.get("Encoding"))
    table = resolve1(spec.get("ToUnicode"))
    lost = "ToUnicode" in spec and not isinstance(table, PDFStream | PSLiteral)
    lost |= "Encoding" in spec and encoding is None
    if lost or (font.unicode_map is None and _PICTURES.search(str(getattr(font, "basefont", "")))):
        font.cid2unicode = {}
    elif isinstance(encoding, dict):
        unknown = _unknown(list_value(encoding.get("Differences", [])))
        font.cid2unicode = {c: t for c, t in font.cid2unicode.items() if c not in unknown}
    elif encoding is None and _own_codes(font, spec):
        if font.unicode_map is not None:
            font.cid2unicode = {}
        else:
            _doubt(font, "a font does not say what its codes mean; the usual meaning is assumed")


def _own_codes(font: PDFSimpleFont, spec: Mapping[str, Any]) -> bool:
    """Whether an embedded font counts its glyphs in its own way, not by a standard encoding."""
    if isinstance(font, PDFType3Font):
        return True
    descriptor = dict_value(spec.get("FontDescriptor", {}))
    embedded = "FontFile2" in descriptor or "FontFile3" in descriptor
    # A Type 1 font program (FontFile) names its glyphs; pdfminer takes the encoding from there.
    return embedded and bool(font.flags & _SYMBOLIC)


def _unknown(differences: Iterable[object]) -> set[int]:
    """The codes that are given glyph names which mean no character."""
    out: set[int] = set()
    code = 0
    for entry in differences:
        if isinstance(entry, int):
            code = entry
        elif isinstance(entry, PSLiteral):
            try:
                name2unicode(str(entry.name))
            except (KeyError, ValueError):
                out.add(code)
            code += 1
    return out
