"""Where PostgreSQL lives depends on who starts it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from infra.local.home import Home, make_home
from infra.local.postgres import DatabaseOrphaned, make_database
from infra.local.postgres_place import Place, forget_lost_places, place_of
from infra.local.stack import load_stack


def test_an_ordinary_user_keeps_all_in_the_state_folder(tmp_path: Path) -> None:
    place = place_of(Home(tmp_path), 1000, {})
    assert place.user is None
    assert place.data.is_relative_to(tmp_path)
    assert (place.program / "bin" / "postgres").exists()


def test_root_starts_it_as_somebody_else_where_he_can_reach_it(tmp_path: Path) -> None:
    place = place_of(Home(tmp_path), 0, {}, root_place=Path("/var/lib/hagiang"))
    assert place.user == "nobody"
    assert place.data.is_relative_to("/var/lib/hagiang")
    assert place.program.is_relative_to("/var/lib/hagiang")


def test_two_stacks_of_root_do_not_share_data(tmp_path: Path) -> None:
    here, there = place_of(Home(tmp_path / "a"), 0, {}), place_of(Home(tmp_path / "b"), 0, {})
    assert here.data != there.data
    assert here.program == there.program


def test_root_can_name_the_user(tmp_path: Path) -> None:
    assert place_of(Home(tmp_path), 0, {"HAGIANG_POSTGRES_USER": "postgres"}).user == "postgres"


def left_behind(root_place: Path, name: str, home: Path) -> Path:
    """The folder of a stack of root whose state folder was `home`."""
    folder = root_place / name
    (folder / "data").mkdir(parents=True)
    (folder / "home").write_text(f"{home}\n")
    return folder


def test_data_of_a_deleted_throw_away_stack_is_removed(tmp_path: Path) -> None:
    lost = left_behind(tmp_path / "var", "lost", Path(tempfile.gettempdir()) / "clone" / "gone")
    assert forget_lost_places(tmp_path / "var") == [lost]
    assert not lost.exists()


@pytest.mark.parametrize("home", [Path("/srv/not-mounted"), Path(tempfile.gettempdir())])
def test_data_of_a_missing_disk_or_a_living_stack_stays(tmp_path: Path, home: Path) -> None:
    kept = left_behind(tmp_path / "var", "kept", home)
    assert forget_lost_places(tmp_path / "var") == []
    assert kept.exists()


def test_data_that_a_running_postgres_uses_stays(tmp_path: Path) -> None:
    used = left_behind(tmp_path / "var", "used", Path(tempfile.gettempdir()) / "clone" / "gone")
    with subprocess.Popen(["sleep", "60"], cwd=used / "data") as running:
        assert forget_lost_places(tmp_path / "var") == []
        running.kill()
    assert used.exists()


def test_a_database_whose_state_folder_was_removed_is_not_started_with_another_s_password(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    place = Place(tmp_path / "var" / "data", tmp_path / "program", "nobody")
    place.data.mkdir(parents=True)
    with pytest.raises(DatabaseOrphaned, match="password is gone"):
        make_database(load_stack(home, {}), place)
    assert place.data.exists()
