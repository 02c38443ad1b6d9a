"""The stack starts, heals, survives a power cut and ends without a trace."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer

from infra.local.down import bring_down
from infra.local.home import Home
from infra.local.ports import is_free, read_ports
from infra.local.postgres_place import place_of
from infra.local.start import PartNotUp
from infra.local.up import bring_up
from infra.object_store import open_lake
from tests import local_stack
from tests.component.local.kafka_clients import client_options
from tests.component.local.kept_stack import KeptStack, wait_until

TOPIC = "government.dossier_status_changed"


def test_second_up_leaves_running_parts_alone(stack: KeptStack) -> None:
    before = {process.pid for process in stack.processes()}
    stack.up()
    assert {part.pid for part in stack.status().values() if part.pid} <= before


def test_killed_part_comes_back_by_itself(stack: KeptStack) -> None:
    killed = stack.kill("store")
    wait_until(lambda: stack.is_ready("store") and stack.status()["store"].pid != killed, 60)


def test_data_survives_a_power_cut(stack: KeptStack) -> None:
    settings = stack.settings
    url = settings.warehouse.owner_url
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Mèo Vạc' AS place")
    open_lake(settings.lake).put("kept/object", b"bytes")
    producer = KafkaProducer(**client_options(settings.kafka, settings.kafka.publisher))
    producer.send(TOPIC, b"kept record").get(timeout=20)
    producer.close()

    stack.cut_power()
    stack.up()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT place FROM kept").fetchone() == ("Mèo Vạc",)
    assert open_lake(settings.lake).get("kept/object") == b"bytes"
    consumer = KafkaConsumer(
        TOPIC,
        **client_options(settings.kafka, settings.kafka.landing),
        auto_offset_reset="earliest",
        consumer_timeout_ms=5000,
    )
    assert b"kept record" in {record.value for record in consumer}
    consumer.close()


def test_down_leaves_no_process_also_without_a_supervisor(stack: KeptStack) -> None:
    supervisor = next(found for found in stack.processes() if "supervisord" in " ".join(found.cmdline()))
    supervisor.kill()
    wait_until(lambda: not supervisor.is_running() or supervisor.status() == psutil.STATUS_ZOMBIE, 5)
    assert stack.processes(), "the parts should have been orphaned, else this test shows nothing"
    try:
        bring_down(stack.home, os.environ)
        assert stack.processes() == []
        assert all(is_free(port) for port in read_ports(stack.home / "ports.json").values())
    finally:
        stack.up()


def test_two_stacks_run_side_by_side(stack: KeptStack, other_home: Path) -> None:
    bring_up(other_home, os.environ, only=("postgres",))
    other = KeptStack(other_home, ("postgres",))
    assert other.is_ready("postgres")
    assert stack.is_ready("postgres")
    ports, other_ports = read_ports(stack.home / "ports.json"), read_ports(other_home / "ports.json")
    assert not set(ports.values()) & set(other_ports.values())


def test_part_that_does_not_come_up_names_its_log_and_the_reason(other_home: Path) -> None:
    local_stack.start(other_home, ("postgres",))
    bring_down(other_home, os.environ)
    data = place_of(Home(other_home), os.geteuid(), os.environ).data
    (data / "postgresql.conf").write_text("shared_bufers = 1GB\n")
    with pytest.raises(PartNotUp, match="shared_bufers") as failure:
        local_stack.start(other_home, ("postgres",))
    assert str(other_home / "logs" / "postgres.log") in str(failure.value)


def test_down_of_a_folder_that_never_saw_a_stack_does_nothing(tmp_path: Path) -> None:
    bring_down(tmp_path / "never", os.environ)
    assert not (tmp_path / "never").exists()
