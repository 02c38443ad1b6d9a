"""No secret of a running platform is where others can read it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil

from infra.settings import read_env_file
from tests.acceptance.platform import Platform

PARTS = ("landing", "kafka", "store", "registry", "airflow-api-server", "airflow-scheduler", "airflow-dag-processor")


def secrets_of(platform: Platform) -> set[str]:
    """All that were generated, and the signing key that is derived from one of them."""
    generated = json.loads((platform.home / "credentials.json").read_text())
    return {*generated.values(), read_env_file(platform.home / "stack.env")["HAGIANG_SIGNING_KEY"]}


def holding(secrets: set[str], paths: Iterator[Path]) -> list[Path]:
    encoded = [secret.encode() for secret in secrets]
    return [path for path in paths if path.is_file() and any(secret in path.read_bytes() for secret in encoded)]


def test_no_secret_is_in_process_lists_logs_or_data_docs(platform: Platform) -> None:
    assert platform.hagiang("up").returncode == 0
    secrets = secrets_of(platform)
    assert all(platform.processes(part) for part in PARTS)
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if any(secret in line for secret in secrets)]
    logs = [path for path in platform.home.rglob("*") if path.suffix in (".log", ".html") or "logs" in path.parts]
    assert len(logs) >= len(PARTS)
    assert holding(secrets, iter(logs)) == []


def test_files_with_secrets_are_their_owners_alone(platform: Platform) -> None:
    files = [path for path in platform.home.rglob("*") if path.is_file() and path.stat().st_size < 1_000_000]
    found = holding(secrets_of(platform), iter(files))
    assert {"credentials.json", "stack.env", "supervisord.conf"} <= {path.name for path in found}
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in found} == {0}
