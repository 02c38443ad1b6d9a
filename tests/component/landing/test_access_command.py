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
from sqlalchemy import insert

from infra.cli.main import main
from infra.settings import read_env_file
from producers.outbox.tables import metadata, outbox
from tests.component.landing.place import Place
from tests.component.landing.running import environment, land_until
from tests.databases import own_database

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
    sent = as_client(place, path, "publish", place.contract.event, "-", given=json.dumps(event("H22.07")))
    assert sent.returncode == 0, sent.stderr
    land_until(place, 1)
    (manifest,) = [batch for number in range(2) for batch in place.batches(number)]
    assert (manifest.rejected, dict(manifest.clients)) == (0, {name: 1})
    again = grant(access, place, name, "--output", str(path))
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_a_client_is_told_before_anything_is_sent_what_landing_would_refuse(
    access: Access, place: Place, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "client.env"
    assert grant(access, place, name, "--output", str(path)).exit_code == 0
    lines = "\n".join(json.dumps(event(source)) for source in ("H22.99", "H22.07"))
    sent = as_client(place, path, "publish", place.contract.event, "-", given=lines)
    assert sent.returncode == 3, sent.stderr
    assert f"line 1: [source_not_granted] source 'H22.99' is not one that {name} may speak for" in sent.stderr
    assert "(granted: H22.07)" in sent.stderr
    assert f"{place.topic}: 1 sent, 1 bad" in sent.stdout
    foreign = as_client(place, path, "publish", place.contract.event, "-", given=lines, HAGIANG_EVENTS="document_sent")
    assert (foreign.returncode, foreign.stdout) == (1, "")
    assert f"{name} may not write {place.contract.event}, but document_sent" in foreign.stderr
    with own_database(place.settings) as agency:
        metadata.create_all(agency)
        rows = [{"event": place.contract.event, "payload": json.dumps(event(each))} for each in ("H22.99", "H22.07")]
        with agency.begin() as connection:
            connection.execute(insert(outbox), [{**row, "event_id": str(uuid4())} for row in rows])
        url = agency.url.render_as_string(hide_password=False)
        relayed = as_client(place, path, "outbox", "relay", "--once", HAGIANG_OUTBOX_URL=url)
        assert (relayed.returncode, "1 rows published, 1 refused" in relayed.stdout) == (3, True), relayed.stderr
        assert "[source_not_granted]" in as_client(place, path, "outbox", "status", HAGIANG_OUTBOX_URL=url).stdout
    land_until(place, 2)
    assert sum(place.ends().values()) == 2
    assert [batch.rejected for number in range(2) for batch in place.batches(number) if batch.rejected] == []


def test_a_grant_of_more_tells_the_client_s_new_lines_and_writes_no_file(
    access: Access, place: Place, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "client.env"
    nowhere = grant(access, place, name, "--output", str(tmp_path / "no" / "client.env"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)
    assert "is new" in access("grant", name, "--source", "H22.07").stderr
    assert grant(access, place, name, "--json").exit_code == 0
    refused = access("grant", name, "--source", "H22.08", "--output", str(path))
    assert refused.exit_code == 2
    assert f"hagiang access rotate {name} --output" in refused.stderr.replace("\n", " ")
    assert not path.exists()
    (listed,) = [each for each in json.loads(access("list", "--json").stdout) if each["name"] == name]
    assert listed["sources"] == ["H22.07"]
    more = access("grant", name, "--event", place.topic, "--source", "H22.08")
    assert more.stdout == f"HAGIANG_EVENTS={place.contract.event}\nHAGIANG_SOURCES=H22.07,H22.08\n"
    assert "puts these lines into the client's file" in more.stderr
    less = access("revoke", name, "--event", place.topic, "--source", "H22.08")
    assert less.stdout == f"{name} has lost these rights.\nHAGIANG_EVENTS=\nHAGIANG_SOURCES=H22.07\n"
    entries = [json.loads(line) for line in access("audit", "--subject", name, "--json").stdout.splitlines()]
    assert [entry["detail"]["events"] for entry in entries] == [[place.contract.event]] * 3


def event(source: str) -> dict[str, object]:
    return {"occurred_at": "2021-06-23T08:00:00Z", "source": source, "synthetic": True, "place": "Mèo Vạc"}


def as_client(place: Place, file: Path, *words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """A command on the client's machine: its file's lines, its contracts, and nothing of the platform's."""
    home = {"HAGIANG_HOME": str(file.parent / "own"), "HAGIANG_CONTRACTS": str(place.contracts)}
    command = [str(Path(sys.executable).with_name("hagiang")), *words]
    environ = {**read_env_file(file), **home, **more}
    return subprocess.run(command, env=environ, input=given, capture_output=True, text=True, timeout=60)


def test_list_and_audit_show_what_was_done_and_no_secret(access: Access, place: Place, name: str) -> None:
    given = json.loads(grant(access, place, name, "--json").stdout)
    turned = json.loads(access("rotate", name, "--json").stdout)
    assert given["HAGIANG_CLIENT"] == f"{name}@1"
    assert turned["HAGIANG_CLIENT"] == f"{name}@2"
    lost = access("revoke", name, "--source", "H22.07").stdout
    assert lost == f"{name} has lost these rights.\nHAGIANG_EVENTS={place.contract.event}\nHAGIANG_SOURCES=\n"
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
