"""Templates: compiled once, taken up only where this very program compiled them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from diffing.render import environment as made_by

PACKAGE = "diffing.site"
TEMPLATE = "digests.html.j2"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that Jinja had to compile."""
    names: list[str] = []
    genuine = Environment.compile

    def compile_(self: Environment, source, name=None, *more, **named):  # type: ignore[no-untyped-def]
        names.append(name)
        return genuine(self, source, name, *more, **named)

    monkeypatch.setattr(Environment, "compile", compile_)
    return names


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Python keeps what it compiled, of this test alone."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def load() -> None:
    """Load a template as a process does that has just been started."""
    assert made_by.environment(PACKAGE).get_template(TEMPLATE).root_render_func


def kept_in(folder: Path) -> Path:
    """Where the template was kept; modules that are loaded meanwhile may lie beside it."""
    (found,) = folder.rglob("digests.html.*.pyc")
    return found


def test_a_template_is_compiled_once(kept: Path, compiled: list[str]) -> None:
    load()
    load()
    assert compiled == [TEMPLATE]
    assert kept_in(kept).name == "digests.html.cpython-{}{}.pyc".format(*sys.version_info[:2])


def test_what_another_program_compiled_is_compiled_again(
    kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    monkeypatch.setattr(made_by, "program", lambda: "another")
    load()
    load()
    assert compiled == [TEMPLATE] * 2


@pytest.mark.parametrize("length", [0, 10, 40, 400])
def test_a_file_cut_off_is_compiled_again(kept: Path, compiled: list[str], length: int) -> None:
    load()
    path = kept_in(kept)
    path.write_bytes(path.read_bytes()[:length])
    load()
    assert compiled == [TEMPLATE] * 2


def test_a_file_with_one_other_byte_is_compiled_again(kept: Path, compiled: list[str]) -> None:
    load()
    path = kept_in(kept)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    load()
    assert compiled == [TEMPLATE] * 2


def test_nothing_is_kept_where_python_keeps_nothing(
    kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load()
    load()
    assert compiled == [TEMPLATE] * 2
    assert list(kept.iterdir()) == []


def test_a_folder_that_cannot_be_written_only_costs_time(
    tmp_path: Path, kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setattr(sys, "pycache_prefix", str(blocked))
    load()
    load()
    assert compiled == [TEMPLATE] * 2


def test_what_is_printed_is_escaped_made_visible_and_never_lacking() -> None:
    made = made_by.environment(PACKAGE)
    assert made.from_string("{{ x }}").render(x="<b>\u202e&") == "&lt;b&gt;‹U+202E›&amp;"
    assert made.from_string("{{ x }}").render(x=Markup("<b>")) == "<b>"
    with pytest.raises(UndefinedError, match="'x' is undefined"):
        made.from_string("{{ x }}").render()
