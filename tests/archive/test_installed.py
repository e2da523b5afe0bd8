"""What is installed, read as lines, is what Python's own reader says."""

from __future__ import annotations

import importlib.metadata

import pytest

from archive import installed, program


def test_versions_are_those_of_pythons_own_reader() -> None:
    names = program._libraries()
    assert {"scrapy", "pdfminer.six", "gitpython", "apscheduler", "deepdiff"} <= names.keys()
    assert names == {name: importlib.metadata.version(name) for name in names}


def test_requirements_are_those_of_pythons_own_reader() -> None:
    assert installed.requirements("mingzhang") == importlib.metadata.requires("mingzhang")
    assert any("extra ==" in line for line in installed.requirements("mingzhang"))


def test_what_is_not_installed_is_said() -> None:
    with pytest.raises(installed.PackageNotFoundError, match="no-such-library"):
        installed.version("no-such-library")


def test_a_program_is_named_by_its_own_files_and_by_none_that_python_made_of_them() -> None:
    files = [name for package in program._PACKAGES for name in program._files(package)]
    assert "archive/program.py" in files
    assert not any(name.endswith(".pyc") for name in files)
