"""What the gateway asks at every request."""

from __future__ import annotations

import threading

import pytest

from infra.access.api_keys import hash_of, key_id_of, new_api_key, proves
from infra.access.clients import Client
from infra.access.connect import AccessUnavailable
from infra.access.rights import FOREVER, ApiKey, Snapshot
from infra.access.view import AccessView

KEY = new_api_key()
NOW_MS = 1_000_000


class Database:
    """Holds one client and its API key; `away` raises."""

    def __init__(self, end: int = FOREVER) -> None:
        self.away = False
        self.clients = {"a": Client("a", "A", frozenset({"visit"}), ("H22.05",))}
        self.keys = {str(key_id_of(KEY)): ApiKey("a", hash_of(KEY), end)}
        self.reads = 0

    def read(self, _known: Snapshot | None) -> Snapshot:
        self.reads += 1
        if self.away:
            raise AccessUnavailable("away")
        return Snapshot(self.reads, self.reads, {}, dict(self.clients), dict(self.keys))


def view_of(database: Database) -> AccessView:
    return AccessView(database.read, lambda: None, interval_s=0.02, now=lambda: NOW_MS / 1000)


def test_a_key_gives_its_client() -> None:
    client = view_of(Database()).client_of_api_key(KEY)
    assert client is not None
    assert client.name == "a"


@pytest.mark.parametrize(
    "wrong", ["", "hg", "hg__", KEY[:-1], KEY + "0", KEY.upper(), f"hg_{key_id_of(KEY)}_", "é_é_é"]
)
def test_anything_else_gives_none(wrong: str) -> None:
    assert view_of(Database()).client_of_api_key(wrong) is None


def test_a_key_ends_at_its_time() -> None:
    assert view_of(Database(end=NOW_MS + 1)).client_of_api_key(KEY) is not None
    assert view_of(Database(end=NOW_MS)).client_of_api_key(KEY) is None


def test_a_key_of_a_client_without_access_gives_none() -> None:
    database = Database()
    database.clients.clear()
    assert view_of(database).client_of_api_key(KEY) is None
    assert view_of(database).client_named("a") is None


def test_a_hash_that_is_not_kept_proves_nothing() -> None:
    assert not proves(KEY, None)
    assert not proves("", bytes(32))
    assert proves(KEY, hash_of(KEY))


def test_nothing_is_answered_before_the_rights_were_read_once() -> None:
    database = Database()
    database.away = True
    with pytest.raises(AccessUnavailable):
        view_of(database).client_named("a")


def test_changes_are_seen_without_asking_and_an_outage_keeps_what_was_known() -> None:
    database = Database()
    with view_of(database) as view:
        assert view.client_named("a") is not None
        database.away = True
        reads = database.reads
        wait_until(lambda: database.reads > reads + 2)
        assert view.client_named("a") is not None
        database.clients.clear()
        database.away = False
        wait_until(lambda: view.client_named("a") is None)


def test_keys_are_long_and_all_different() -> None:
    keys = {new_api_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key.split("_")[2]) for key in keys} == {64}


def wait_until(holds: object) -> None:
    for _ in range(500):
        if holds():  # type: ignore[operator]
            return
        threading.Event().wait(0.01)
    raise AssertionError("did not happen")
