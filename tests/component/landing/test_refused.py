"""What no waiting mends stops landing with its advice, and what passes is waited for."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from consumers.landing.run import run_landing
from infra.object_store import StoreRefused
from infra.settings import Login, Settings
from schemas.registry import RegistryRefused
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import LIMITS, SOON_S, environment, land_until, landing_thread
from tests.component.landing.test_hangs import with_database
from tests.component.landing.test_outages import address, through, with_store
from tests.relay import relay_to
from tests.small_disk import INSIDE, small_disk


def land(place: Place, settings: Settings) -> None:
    """Until landing gives up."""
    late = threading.Event()
    timer = threading.Timer(SOON_S, late.set)
    timer.start()
    try:
        run_landing(settings, place.catalog, late, limits=replace(LIMITS, group_id=place.group))
    finally:
        timer.cancel()


def test_a_wrong_key_to_the_store_stops_landing_and_nothing_is_skipped(place: Place) -> None:
    place.send_good(10)
    lake = replace(place.settings.lake, login=Login(place.settings.lake.login.user, "wrong"))
    with pytest.raises(StoreRefused, match="the access key and its rights"):
        land(place, replace(place.settings, lake=lake))
    assert land_until(place, 10).rejected == 0


def test_a_wrong_login_to_the_registry_stops_landing_and_nothing_is_a_reject(place: Place) -> None:
    place.send_good(10)
    url = place.settings.registry_url
    wrong = url.replace(url.split("@")[0], "http://reader:wrong")
    with pytest.raises(RegistryRefused, match="check SCHEMA_REGISTRY_URL"):
        land(place, replace(place.settings, registry_url=wrong))
    assert place.batches() == []
    assert land_until(place, 10).rejected == 0


def test_a_wrong_login_to_kafka_is_waited_for_and_told(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    kafka = place.settings.kafka
    wrong = replace(kafka, landing=Login(kafka.landing.user, "wrong"))
    with landing_thread(place, settings=replace(place.settings, kafka=wrong)):
        wait_until(lambda: _told(caplog, "connecting to Kafka"), 30)
    assert "refuses KAFKA_LANDING_USER's password" in _told(caplog, "connecting to Kafka")[0]


def test_a_wrong_login_to_postgresql_is_waited_for_and_nothing_is_a_reject(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.send_good(10)
    url = place.settings.access.landing_url
    wrong = url.replace(url.split("@")[0], "postgresql://landing:wrong")
    settings = replace(place.settings, access=replace(place.settings.access, landing_url=wrong))
    with landing_thread(place, settings=settings):
        wait_until(lambda: any("password authentication failed" in each for each in _told(caplog, "sorting")), 30)
    assert place.batches() == []
    assert land_until(place, 10).rejected == 0


def _told(caplog: pytest.LogCaptureFixture, what: str) -> list[str]:
    retries = [record for record in caplog.records if getattr(record, "action", "") == "retry"]
    return [record.getMessage() for record in retries if record.what.startswith(what)]  # type: ignore[attr-defined]


def test_landing_begins_while_postgresql_is_away_and_waits_for_the_rights(place: Place) -> None:
    place.send_good(10)
    with relay_to(*address(place.settings.access.landing_url)) as relay:
        relay.cut()
        with landing_thread(place, settings=with_database(place.settings, relay)):
            wait_until(lambda: place.members() == 1)
            assert place.batches() == []
            relay.mend()
            wait_until(lambda: place.landed() == list(range(10)))
    assert [batch.rejected for batch in place.batches()] == [0] * len(place.batches())


def test_landing_goes_on_after_a_registry_that_hung(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    url = place.settings.registry_url
    with relay_to(*address(url)) as relay:
        relay.silence()
        with landing_thread(place, settings=replace(place.settings, registry_url=through(relay, url))):
            place.send_good(10)
            wait_until(lambda: _told(caplog, "sorting"), 30)
            assert place.batches() == []
            relay.mend()
            wait_until(lambda: place.landed() == list(range(10)))
    assert [batch.rejected for batch in place.batches()] == [0] * len(place.batches())


def test_landing_behind_a_slow_store_falls_behind_and_catches_up(place: Place) -> None:
    limits = {"batch_records": 100, "poll_records": 50}
    with (
        relay_to(*address(place.settings.lake.endpoint_url)) as relay,
        landing_thread(place, settings=with_store(place.settings, relay), **limits),
    ):
        place.send_good(100)
        wait_until(lambda: place.reached(0) == 100)
        relay.delay = 0.3
        place.send_good(400, start=100)
        threading.Event().wait(2.0)
        assert place.reached(0) < 500
        relay.delay = 0.0
        wait_until(lambda: place.landed() == list(range(500)))
        wait_until(lambda: place.committed() == 500)


def test_landing_waits_for_room_for_its_temporary_files(place: Place, tmp_path: Path) -> None:
    """It decodes from files: no room for them makes no record a reject, and stops nothing for good."""
    log = tmp_path / "landing.log"
    hagiang = str(Path(sys.executable).with_name("hagiang"))
    with small_disk("4m") as disk, log.open("wb") as output:
        command = disk.seen_by(hagiang, "land", "--group", place.group)
        environ = {**environment(place), "TMPDIR": str(INSIDE)}
        with subprocess.Popen(command, env=environ, cwd="/", stdout=output, stderr=output) as process:
            try:
                place.send_good(1)
                wait_until(lambda: place.landed() == [0])
                disk.fill()
                place.send_good(9, start=1)
                wait_until(lambda: b"make room on the disk of TMPDIR" in log.read_bytes())
                assert process.poll() is None
                assert place.reached(0) == 1
                disk.free()
                wait_until(lambda: place.landed() == list(range(10)))
            finally:
                process.terminate()
                process.wait(30)
    assert [batch.rejected for batch in place.batches()] == [0] * len(place.batches())
