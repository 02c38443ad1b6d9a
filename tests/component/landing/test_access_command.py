"""`hagiang access`, from the first grant to the last key."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from infra.cli.main import main
from infra.settings import read_env_file
from tests.component.landing.place import Place
from tests.component.landing.running import environment, land_until

Access = Callable[..., Result]


@pytest.fixture
def access(place: Place, monkeypatch: pytest.MonkeyPatch) -> Access:
    for name, value in environment(place).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, ["access", *words])


@pytest.fixture
def name(access: Access) -> Iterator[str]:
    name = f"agency-{uuid4().hex[:8]}"
    yield name
    access("revoke", name)


def grant(access: Access, place: Place, name: str, *more: str) -> Result:
    wish = ("--organisation", "Sở Công Thương", "--kind", "agency", "--event", place.contract.event)
    return access("grant", name, *wish, "--source", "H22.07", *more)


def test_credentials_go_to_a_private_file_and_the_sdk_publishes_with_them(
    access: Access, place: Place, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "client.env"
    given = grant(access, place, name, "--output", str(path))
    assert given.exit_code == 0, given.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secrets = read_env_file(path)
    assert not any(secrets[secret] in given.output for secret in ("HAGIANG_API_KEY", "HAGIANG_SIGNING_KEY"))
    event = {"occurred_at": "2026-11-01T08:00:00Z", "source": "H22.07", "synthetic": True, "place": "Mèo Vạc"}
    # A client's machine: these lines, its contracts, and nothing of the platform's.
    own = {**secrets, "HAGIANG_HOME": str(tmp_path / "own"), "HAGIANG_CONTRACTS": str(place.contracts)}
    command = [str(Path(sys.executable).with_name("hagiang")), "publish", place.contract.event, "-"]
    sent = subprocess.run(command, env=own, input=json.dumps(event), capture_output=True, text=True, timeout=60)
    assert sent.returncode == 0, sent.stderr
    land_until(place, 1)
    (manifest,) = [batch for number in range(2) for batch in place.batches(number)]
    assert (manifest.rejected, dict(manifest.clients)) == (0, {name: 1})
    again = grant(access, place, name, "--output", str(path))
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_list_and_audit_show_what_was_done_and_no_secret(access: Access, place: Place, name: str) -> None:
    given = json.loads(grant(access, place, name, "--json").stdout)
    turned = json.loads(access("rotate", name, "--json").stdout)
    assert given["HAGIANG_CLIENT"] == f"{name}@1"
    assert turned["HAGIANG_CLIENT"] == f"{name}@2"
    assert access("revoke", name, "--source", "H22.07").output == f"{name} has lost these rights.\n"
    (mine,) = [client for client in json.loads(access("list", "--json").stdout) if client["name"] == name]
    assert (mine["organisation"], mine["events"], mine["sources"]) == ("Sở Công Thương", [place.contract.event], [])
    shown = access("audit", "--subject", name, "--json").stdout
    assert [json.loads(line)["action"] for line in shown.splitlines()] == ["revoke", "rotate", "grant"]
    for secrets in (given, turned):
        for secret in ("HAGIANG_API_KEY", "HAGIANG_SIGNING_KEY", "KAFKA_PUBLISHER_PASSWORD"):
            assert secrets[secret] not in shown + access("list").output
    assert access("audit", "--verify").output.startswith("The audit is whole.")


def test_what_cannot_be_granted_is_said_with_what_can(access: Access, place: Place, name: str) -> None:
    refused = access(
        "grant", name, "--organisation", "x", "--kind", "fpt", "--event", place.contract.event, "--source", "K"
    )
    assert refused.exit_code == 1
    assert f"{place.contract.event} is written by agency, not by fpt" in refused.output
    assert "there are" not in access("revoke", "nobody-at-all").output
    assert "hagiang access list" in access("revoke", "nobody-at-all").output
