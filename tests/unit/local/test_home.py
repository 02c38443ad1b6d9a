"""The state folder is private, and a path that cannot work is refused with a reason."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from infra.local.home import HomeUnusable, make_home


def test_folders_are_closed_to_others(tmp_path: Path) -> None:
    home = make_home(tmp_path / "deep" / "Hà Giang 100%")
    for folder in (home.root, home.logs, home.folder("kafka")):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("letter", ["'", '"', ";", "#", "\n"])
def test_path_that_supervisord_cannot_read_is_refused(tmp_path: Path, letter: str) -> None:
    with pytest.raises(HomeUnusable, match="HAGIANG_HOME"):
        make_home(tmp_path / f"a{letter}b")
    assert not (tmp_path / f"a{letter}b").exists()
