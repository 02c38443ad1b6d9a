"""The audit is only ever added to, and shows when somebody has changed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from infra.access.audit import GRANT, REFUSED, record
from infra.access.audit_trail import breaks_of, end_of, last_entries
from infra.access.connect import open_access
from infra.settings import Settings
from tests.databases import url_of


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        for number in range(4):
            record(connection, "tester", GRANT, f"client-{number}", {"events": ["dossier_status_changed"], "n": number})
    with engine.connect() as connection:
        yield connection


def test_entries_come_back_with_number_time_and_role(connection: Connection) -> None:
    entries = last_entries(connection, 10)
    assert [(entry.entry_id, entry.subject) for entry in entries] == [(n + 1, f"client-{n}") for n in (3, 2, 1, 0)]
    assert {entry.actor for entry in entries} == {"warehouse tester"}
    assert entries[0].detail == {"events": ["dossier_status_changed"], "n": 3}
    assert [entry.entry_id for entry in last_entries(connection, 10, "client-2")] == [3]
    assert breaks_of(connection) == []
    assert end_of(connection)[0] == 4


@pytest.mark.parametrize(
    "statement",
    ["update access.audit set actor = 'nobody'", "delete from access.audit", "truncate access.audit"],
)
def test_not_even_the_owner_changes_entries(connection: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))
    connection.rollback()
    assert len(last_entries(connection, 10)) == 4


@pytest.mark.parametrize(
    ("tampering", "shown"),
    [
        ("update access.audit set detail = '{}' where entry_id = 2", [2]),
        ("update access.audit set at = at - interval '1 day' where entry_id = 4", [4]),
        ("delete from access.audit where entry_id = 2", [3, 4]),
        ("delete from access.audit where entry_id = 4", [4]),
        ("delete from access.audit", [4]),
        (
            "update access.audit set detail = '{}', hash = access.audit_hash("
            "previous_hash, entry_id, at, actor, action, subject, '{}') where entry_id = 2",
            [3],
        ),
    ],
)
def test_whoever_takes_the_triggers_away_and_changes_an_entry_is_seen(
    connection: Connection, tampering: str, shown: list[int]
) -> None:
    connection.execute(text("alter table access.audit disable trigger user"))
    connection.execute(text(tampering))
    assert sorted({one.entry_id for one in breaks_of(connection)}) == shown


def test_the_gateway_adds_entries_and_may_not_do_anything_else(servers: Settings, connection: Connection) -> None:
    gateway = open_access(url_of(servers.access.gateway_url, str(connection.engine.url.database)))
    with gateway.begin() as other:
        record(other, "http", REFUSED, "so-cong-thuong", {"status": 403})
    assert last_entries(connection, 1)[0].actor == "gateway http"
    assert breaks_of(connection) == []
    with gateway.connect() as other:
        for statement in (
            "select * from access.audit",
            "insert into access.audit (entry_id, actor, action, subject, detail) values (1, '', '', '', '{}')",
            "update access.audit_head set entry_id = 0",
            "update access.client set kind = 'platform'",
            "insert into access.granted_event values ('a', '*', now())",
            "select * from core.dim_agency",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                other.execute(text(statement))
            other.rollback()
        other.execute(text("select * from access.api_key"))
    gateway.dispose()


def test_landing_reads_rights_and_no_api_keys(servers: Settings, connection: Connection) -> None:
    landing = open_access(url_of(servers.access.landing_url, str(connection.engine.url.database)))
    with landing.connect() as other:
        other.execute(text("select * from access.signing_key, access.granted_event, access.granted_source"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            other.execute(text("select * from access.api_key"))
    landing.dispose()
