"""`hagiang marketplaces` as an operator types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from consumers.warehouse.connect import engine_for
from infra.access.audit_trail import last_entries
from infra.object_store import LakeStore
from infra.settings import Settings, read_env_file
from producers.marketplaces import raw_store
from tests.component.landing.place import wait_until
from tests.component.marketplaces import pushes, sold
from tests.component.marketplaces.settings_file import write_marketplaces
from tests.component.marketplaces.topic import Topic
from tests.component.marketplaces.world import World

HAGIANG = Path(sys.executable).parent / "hagiang"
AT = int(time.time()) - 3600


@dataclass(frozen=True)
class Operator:
    environ: dict[str, str]

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [HAGIANG, "marketplaces", *words]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def operator(servers: Settings, lake: LakeStore, platforms_url: str, tmp_path: Path) -> Operator:
    """With a bucket and a state folder of its own."""
    write_marketplaces(tmp_path / "marketplaces.toml", platforms_url)
    stack = read_env_file(servers.home / "stack.env")
    return Operator({**os.environ, **stack, "HAGIANG_HOME": str(tmp_path), "LAKE_BUCKET": lake.bucket})


def test_a_pull_is_published_and_its_payload_found_by_the_events_id(
    operator: Operator, servers: Settings, world: World
) -> None:
    topic = Topic(servers)
    world.orders = {"tiki": {"K1": sold.tiki_order("K1")}}
    world.tiki_events = [sold.tiki_event("K1", "shipping", AT)]
    pulled = operator.types("pull", "tiki", "--once")
    assert (pulled.returncode, pulled.stdout) == (0, "tiki: 1 pulled\n"), pulled.stderr
    (record,) = topic.records(1)
    found = operator.types("raw", str(record.event["event_id"]))
    assert json.loads(found.stdout)["payload"] == {"order_code": "K1", "status": "shipping"}
    assert found.stderr.strip() == record.raw_key
    with engine_for(servers.warehouse.owner_url).connect() as connection:
        read = last_entries(connection, 20, "marketplace.raw")[0]
    assert (read.action, read.detail) == ("read", {"key": record.raw_key})
    unknown = operator.types("raw", str(uuid4()))
    assert unknown.returncode == 1
    assert "no marketplace event of that id" in unknown.stderr


def test_refused_pushes_are_told_and_can_be_owed_again(operator: Operator, lake: LakeStore) -> None:
    raw_store.mark_refused(lake, raw_store.Refused("shopee", "an-event", "raw/x.json", "shop 9 is not configured"))
    assert "shopee: 0 pending, 1 refused" in operator.types("status").stdout
    assert json.loads(operator.types("refused", "shopee").stdout)["reason"] == "shop 9 is not configured"
    assert operator.types("retry", "shopee").stdout == "shopee: 1 to be delivered again\n"
    assert "shopee: 1 pending, the oldest since 20" in operator.types("status").stdout


def test_run_delivers_until_it_is_told_to_stop(
    operator: Operator, servers: Settings, lake: LakeStore, world: World, tmp_path: Path
) -> None:
    topic = Topic(servers)
    world.orders = {"shopee": {"S1": sold.shopee_order("S1")}}
    world.lost = [{"id": 1, "data": pushes.shopee_push("S1", "COMPLETED", AT).body.decode()}]
    running = subprocess.Popen(
        [HAGIANG, "marketplaces", "run"], env=operator.environ, stderr=subprocess.PIPE, text=True
    )
    try:
        assert topic.records(1, 40)[0].event["status"] == "completed"
        wait_until((tmp_path / "marketplaces.alive").exists)
    finally:
        running.send_signal(signal.SIGTERM)
        _out, log = running.communicate(timeout=20)
    assert running.returncode == 0, log
    told = [json.loads(line) for line in log.splitlines()]
    assert {line["action"] for line in told if "action" in line} >= {"marketplaces_started", "order_published"}
    assert "access-" not in log


def test_without_a_private_file_it_says_what_to_do(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "marketplaces.toml").chmod(0o644)
    answer = operator.types("run")
    assert answer.returncode == 1
    assert "chmod 600" in answer.stderr
