"""The lake or PostgreSQL fails while a load runs: each step says that it may be tried again; nothing has changed."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine

from consumers.lake.decode import NoTemporaryFile
from consumers.warehouse.check import check
from consumers.warehouse.connect import WarehouseUnavailable, engine_for, open_copy
from consumers.warehouse.publish import publish
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.stage import stage
from infra.access.connect import open_access
from infra.object_store import LakeStore, StoreUnavailable, open_lake
from infra.settings import Settings
from tests.component.warehouse.loads import (
    DOSSIER,
    contents,
    load,
    pass_checks,
    quarantined,
    stage_checked,
)
from tests.landed_batches import Reject, land
from tests.relay import Relay, relay_to
from tests.samples import dossier
from tests.small_disk import small_disk


@pytest.fixture
def relay(servers: Settings) -> Iterator[Relay]:
    at = urlsplit(servers.lake.endpoint_url)
    with relay_to(str(at.hostname), int(at.port or 80)) as relay:
        yield relay


@pytest.fixture
def far_lake(servers: Settings, lake: LakeStore, relay: Relay) -> LakeStore:
    """The test's lake through the relay, with little patience."""
    settings = replace(servers.lake, bucket=lake.bucket, endpoint_url=f"http://127.0.0.1:{relay.port}")
    return open_lake(settings, timeout_s=1.0)


@pytest.mark.parametrize("how", ["cut", "silence"])
@pytest.mark.parametrize("step", ["", "stage.planned", "stage.begun"])
def test_a_store_that_fails_during_stage(
    engine: Engine, lake: LakeStore, far_lake: LakeStore, relay: Relay, step: str, how: str
) -> None:
    land(lake, DOSSIER, [dossier(1)])
    fail = {"cut": relay.cut, "silence": relay.silence}[how]
    if not step:
        fail()
    with pytest.raises(StoreUnavailable) as raised:
        stage(engine, far_lake, DOSSIER, run_id="test", on_step=lambda at: fail() if at == step else None)
    assert raised.value.retriable
    relay.mend()
    assert load(engine, far_lake, DOSSIER).loaded == 1


@pytest.mark.parametrize("how", ["cut", "silence"])
def test_a_store_that_fails_during_check_and_publish(
    engine: Engine, lake: LakeStore, far_lake: LakeStore, relay: Relay, how: str
) -> None:
    seed_dimensions(engine)
    land(lake, DOSSIER, [dossier(1), Reject("null_value")])
    load_id = stage_checked(engine, lake, DOSSIER)
    before = contents(engine)
    {"cut": relay.cut, "silence": relay.silence}[how]()
    with pytest.raises(StoreUnavailable):
        check(engine, far_lake, DOSSIER, load_id)
    pass_checks(engine, load_id)
    assert contents(engine) == before
    relay.mend()
    assert publish(engine, far_lake, DOSSIER, load_id).loaded == 1
    assert [row["rule"] for row in quarantined(engine)] == ["null_value"]


def test_no_room_for_temporary_files_is_waited_for(
    engine: Engine, lake: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(lake, DOSSIER, [dossier(1)])
    with small_disk("1m") as disk, monkeypatch.context() as elsewhere:
        disk.fill()
        elsewhere.setattr(tempfile, "tempdir", str(disk.folder))
        with pytest.raises(NoTemporaryFile, match="No space left") as raised:
            stage(engine, lake, DOSSIER, run_id="test")
        assert raised.value.retriable
    assert load(engine, lake, DOSSIER).loaded == 1


def test_a_wrong_password_is_tried_again_and_names_itself(engine: Engine, lake: LakeStore) -> None:
    wrong = engine_for(engine.url.set(password="wrong").render_as_string(hide_password=False))
    with pytest.raises(WarehouseUnavailable, match="password authentication failed"):
        stage(wrong, lake, DOSSIER, run_id="test")


def test_the_end_of_a_connection_that_is_gone_without_a_word_is_noticed_in_minutes(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    for opened in (engine_for(url), open_access(url)):
        with opened.connect() as connection:
            descriptor = connection.connection.driver_connection.fileno()  # type: ignore[union-attr]
            with socket.socket(fileno=descriptor) as peer:
                asked = [peer.getsockopt(socket.IPPROTO_TCP, option) for option in _TIMES]
                kept = peer.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                peer.detach()
        opened.dispose()
        assert (kept, asked) == (1, [20, 10, 4, 60_000])
    with open_copy(engine) as copying:
        copying.commit()


_TIMES = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
