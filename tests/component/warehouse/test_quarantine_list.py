"""What the operator sees of the quarantine."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from consumers.warehouse.publish import publish
from infra.access.audit_trail import last_entries
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from tests.component.warehouse.loads import DOSSIER, condemn, stage_checked
from tests.landed_batches import Reject, land
from tests.samples import dossier


@pytest.fixture
def filled(engine: Engine, lake: LakeStore) -> Engine:
    """Two rows that broke a rule and one reject."""
    land(lake, DOSSIER, [dossier(0), dossier(1), Reject("unknown_schema_id", detail="id 999")])
    load_id = stage_checked(engine, lake, DOSSIER)
    for offset in (0, 1):
        condemn(engine, DOSSIER, load_id, offset, rule="known_commune")
    publish(engine, lake, DOSSIER, load_id)
    return engine


@pytest.fixture
def quarantine(engine: Engine, servers: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `hagiang quarantine ...` on the test's database."""
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", engine.url.render_as_string(hide_password=False))
    return lambda *arguments: CliRunner().invoke(main, ["quarantine", *arguments])


@pytest.mark.usefixtures("filled")
def test_the_list_shows_position_rule_reason_and_content_newest_first(quarantine: Callable[..., Result]) -> None:
    result = quarantine("list", "--event", DOSSIER.event, "--limit", "2")
    assert result.exit_code == 0, result.output
    assert "0/2" in result.output
    assert "0/0" not in result.output
    for shown in ("known_commune", "vi phạm known_commune", "breaks known_commune", "H22.05-210621-000001"):
        assert shown in result.output
    assert "Sổ đăng ký không có mã lược đồ này: id 999" in result.output
    assert "not decodable" in result.output


@pytest.mark.usefixtures("filled")
def test_scripts_get_one_json_object_a_line(quarantine: Callable[..., Result]) -> None:
    reject, _, first = map(json.loads, quarantine("list", "--json").output.splitlines())
    assert (reject["origin"], reject["payload"]) == ("landing", None)
    assert (first["kafka_offset"], first["payload"]["dossier_code"]) == (0, "H22.05-210621-000000")


@pytest.mark.usefixtures("filled")
def test_causes_are_counted_the_most_frequent_first(quarantine: Callable[..., Result]) -> None:
    output = quarantine("causes").output
    assert output.index("known_commune") < output.index("unknown_schema_id")
    rows = [[cell.strip() for cell in line.split("│")] for line in output.splitlines()]
    assert [(row[3], row[6], row[9]) for row in rows if len(row) > 9 and row[3]] == [
        ("known_commune", "2", "2"),
        ("unknown_schema_id", "1", "3"),
    ]


def test_an_empty_quarantine_says_so(quarantine: Callable[..., Result]) -> None:
    for command in ("list", "causes"):
        assert "Nothing is in quarantine" in quarantine(command).output


def test_a_warehouse_that_is_away_is_one_sentence(
    quarantine: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://nobody@127.0.0.1:1/warehouse")
    result = quarantine("list")
    assert result.exit_code == 1
    assert "Connection refused" in result.output
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("filled")
def test_what_could_not_be_decoded_is_said_to_be_beyond_a_replay(quarantine: Callable[..., Result]) -> None:
    result = quarantine("replay", "--event", DOSSIER.event, "--rule", "unknown_schema_id")
    assert result.exit_code == 0, result.output
    assert "No open entry to replay" in result.output
    assert "1 could not be decoded when they were landed and cannot be replayed" in result.output


def test_closed_entries_are_listed_with_who_and_why(filled: Engine, quarantine: Callable[..., Result]) -> None:
    close = (
        "update quarantine.event set status = 'discarded', closed_at = now(), closed_by = 'Thu',"
        " close_reason = 'a test' where kafka_offset = 0"
    )
    with filled.begin() as connection:
        connection.execute(text(close))
    assert "Thu: a test" in quarantine("list", "--status", "discarded").output
    assert "0/0" not in quarantine("list").output


def test_whoever_looks_at_entries_stands_in_the_audit(filled: Engine, quarantine: Callable[..., Result]) -> None:
    quarantine("list", "--event", "dossier_status_changed", "--json")
    with filled.connect() as connection:
        (entry,) = last_entries(connection, 5)
    assert (entry.actor, entry.action) == (f"warehouse {getpass.getuser()}", "read")
    assert entry.detail == {"event": "dossier_status_changed", "entries": 3}
    quarantine("causes")
    with filled.connect() as connection:
        newest, _ = last_entries(connection, 5)
    assert (newest.action, newest.subject, newest.detail) == ("read", "quarantine.causes", {"event": None, "causes": 2})


def test_what_cannot_be_audited_is_not_shown(filled: Engine, quarantine: Callable[..., Result]) -> None:
    with filled.begin() as connection:
        connection.execute(text("alter table access.audit rename to audit_gone"))
    result = quarantine("list", "--json")
    assert result.exit_code == 1
    assert "payload" not in result.output


def test_a_repair_by_command_needs_a_second_person_and_says_who(
    filled: Engine, quarantine: Callable[..., Result]
) -> None:
    chosen = ("discard", "--event", DOSSIER.event, "--rule", "unknown_schema_id", "--by", "thu")
    assert quarantine(*chosen).exit_code == 2
    dry = quarantine(*chosen, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "1 records" in dry.output
    alone = quarantine(*chosen, "--reason", "never", "--approved-by", "thu")
    assert alone.exit_code == 1
    assert "asked for by thu" in alone.output
    assert quarantine("list", "--status", "discarded", "--json").output == ""
    done = quarantine(*chosen, "--reason", "never", "--approved-by", "lan")
    assert done.exit_code == 0, done.output
    assert "approved by lan: 0 loaded, 0 duplicate, 1 discarded, 0 open" in done.output
    (entry,) = map(json.loads, quarantine("list", "--status", "discarded", "--json").output.splitlines())
    assert (entry["closed_by"], entry["close_reason"]) == ("thu", "never")
