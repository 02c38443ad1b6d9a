from __future__ import annotations

import re
from pathlib import Path

import pytest

from producers.pseudonyms import (
    FollowedKeys,
    KeysOpenToOthers,
    PseudonymKeysMissing,
    ensure_keys,
    load_keys,
    purpose_of,
    purposes_of,
    rotate_key,
)
from schemas.catalog import load_catalog

NUMBER = "10A8-002.199"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "keys.json", purposes_of(load_catalog().values()))
    return tmp_path / "keys.json"


def test_every_pseudonym_of_the_contracts_has_a_purpose_with_a_key(file: Path) -> None:
    assert {"household", "certificate"} <= set(load_keys(file).of_purpose)


def test_a_pseudonym_keeps_the_contracts_pattern_and_hides_the_number(file: Path) -> None:
    pattern = load_catalog()["seller_onboarded"].field("seller_pseudonym").rules.pattern
    pseudonym = load_keys(file).pseudonym("household", NUMBER)
    assert pattern is not None
    assert re.fullmatch(pattern, pseudonym)
    assert pseudonym.startswith("01")


@pytest.mark.parametrize("typed", ["10a8002199", "10A8 002 199", "10A8/002-199", "１０A8002199", "\u00a010A8.002.199"])
def test_one_number_is_one_pseudonym_however_it_was_typed(file: Path, typed: str) -> None:
    keys = load_keys(file)
    assert keys.pseudonym("household", typed) == keys.pseudonym("household", NUMBER)


def test_purposes_cannot_be_joined_and_one_household_is_one_everywhere(file: Path) -> None:
    keys = load_keys(file)
    assert keys.pseudonym("household", NUMBER)[2:] != keys.pseudonym("certificate", NUMBER)[2:]
    assert purpose_of("seller_pseudonym") == purpose_of("producer_pseudonym")


def test_a_rotated_key_makes_new_pseudonyms_and_the_old_ones_can_still_be_computed(file: Path) -> None:
    before = load_keys(file).pseudonym("household", NUMBER)
    assert rotate_key(file, "household") == 2
    keys = load_keys(file)
    assert keys.pseudonym("household", NUMBER).startswith("02")
    assert keys.pseudonym("household", NUMBER, 1) == before
    assert ensure_keys(file, ["household"]) == keys


def test_a_running_gateway_takes_up_a_rotated_key_and_keeps_the_old_ones_while_the_file_is_broken(file: Path) -> None:
    keys = FollowedKeys(file)
    before = keys.pseudonym("household", NUMBER)
    rotate_key(file, "household")
    assert keys.pseudonym("household", NUMBER).startswith("02")
    assert keys.pseudonym("household", NUMBER, 1) == before
    file.write_text("{")
    assert keys.pseudonym("household", NUMBER).startswith("02")


def test_keys_are_for_their_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(KeysOpenToOthers):
        load_keys(file)


def test_no_key_is_shown(file: Path) -> None:
    key = load_keys(file).of_purpose["household"][1]
    assert key.hex() not in repr(load_keys(file))


@pytest.mark.parametrize("content", [None, "{", "[]", '{"household": {"1": "no hex"}}'])
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.touch(0o600)
        path.write_text(content)
    with pytest.raises(PseudonymKeysMissing, match="keys"):
        load_keys(path)
