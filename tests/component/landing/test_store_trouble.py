"""A store in trouble: every answer that says so is a transient error, and what it took in part it does not have."""

from __future__ import annotations

import datetime
import io
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore.auth
import pytest

from infra.local.jars import cached_jars
from infra.local.ports import choose_ports, free_range
from infra.local.properties import render_properties
from infra.local.stack import java
from infra.local.store import HEAP
from infra.object_store import LakeStore, ObjectMissing, StoreClockDiffers, StoreUnavailable, open_lake
from infra.settings import Lake, Login
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import landing_thread
from tests.component.landing.test_outages import address, with_store
from tests.relay import Relay, relay_to
from tests.small_disk import INSIDE, SmallDisk, small_disk

CALLS: list[Callable[[LakeStore], object]] = [
    lambda lake: lake.put("a", b"1"),
    lambda lake: lake.put("a", b"1", if_absent=True),
    lambda lake: lake.get("a"),
    lambda lake: lake.download("a", io.BytesIO()),
    lambda lake: list(lake.list_after("a")),
    lambda lake: lake.delete("a"),
]


class _Proxy(BaseHTTPRequestHandler):
    """What a proxy before the store may answer, whatever it is asked: `/503/...` gives that status and a page."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", "20")
        self.end_headers()
        self.wfile.write(b"<html>gateway</html>")

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def proxy() -> Iterator[Callable[[int], LakeStore]]:
    """A store behind a proxy that answers everything with that status."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as server:
        threading.Thread(target=server.serve_forever).start()
        yield lambda status: open_lake(
            Lake(f"http://127.0.0.1:{server.server_port}", "us-east-1", str(status), Login("a", "b"))
        )
        server.shutdown()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 507])
def test_an_answer_that_asks_for_patience_is_no_refusal(proxy: Callable[[int], LakeStore], status: int) -> None:
    for call in CALLS[:1] if status != 503 else CALLS:
        with pytest.raises(StoreUnavailable):
            call(proxy(status))


def test_a_page_in_place_of_a_listing_is_no_empty_lake(proxy: Callable[[int], LakeStore]) -> None:
    with pytest.raises(StoreUnavailable):
        list(proxy(200).list_after("a"))


@pytest.fixture
def store_relay(place: Place) -> Iterator[Relay]:
    with relay_to(*address(place.settings.lake.endpoint_url)) as relay:
        yield relay


def test_an_object_that_is_cut_off_is_not_taken_for_whole(place: Place, store_relay: Relay) -> None:
    lake = open_lake(with_store(place.settings, store_relay).lake)
    place.lake.put("large", bytes(16 << 20))
    for read in (lambda: lake.get("large"), lambda: lake.download("large", io.BytesIO())):
        with pytest.raises(StoreUnavailable), _cut_midway(store_relay):
            read()


def test_a_put_that_is_cut_off_leaves_no_object(place: Place, store_relay: Relay) -> None:
    lake = open_lake(with_store(place.settings, store_relay).lake)
    with pytest.raises(StoreUnavailable), _cut_midway(store_relay):
        lake.put("large", bytes(16 << 20), if_absent=True)
    with pytest.raises(ObjectMissing):
        place.lake.get("large")
    lake.put("large", b"whole", if_absent=True)


@contextmanager
def _cut_midway(relay: Relay) -> Iterator[None]:
    relay.delay = 0.02
    timer = threading.Timer(1.0, relay.cut)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        relay.mend()


def test_a_clock_that_is_wrong_is_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are signed with the time: a store refuses them when its clock and ours differ by too much."""
    an_hour, now = datetime.timedelta(hours=1), botocore.auth.get_current_datetime
    place.send_good(10)
    with landing_thread(place):
        wait_until(lambda: len(place.landed()) == 10)
        with monkeypatch.context() as wrong:
            wrong.setattr(botocore.auth, "get_current_datetime", lambda *given: now(*given) - an_hour)
            place.send_good(10, start=10)
            with pytest.raises(StoreClockDiffers, match="set both by NTP"):
                place.lake.get("anything")
            threading.Event().wait(2.0)
        wait_until(lambda: place.landed() == list(range(20)))


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk("2m") as disk:
        yield disk


@pytest.fixture
def on_small_disk(place: Place, disk: SmallDisk, tmp_path: Path) -> Iterator[Place]:
    """The place with a store of its own, that has two megabytes."""
    port = choose_ports({}, {}, automatic=True, among=free_range(os.environ))[0]["store"]
    lake = replace(place.settings.lake, endpoint_url=f"http://127.0.0.1:{port}")
    configuration = tmp_path / "s3proxy.conf"
    lines = {
        "s3proxy.endpoint": lake.endpoint_url,
        "s3proxy.authorization": "aws-v2-or-v4",
        "s3proxy.identity": lake.login.user,
        "s3proxy.credential": lake.login.password,
        "jclouds.provider": "filesystem-nio2",
        "jclouds.identity": "unused",
        "jclouds.credential": "unused",
        "jclouds.filesystem.basedir": str(INSIDE),
    }
    configuration.write_text(render_properties(lines))
    jar = str(cached_jars(os.environ).s3proxy)
    command = disk.seen_by(java(), *HEAP, "-jar", jar, "--properties", str(configuration))
    with subprocess.Popen(command, env={**os.environ, "LOG_LEVEL": "warn"}, cwd="/") as server:
        try:
            store = open_lake(lake)
            wait_until(lambda: _made(store))
            yield replace(place, settings=replace(place.settings, lake=lake), lake=store)
        finally:
            server.kill()


def _made(store: LakeStore) -> bool:
    try:
        store.make_bucket()
    except StoreUnavailable:
        return False
    return True


def test_landing_waits_for_a_store_whose_disk_is_full(on_small_disk: Place, disk: SmallDisk) -> None:
    place = on_small_disk
    with landing_thread(place):
        place.send_good(10)
        wait_until(lambda: len(place.landed()) == 10)
        disk.fill()
        place.send_good(500, start=10)
        with pytest.raises(StoreUnavailable):
            place.lake.put("large", bytes(1 << 20))
        threading.Event().wait(2.0)
        assert place.reached(0) == 10
        disk.free()
        wait_until(lambda: place.landed() == list(range(510)))
    assert [batch.rejected for batch in place.batches()] == [0] * len(place.batches())
    with pytest.raises(ObjectMissing):
        place.lake.get("large")
