from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from consumers.landing import announce
from consumers.landing.announce import AirflowAssets, Announcer, asset_uri
from infra.settings import Airflow, Login
from tests.unit.landing.airflow_stand_in import AirflowStandIn, airflow_stand_in


@pytest.fixture
def airflow() -> Iterator[AirflowStandIn]:
    with airflow_stand_in() as server:
        server.assets = {asset_uri("visit_long"): 4, asset_uri("visit"): 5}
        yield server


@pytest.fixture
def announcer(airflow: AirflowStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Announcer]:
    monkeypatch.setattr(announce, "_RETRY_S", 0.05)
    logins = Login("admin", "?"), Login("landing", "?")
    with Announcer(AirflowAssets(Airflow(airflow.url, *logins)), interval_s=0.05) as announcer:
        yield announcer


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline, "did not happen within 5 s"
        time.sleep(0.005)


def test_the_asset_of_the_event_is_announced(airflow: AirflowStandIn, announcer: Announcer) -> None:
    announcer.announce("visit", records=3)
    wait_until(lambda: airflow.events)
    assert airflow.events == [{"asset_id": 5, "extra": {"records": 3}}]


def test_a_burst_becomes_few_announcements_the_last_of_them_included(
    airflow: AirflowStandIn, announcer: Announcer
) -> None:
    for number in range(1000):
        announcer.announce("visit", records=number)
    wait_until(lambda: airflow.events and airflow.events[-1]["extra"] == {"records": 999})
    assert len(airflow.events) <= 5


def test_an_event_that_airflow_does_not_know_yet_waits(airflow: AirflowStandIn, announcer: Announcer) -> None:
    announcer.announce("later")
    wait_until(lambda: announcer.failed)
    airflow.assets[asset_uri("later")] = 9
    wait_until(lambda: airflow.events)
    assert airflow.events[0]["asset_id"] == 9


def test_what_failed_is_announced_when_airflow_is_back(airflow: AirflowStandIn, announcer: Announcer) -> None:
    airflow.broken = True
    announcer.announce("visit", records=1)
    wait_until(lambda: announcer.failed)
    airflow.broken = False
    wait_until(lambda: announcer.sent == 1)
    assert len(airflow.events) == 1


def test_an_expired_token_is_renewed(airflow: AirflowStandIn, announcer: Announcer) -> None:
    announcer.announce("visit", records=1)
    wait_until(lambda: airflow.events)
    airflow.tokens += 1
    announcer.announce("visit", records=2)
    wait_until(lambda: len(airflow.events) == 2)


def test_announcing_to_nobody_returns_at_once_and_closes() -> None:
    nobody = Airflow("http://127.0.0.1:9", Login("a", "?"), Login("b", "?"))
    with Announcer(AirflowAssets(nobody)) as announcer:
        started = time.monotonic()
        announcer.announce("visit")
        assert time.monotonic() - started < 0.1
    assert time.monotonic() - started < 4


def test_an_airflow_that_hangs_holds_up_neither_landing_nor_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        with Announcer(AirflowAssets(Airflow(url, Login("a", "?"), Login("b", "?")))) as announcer:
            for _ in range(100):
                announcer.announce("visit")
        assert time.monotonic() - begun < 4


def test_what_waits_at_the_end_is_still_sent(airflow: AirflowStandIn) -> None:
    with Announcer(AirflowAssets(Airflow(airflow.url, Login("a", "?"), Login("b", "?"))), interval_s=9.0) as announcer:
        announcer.announce("visit", records=1)
        wait_until(lambda: airflow.events)
        announcer.announce("visit_long", records=2)
    assert [event["extra"]["records"] for event in airflow.events] == [1, 2]
