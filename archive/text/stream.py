"""Content streams, tokenised quickly.

pdfminer.six spends most of its time cutting a content stream into tokens, one small state machine
step a byte. One regular expression does the common part; anything it does not know for certain
(inline images, odd bytes, unbalanced brackets) is handed to pdfminer's own parser, so that the
result is always pdfminer's result. tests/archive/test_stream.py holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pdfminer.pdfinterp import LITERAL_FORM, PDFContentParser
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import LIT, PSKeyword, literal_name

from archive.text.clipping import ClippingInterpreter
from archive.text.strict import Damaged

_END: Final = rb"(?![^\t\n\x0b\x0c\r \[\]<>()/{}%])"
_TOKEN: Final = re.compile(
    rb"[\t\n\x0b\x0c\r ]*(?:"
    rb"([+-]?(?:\d+\.?\d*|\.\d+)" + _END + rb")"  # 1 number
    rb"|(['\"]" + _END + rb"|[A-Za-z][A-Za-z0-9*]*" + _END + rb")"  # 2 operator
    rb"|<([0-9A-Fa-f\s]*)>"  # 3 hexadecimal string
    rb"|/([^\t\n\x0b\x0c\r \[\]<>()/{}%]*)"  # 4 name
    rb"|(\[|\]|<<|>>)"  # 5 brackets
    rb"|\(((?:[^()\\]|\\.)*)\)"  # 6 literal string without nested parentheses
    rb"|(%[^\r\n]*)"  # 7 comment
    rb"|\Z"
    rb"|(.))",  # 8 anything else: not ours
    re.DOTALL,
)
_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\n|\r)|(.))", re.DOTALL)
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\x0c"}
_BLANKED: Final = bytes(32)
"""White space by the letter of the format, but nobody writes it: a hole in a file reads so."""
_MAX_NAMES: Final = 20_000
_NO_NUMBER: Final = (TypeError, OverflowError)
_names: dict[bytes, object] = {}


class Unusual(Exception):  # noqa: N818 - a signal to the caller, not a fault
    """The stream holds something the quick tokeniser leaves to pdfminer's parser."""


class Operator(bytes):
    """An operator, told apart from the byte strings that are operands."""

    __slots__ = ()


_operators: dict[bytes, Operator] = {}


def _unescape(match: re.Match[bytes]) -> bytes:
    octal, newline, other = match.groups()
    if octal:
        return bytes((int(octal, 8) & 255,))
    if newline:
        return b""
    return _ESCAPED.get(other, other)


def _name(raw: bytes) -> object:
    found = _names.get(raw)
    if found is None:
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes((int(m[1], 16),)), raw)
        try:
            found = LIT(plain.decode("utf-8"))
        except UnicodeDecodeError:
            found = LIT(plain)
        if len(_names) < _MAX_NAMES:
            _names[raw] = found
    return found


def _operator(word: bytes) -> Operator:
    operator = Operator(word)
    if len(_operators) < _MAX_NAMES:
        _operators[word] = operator
    return operator


def tokenise(data: bytes) -> list[Any]:  # noqa: C901 - one branch a token kind, kept flat for speed
    """Operands and `Operator`s of a content stream, in order.

    Raises:
        Unusual: the stream needs pdfminer's own parser.
    """
    out: list[Any] = []
    stack: list[tuple[list[Any], bytes]] = []
    operators = _operators
    for match in _TOKEN.finditer(data):
        kind = match.lastindex
        if kind == 1:
            text = match[1]
            out.append(float(text) if b"." in text else int(text))
        elif kind == 2:
            word = match[2]
            known = operators.get(word)
            if known is not None and not stack:
                out.append(known)
            elif word == b"true" or word == b"false":
                out.append(word == b"true")
            elif stack or word in (b"BI", b"null"):
                raise Unusual
            else:
                out.append(_operator(word))
        elif kind == 3:
            try:
                out.append(bytes.fromhex(match[3].decode("ascii")))
            except ValueError:
                raise Unusual from None
        elif kind == 4:
            out.append(_name(match[4]))
        elif kind == 5:
            out = _bracket(match[5], out, stack)
        elif kind == 6:
            string = match[6]
            out.append(_ESCAPE.sub(_unescape, string) if b"\\" in string else string)
        elif kind == 8:
            raise Unusual
    if stack:
        raise Unusual
    return out


def _bracket(bracket: bytes, out: list[Any], stack: list[tuple[list[Any], bytes]]) -> list[Any]:
    if bracket in (b"[", b"<<"):
        stack.append((out, bracket))
        return []
    if not stack:
        raise Unusual
    inner = out
    out, opening = stack.pop()
    if (opening == b"[") != (bracket == b"]"):
        raise Unusual
    out.append(inner if opening == b"[" else _dictionary(inner))
    return out


def _dictionary(flat: list[Any]) -> dict[str, Any]:
    if len(flat) % 2:
        raise Unusual
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return {getattr(key, "name", str(key)): value for key, value in pairs}


class _Parser(PDFContentParser):
    """pdfminer's parser, which ends quietly in the middle of an array, a string or an image."""

    in_image = False

    @property
    def unfinished(self) -> bool:
        """Whether the content ended in the middle of something."""
        return bool(self.context) or self.in_image or self._parse1 != self._parse_main

    def get_inline_data(self, pos: int, target: bytes = b"EI") -> tuple[int, bytes]:
        """The data of an inline image."""
        self.in_image = True
        found = super().get_inline_data(pos, target)
        self.in_image = False
        return found


class QuickInterpreter(ClippingInterpreter):
    """pdfminer's interpreter with the quick tokeniser under `execute`."""

    _methods: dict[bytes, tuple[Any, int]] = {}  # noqa: RUF012 - shared by all on purpose

    def execute(self, streams: Sequence[object]) -> None:
        """Run the streams' operators; tokens come pdfminer's own way where the quick is unsure."""
        self.stream_ids.clear()
        valid = []
        for item in streams:
            stream = stream_value(item)
            if stream.objid is None or stream.objid in self.parent_stream_ids:
                self._odd()  # a form that shows itself
                continue
            valid.append(stream)
            self.stream_ids.add(stream.objid)
        content = b"\n".join(stream.get_data() for stream in valid)
        if _BLANKED in content:
            self._odd()
        tokens: Iterable[Any]
        try:
            tokens = tokenise(content)
        except Unusual:
            tokens = self._parsed(valid)
        self._run(tokens)
        if self.argstack:
            self._odd()

    def _run(self, tokens: Iterable[Any]) -> None:
        methods = self._methods
        stack = self.argstack
        for token in tokens:
            if type(token) is not Operator:
                stack.append(token)
                continue
            method, wanted = methods.get(token) or self._method(token)
            if wanted:
                if len(stack) == wanted:
                    self.argstack = []
                    method(self, *stack)
                else:
                    self.argstack = stack[:-wanted]
                    if len(stack) > wanted:
                        method(self, *stack[-wanted:])
                    else:
                        self._odd()
            else:
                method(self)
            stack = self.argstack

    def _parsed(self, streams: Sequence[PDFStream]) -> Iterator[Any]:
        """The tokens as pdfminer's parser gives them."""
        if not streams:
            return
        parser = _Parser(streams)
        while True:
            try:
                _, token = parser.nextobject()
            except PSEOF:
                break
            if not isinstance(token, PSKeyword):
                yield token
            elif token.name != b"null":
                yield Operator(token.name)
        if parser.unfinished:
            self._odd()  # and all after it is in it

    def _odd(self) -> None:
        """Note that a part of the content could not be carried out."""
        self.device.page.odd += 1

    def _method(self, operator: Operator) -> tuple[Any, int]:
        """The method that runs an operator and how many operands it takes; pdfminer's naming."""
        word = operator.decode("latin-1")
        word = word.replace("*", "_a").replace('"', "_w").replace("'", "_q")
        method = getattr(type(self), f"do_{word}", None)
        if method is None:
            return type(self)._odd, 0
        found = (method, method.__code__.co_argcount - 1)
        self._methods[bytes(operator)] = found
        return found

    def do_Tm(self, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> None:  # noqa: N802
        """Set the text matrix; as pdfminer's, without asking of each number whether it is one."""
        try:
            matrix = (a + 0.0, b + 0.0, c + 0.0, d + 0.0, e + 0.0, f + 0.0)
        except _NO_NUMBER:
            super().do_Tm(a, b, c, d, e, f)
            return
        self.textstate.matrix = matrix
        self.textstate.linematrix = (0, 0)

    def do_Td(self, tx: Any, ty: Any) -> None:  # noqa: N802
        """Move to another line; the same."""
        state = self.textstate
        a, b, c, d, e, f = state.matrix
        try:
            state.matrix = (a, b, c, d, tx * a + ty * c + e, tx * b + ty * d + f)
        except _NO_NUMBER:
            super().do_Td(tx, ty)
            return
        state.linematrix = (0, 0)

    def do_re(self, x: Any, y: Any, w: Any, h: Any) -> None:
        """Append a rectangle; the same."""
        try:
            right, top = x + w + 0.0, y + h + 0.0
        except _NO_NUMBER:
            super().do_re(x, y, w, h)
            return
        corners = (("m", x, y), ("l", right, y), ("l", right, top), ("l", x, top), ("h",))
        self.curpath.extend(corners)

    def do_Tj(self, s: Any) -> None:  # noqa: N802
        """Show text."""
        self.do_TJ((s,))

    def do_TJ(self, seq: Any) -> None:  # noqa: N802 - the operator's own name
        """Show text; unlike pdfminer's, without copying the graphics state for every string."""
        if self.textstate.font is None:
            self._odd()
            return
        self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        """Show a form or image.

        Raises:
            Damaged: it is not there; pdfminer would pass over it.
        """
        shown = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        if not isinstance(shown, PDFStream):
            raise Damaged(f"a part of its content is missing ({xobjid_arg!r})")
        if shown.get("Subtype") is LITERAL_FORM:
            shown.attrs.setdefault("BBox", [0, 0, 0, 0])  # without one pdfminer shows nothing
        super().do_Do(xobjid_arg)

    def do_sh(self, name: object) -> None:
        """Paint a shading; only that something lies there is of interest."""
        self.device.shade()

    def do_F(self) -> None:  # noqa: N802
        """Fill a path, in the way of old files; pdfminer passes over it."""
        self.do_f()
