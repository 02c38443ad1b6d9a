"""Where PostgreSQL lives depends on who starts it."""

from __future__ import annotations

from pathlib import Path

from infra.local.home import Home
from infra.local.postgres import place_of


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
