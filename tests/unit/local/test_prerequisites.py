"""A missing prerequisite is one sentence that names the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.prerequisites import PrerequisiteMissing, check_python, find_maven


def test_missing_maven_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(PrerequisiteMissing, match="apt-get install maven"):
        find_maven(path=str(tmp_path))


def test_maven_on_the_path_is_found(tmp_path: Path) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\n")
    maven.chmod(0o755)
    assert find_maven(path=str(tmp_path)) == str(maven)


@pytest.mark.parametrize("version", [(3, 10), (3, 13)])
def test_another_python_names_the_package(version: tuple[int, int]) -> None:
    with pytest.raises(PrerequisiteMissing, match=rf"this is 3\.{version[1]}: on Debian, apt-get install python3"):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12)])
def test_known_pythons_will_do(version: tuple[int, int]) -> None:
    check_python(version)
