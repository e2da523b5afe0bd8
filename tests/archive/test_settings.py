from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings import ArchiveSettings, SettingsError, load


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_named_file_wins_over_the_variable_and_that_over_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, pointed, here = (tmp_path / n for n in ("named.toml", "pointed.toml", "mingzhang.toml"))
    for path in (named, pointed, here):
        write(path, f'[archive]\npath = "{path.stem}"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINGZHANG_CONFIG", str(pointed))

    assert load(named).section("archive", ArchiveSettings).path == "named"
    assert load().section("archive", ArchiveSettings).path == "pointed"
    monkeypatch.delenv("MINGZHANG_CONFIG")
    assert load().section("archive", ArchiveSettings).path == "mingzhang"


def test_an_absent_table_means_its_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path / "m.toml", ""))
    assert settings.section("archive", ArchiveSettings) == ArchiveSettings()


def test_paths_count_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    write(folder / "m.toml", "")
    monkeypatch.chdir(tmp_path)
    settings = load(Path("etc/m.toml"))
    assert settings.resolve("archive") == folder / "archive"
    assert settings.resolve("/srv/a") == Path("/srv/a")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[archive\n", ["not valid TOML", "line 1"]),
        ("[archiv]\n", ["unknown table [archiv]", "did you mean `archive`?"]),
        (
            "[weather]\n",
            ["unknown table [weather]", "known are: archive, harvest, schedule"],
        ),
        ("archive = 3\n", ["archive must be a table", "[archive]"]),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: list[str]) -> None:
    path = write(tmp_path / "m.toml", text)
    with pytest.raises(SettingsError) as told:
        load(path)
    for part in [str(path), *says]:
        assert part in str(told.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[archive]\npaht = "x"\n', "unknown key `paht`; did you mean `path`?"),
        ("[archive]\nzzz = 1\n", "unknown key `zzz`; known are: path, register, author, email"),
        ("[archive]\npath = 3\n", "$.path"),
        ('[archive]\nregister = ["a", 2]\n', "$.register[1]"),
    ],
)
def test_a_wrong_key_is_named_with_its_table(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "m.toml", text)
    with pytest.raises(SettingsError) as told:
        load(path).section("archive", ArchiveSettings)
    assert str(told.value).startswith(f"{path}: [archive]: ")
    assert says in str(told.value)


def test_a_table_of_earlier_files_that_says_nothing_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "mingzhang.toml"
    path.write_text("[channels]\n", "utf-8")
    assert load(path).tables == {"channels": {}}
    path.write_text('[channels]\nto = "x"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"unknown table \[channels\]"):
        load(path)


def test_a_missing_file_points_to_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINGZHANG_CONFIG", raising=False)
    with pytest.raises(SettingsError, match=r"mingzhang\.toml: no such settings file.*init"):
        load()


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes('[archive]\npath = "存档"\n'.encode("gbk"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(path)
