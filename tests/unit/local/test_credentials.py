"""Secrets are made once and readable by their owner alone."""

from __future__ import annotations

import base64
import json
import stat
from dataclasses import asdict
from pathlib import Path

from infra.local.credentials import load_credentials


def test_the_same_secrets_come_back(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    assert asdict(load_credentials(path)) == asdict(load_credentials(path))


def test_two_stacks_have_no_secret_in_common(tmp_path: Path) -> None:
    here, there = load_credentials(tmp_path / "a.json"), load_credentials(tmp_path / "b.json")
    assert not set(asdict(here).values()) & set(asdict(there).values())


def test_no_two_users_share_a_secret(tmp_path: Path) -> None:
    secrets = asdict(load_credentials(tmp_path / "credentials.json")).values()
    assert len(set(secrets)) == len(secrets)


def test_file_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    load_credentials(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_of_a_newer_version_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    before = asdict(load_credentials(path))
    path.write_text(json.dumps({name: value for name, value in before.items() if name != "registry"}))
    after = asdict(load_credentials(path))
    assert after.pop("registry")
    assert after == {name: value for name, value in before.items() if name != "registry"}


def test_fernet_key_is_what_airflow_takes(tmp_path: Path) -> None:
    key = load_credentials(tmp_path / "credentials.json").airflow_fernet_key
    assert len(base64.urlsafe_b64decode(key)) == 32


def test_credentials_do_not_show_in_a_repr(tmp_path: Path) -> None:
    credentials = load_credentials(tmp_path / "credentials.json")
    assert credentials.kafka_admin not in repr(credentials)
