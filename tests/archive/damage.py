"""Publications damaged on purpose, the same ones every time: what goes wrong on disks and wires,
in careless software, and what a malicious hand might do.

`damaged(originals, count, seed)` yields so many, going through all kinds of damage in turn.
"""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import pikepdf

Random = random.Random
Damage = Callable[[Random, bytes], bytes]

ODD_NUMBERS: Final = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483648",
    b"-9999999999",
    b"99999999999999999999999",
    b"9" * 400,
    b"1e400",
    b"NaN",
    b"inf",
    b"--5",
    b"0.00000000000001",
    b"4.",
    b".",
)
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_REFERENCE: Final = re.compile(rb"(?<![\d.])(\d+) (\d+) R\b")
_NUMBER: Final = re.compile(rb"(?<![\w.#-])-?\d+(?:\.\d+)?(?![\w.])")
_NAME: Final = re.compile(rb"/[A-Za-z][\w+-]*")
_OBJECT: Final = re.compile(rb"(?<!\d)(\d+) (\d+) obj\b")


@dataclass(frozen=True)
class Case:
    """One damaged file."""

    kind: str
    """Which shape of which file, and what was done to it."""
    original: str
    data: bytes


# --- parts of a file ------------------------------------------------------------------------------


def streams(data: bytes) -> list[tuple[int, int]]:
    """Where the data of streams stand."""
    found = []
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        if end > 0:
            found.append((match.end(), end))
    return found


def outside(data: bytes, pattern: re.Pattern[bytes]) -> list[re.Match[bytes]]:
    """Matches outside all streams."""
    found, start = [], 0
    for begin, end in [*streams(data), (len(data), len(data))]:
        found += list(pattern.finditer(data, start, begin))
        start = end
    return found


def replaced(data: bytes, match: re.Match[bytes], text: bytes, group: int = 0) -> bytes:
    return data[: match.start(group)] + text + data[match.end(group) :]


# --- what time and careless hands do --------------------------------------------------------------


def cut_off(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(1, len(data))]


def cut_near_the_end(rng: Random, data: bytes) -> bytes:
    return data[: -rng.randrange(1, min(2000, len(data)))]


def cut_at_the_start(rng: Random, data: bytes) -> bytes:
    return data[rng.randrange(1, 2000) :]


def bit(rng: Random, data: bytes) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def bits(rng: Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randrange(2, 40)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def bit_outside_streams(rng: Random, data: bytes) -> bytes:
    matches = outside(data, re.compile(rb"[^\x00\n\r ]"))
    match = rng.choice(matches)
    return replaced(data, match, bytes([match[0][0] ^ 1 << rng.randrange(8)]))


def bit_in_a_stream(rng: Random, data: bytes) -> bytes:
    start, end = rng.choice(streams(data))
    place = rng.randrange(start, max(end, start + 1))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def range_deleted(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 5000) :]


def range_doubled(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    end = start + rng.randrange(1, 5000)
    return data[:end] + data[start:end] + data[end:]


def range_zeroed(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    size = min(rng.randrange(1, 4096), len(data) - start)
    return data[:start] + bytes(size) + data[start + size :]


def range_overwritten(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    size = min(rng.randrange(1, 4096), len(data) - start)
    return data[:start] + rng.randbytes(size) + data[start + size :]


def ranges_swapped(rng: Random, data: bytes) -> bytes:
    a, b, c, d = sorted(rng.randrange(len(data)) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def junk_inserted(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + rng.randbytes(rng.randrange(1, 300)) + data[start:]


def line_ends_changed(rng: Random, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n") if rng.random() < 0.5 else data.replace(b"\r", b"")


def seven_bits(_: Random, data: bytes) -> bytes:
    return bytes(byte & 0x7F for byte in data)


def decoded_as_text(_: Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode()


def something_before(rng: Random, data: bytes) -> bytes:
    return rng.randbytes(rng.randrange(1, 900)).replace(b"%PDF", b"") + data


def something_after(rng: Random, data: bytes) -> bytes:
    return data + rng.choice([b"\x00" * 5000, b"<html>403</html>\n" * 200, rng.randbytes(3000)])


# --- cross-reference and objects ------------------------------------------------------------------


def no_startxref(_: Random, data: bytes) -> bytes:
    return data[: data.rindex(b"startxref")]


def wrong_startxref(rng: Random, data: bytes) -> bytes:
    return data[: data.rindex(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % rng.randrange(10**6)


def xref_entry(rng: Random, data: bytes) -> bytes:
    found = list(re.finditer(rb"\d{10} \d{5} n", data))
    if not found:
        return wrong_startxref(rng, data)
    match = rng.choice(found)
    offset = rng.randrange(len(data))
    return replaced(data, match, rng.choice([b"%010d 00000 n" % offset, match[0][:-1] + b"f"]))


def prev_in_a_circle(_: Random, data: bytes) -> bytes:
    start = data.rindex(b"startxref")
    place = int(data[start + 9 :].split()[0])
    return data.replace(b"/Root", b"/Prev %d /Root" % place)


def number_spoilt(rng: Random, data: bytes) -> bytes:
    return replaced(data, rng.choice(outside(data, _NUMBER)), rng.choice(ODD_NUMBERS))


def length_spoilt(rng: Random, data: bytes) -> bytes:
    match = rng.choice(list(re.finditer(rb"/Length (\d+)(?! \d+ R)", data)))
    length = int(match[1])
    wrong = rng.choice([0, 1, length - 1, length + 1, length // 2, length + 500, 10**9, -5])
    return replaced(data, match, b"%d" % wrong, 1)


def length_missing(rng: Random, data: bytes) -> bytes:
    match = rng.choice(list(re.finditer(rb"/Length\b", data)))
    return replaced(data, match, b"/Lenght")


def reference_elsewhere(rng: Random, data: bytes) -> bytes:
    references = outside(data, _REFERENCE)
    target = rng.choice([rng.choice(references)[1], b"0", b"99999", b"4294967296"])
    return replaced(data, rng.choice(references), target, 1)


def reference_to_itself(rng: Random, data: bytes) -> bytes:
    match = rng.choice(outside(data, _OBJECT))
    end = data.find(b"endobj", match.end())
    return data[: match.end()] + b" " + match[1] + b" 0 R\n" + data[end:]


def objects_swapped(rng: Random, data: bytes) -> bytes:
    one, other = rng.sample(outside(data, _OBJECT), 2)
    one, other = sorted((one, other), key=lambda match: match.start())
    return replaced(replaced(data, other, one[1], 1), one, other[1], 1)


def object_gone(rng: Random, data: bytes) -> bytes:
    match = rng.choice(outside(data, _OBJECT))
    end = data.find(b"endobj", match.end())
    return data[: match.start()] + b"%" * (end - match.start()) + data[end:]


def object_without_head(rng: Random, data: bytes) -> bytes:
    return replaced(data, rng.choice(outside(data, _OBJECT)), b"7 7 0bj")


def name_spoilt(rng: Random, data: bytes) -> bytes:
    names = outside(data, _NAME)
    other = rng.choice([rng.choice(names)[0], b"/X", b"/", b"/" + b"N" * 70_000])
    return replaced(data, rng.choice(names), other)


def kids(rng: Random, data: bytes) -> bytes:
    """A page twice, a page tree that holds itself, a hole."""
    match = rng.choice(list(re.finditer(rb"/Kids\s*\[([^\]]*)\]", data)) or [None])
    if match is None:
        return reference_elsewhere(rng, data)
    held = _REFERENCE.findall(match[1])
    root = re.search(rb"/Pages (\d+) 0 R", data)
    other = rng.choice([root[1] if root else b"1", held[0][0], b"99999", b""])
    refs = [b"%s %s R" % ref for ref in held]
    refs[rng.randrange(len(refs))] = other + b" 0 R" if other else b""
    return replaced(data, match, b" ".join(refs), 1)


def count_spoilt(rng: Random, data: bytes) -> bytes:
    match = rng.choice(list(re.finditer(rb"/Count (\d+)", data)) or [None])
    if match is None:
        return number_spoilt(rng, data)
    return replaced(data, match, rng.choice([b"0", b"-3", b"1", b"10000000", b"/Many"]), 1)


def nesting(rng: Random, data: bytes) -> bytes:
    match = rng.choice(outside(data, re.compile(rb"<<")))
    depth = rng.choice([50, 600, 20_000])
    deep = rng.choice([b"[" * depth + b"]" * depth, b"<</A" * depth + b" 1" + b">>" * depth])
    return replaced(data, match, b"<</Deep " + deep)


def giant_string(rng: Random, data: bytes) -> bytes:
    match = rng.choice(outside(data, re.compile(rb"<<")))
    return replaced(data, match, b"<</Giant (" + b"A" * 3_000_000 + b")")


# --- what stands on the pages ---------------------------------------------------------------------


def _pages_changed(data: bytes, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            change(pdf, page)
        pdf.save(out)
    return out.getvalue()


def _first_page_changed(
    rng: Random, data: bytes, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]
) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf, pdf.pages[rng.randrange(len(pdf.pages))])
        pdf.save(out)
    return out.getvalue()


HOSTILE_CONTENT: Final = (
    b"q " * 60_000,
    b"[" * 20_000,
    b"<<" * 20_000,
    b"(" * 5_000,
    b"BT (unclosed",
    b"BI /W 10 /H 10 /BPC 8 /CS /G ID " + bytes(range(256)) * 4,
    b"BI /W 4 /H 4 ID 0123456789abcdef EI ",
    b"1e400 0 0 1e400 0 0 cm",
    b"9" * 400 + b" 0 0 1 0 0 cm",
    b"0 0 0 0 0 0 cm",
    b"BT 0 0 0 0 0 0 Tm (x) Tj ET",
    b"/Nothing Do",
    b"/Nothing gs /Nothing cs /Nothing scn /Nothing sh",
    b"BT /Nothing 12 Tf (12345) Tj ET",
    b"BT (12345) Tj ET",
    b"Tj TJ ' \" Tf Td Tm re m l c S f",
    b"/A /B /C (d) <e0> [1 2] true null",
    b"q q q Q Q Q Q Q Q Q",
    b"xyzzy plugh 1 2 frobnicate",
    b"5 (a) 3 TJ (x) 5 Tj [[1]] TJ /N Tj",
    b"BT ET ET ET BT BT",
    b"0 0 m " + b"9 9 l " * 50_000 + b"S",
    b"\xff\xfe\x00\x01\x80" * 500,
    b"1 0 0 1 1e30 1e30 cm -1e30 -1e30 m 1e30 1e30 l S",
    b"BT /F1 -1e9 Tf 1 Tr (1) Tj ET",
)


def content_appended(rng: Random, data: bytes) -> bytes:
    """Something hostile after what a page shows."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.contents_add(pikepdf.Stream(pdf, rng.choice(HOSTILE_CONTENT)))

    return _first_page_changed(rng, data, change)


def content_prepended(rng: Random, data: bytes) -> bytes:
    """Something hostile before it: what follows may be swallowed, and that must be said."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.contents_add(pikepdf.Stream(pdf, rng.choice(HOSTILE_CONTENT)), prepend=True)

    return _first_page_changed(rng, data, change)


def content_bomb(rng: Random, data: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        unit = rng.choice([b"0 0 m 9 9 l S\n", b"\x00" * 20, b"q Q ", b"(AAAAAAAAAAAAAAAA) Tj "])
        raw = zlib.compress(unit * (30_000_000 // len(unit)), 9)
        stream = pikepdf.Stream(pdf, raw)
        stream.Filter = pikepdf.Name.FlateDecode
        page.obj.Contents = stream

    return _first_page_changed(rng, data, change)


def content_gone(rng: Random, data: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = rng.choice(
            [pikepdf.Array([None]), pikepdf.Dictionary(), pikepdf.Name.Gone]
        )

    return _first_page_changed(rng, data, change)


def forms_in_a_circle(rng: Random, data: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        forms = [
            pdf.make_indirect(
                pikepdf.Stream(
                    pdf, b"/Next Do /Next Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form
                )
            )
            for _ in range(3)
        ]
        for number, form in enumerate(forms):
            form.BBox = [0, 0, 9, 9]
            following = forms[(number + 1) % 3]
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Next=following))
        page.obj.Resources.XObject = pikepdf.Dictionary(Loop=forms[0])
        page.contents_add(pikepdf.Stream(pdf, b"\n/Loop Do\n"))

    return _first_page_changed(rng, data, change)


def absurd_box(rng: Random, data: bytes) -> bytes:
    huge = [-1e30, -1e30, 1e30, 1e30]
    boxes = ([0, 0, 0, 0], huge, [0, 0, 1, 1], [600, 800, 0, 0], [1, 2], [5, 5, -5, -5])
    turns = (0, 45, 90, 180, 270, -90, 450, 10**12, 90.5)

    def change(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.MediaBox = rng.choice(boxes)
        page.obj.Rotate = rng.choice(turns)
        if rng.random() < 0.3:
            page.obj.CropBox = rng.choice(boxes)

    return _pages_changed(data, change)


def many_empty_pages(rng: Random, data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for _ in range(rng.choice([500, 2500])):
            pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    ]


def font_spoilt(rng: Random, data: bytes) -> bytes:
    """A part of a font taken away or replaced."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        font = rng.choice(_fonts(pdf))
        key = rng.choice(
            ["/ToUnicode", "/Encoding", "/DescendantFonts", "/Subtype", "/Widths", "/W", "/DW"]
        )
        font[key] = rng.choice(
            [
                pikepdf.Name("/Nonesuch-H"),
                pikepdf.Array([]),
                pikepdf.Stream(pdf, b"begincmap 1 beginbfrange <00> <FFFFFFFF> <0000> endbfrange"),
                pikepdf.Stream(pdf, b"/Nothing"),
                pikepdf.Dictionary(Differences=[0, pikepdf.Name.g1, pikepdf.Name.g2]),
                10**9,
            ]
        )
        pdf.save(out)
    return out.getvalue()


def fonts_gone(rng: Random, data: bytes) -> bytes:
    def change(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        if rng.random() < 0.4:
            page.obj.Resources = pikepdf.Dictionary()

    return _pages_changed(data, change)


EVERYWHERE: Final[tuple[Damage, ...]] = (
    cut_off,
    cut_near_the_end,
    cut_at_the_start,
    bit,
    bits,
    bit_outside_streams,
    bit_in_a_stream,
    range_deleted,
    range_doubled,
    range_zeroed,
    range_overwritten,
    ranges_swapped,
    junk_inserted,
    line_ends_changed,
    seven_bits,
    decoded_as_text,
    something_before,
    something_after,
    no_startxref,
    wrong_startxref,
    xref_entry,
    prev_in_a_circle,
    number_spoilt,
    length_spoilt,
    length_missing,
    reference_elsewhere,
    reference_to_itself,
    objects_swapped,
    object_gone,
    object_without_head,
    name_spoilt,
    kids,
    count_spoilt,
    nesting,
    giant_string,
)
"""Damage to any file, whatever it looks like inside."""
MADE: Final[tuple[Damage, ...]] = (
    content_appended,
    content_prepended,
    content_gone,
    forms_in_a_circle,
    absurd_box,
    many_empty_pages,
    font_spoilt,
    fonts_gone,
    content_bomb,
)
"""Well-formed files with something hostile in them."""


# --- shapes of the same publication ---------------------------------------------------------------


@cache
def shaped(shape: str, data: bytes) -> bytes:
    """The same pages written in another way."""
    if shape == "plain":
        return data
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if shape == "uncompressed":
            pdf.save(
                out,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                static_id=True,
            )
        elif shape == "object streams":
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True)
        elif shape == "linearized":
            pdf.save(out, linearize=True, static_id=True)
        elif shape == "encrypted":
            pdf.save(out, encryption=pikepdf.Encryption(user="", owner="x", R=4))
        else:
            raise ValueError(shape)
    return out.getvalue()


SHAPES: Final = ("plain", "plain", "object streams", "linearized", "uncompressed", "encrypted")


def damaged(originals: Mapping[str, bytes], count: int, seed: int = 1) -> Iterator[Case]:
    """So many damaged files, every kind of damage in turn."""
    rng = random.Random(seed)
    names = sorted(originals)
    kinds = [*((shape, damage) for shape in SHAPES for damage in EVERYWHERE)]
    kinds += [("plain", damage) for damage in MADE for _ in range(3)]
    rng.shuffle(kinds)
    for number in range(count):
        shape, damage = kinds[number % len(kinds)]
        name = names[rng.randrange(len(names))]
        whole = shaped(shape, originals[name])
        yield Case(f"{shape}: {damage.__name__}", name, damage(rng, whole))
