from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.errors import OperatorError
from producers.spool.files import SpoolInUse
from producers.spool.spool import Spool, SpoolFull, SpoolLimits

SMALL = SpoolLimits(max_bytes=10_000, segment_bytes=200)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Spool]]:
    """Opens the spool of this test anew; the one before is closed first."""
    spools: list[Spool] = []

    def open_again(limits: SpoolLimits = SMALL) -> Spool:
        for spool in spools:
            spool.close()
        spools.append(Spool(tmp_path, limits))
        return spools[-1]

    yield open_again
    for spool in spools:
        spool.close()


def keep(spool: Spool, *records: bytes) -> None:
    """Append and wait until they are durable."""
    kept: list[OperatorError | None] = []
    done = threading.Event()

    def on_kept(error: OperatorError | None) -> None:
        kept.append(error)
        done.set()

    spool.append(records, on_kept)
    assert done.wait(5)
    if kept[0] is not None:
        raise kept[0]


def drain(spool: Spool, max_bytes: int = 64) -> list[bytes]:
    found: list[bytes] = []
    while (chunk := spool.read(max_bytes)).records:
        found += chunk.records
        spool.acknowledge(chunk)
    return found


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [b"record %04d" % number for number in range(start, start + count)]


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.segment"))


def test_records_come_out_in_the_order_they_went_in(opened: Callable[..., Spool]) -> None:
    spool = opened()
    for record in numbered(100):
        keep(spool, record)
    assert spool.records == 100
    assert drain(spool) == numbered(100)
    assert (spool.records, spool.size) == (0, 0)


def test_what_is_kept_is_there_after_opening_again(opened: Callable[..., Spool]) -> None:
    keep(opened(), *numbered(30))
    spool = opened()
    assert spool.records == 30
    keep(spool, *numbered(10, start=30))
    assert drain(spool) == numbered(40)


def test_what_was_acknowledged_does_not_come_again(opened: Callable[..., Spool]) -> None:
    spool = opened()
    keep(spool, *numbered(30))
    first = spool.read(64)
    spool.acknowledge(first)
    spool.read(64)
    assert list(first.records) + drain(opened()) == numbered(30)


def test_drained_segments_are_removed(opened: Callable[..., Spool], tmp_path: Path) -> None:
    spool = opened()
    for start in range(0, 100, 10):
        keep(spool, *numbered(10, start))
    assert len(segments(tmp_path)) == 5
    drain(spool)
    assert segments(tmp_path) == []
    keep(spool, b"after")
    assert drain(spool) == [b"after"]


def test_a_record_larger_than_the_read_is_read_whole(opened: Callable[..., Spool]) -> None:
    spool = opened()
    keep(spool, b"x" * 5000, b"y")
    assert drain(spool, max_bytes=100) == [b"x" * 5000, b"y"]


@pytest.mark.parametrize("lost", [1, 5, 12, 19])
def test_a_torn_end_is_cut_and_told_and_the_rest_is_served(
    opened: Callable[..., Spool], tmp_path: Path, lost: int, caplog: pytest.LogCaptureFixture
) -> None:
    spool = opened(SpoolLimits())
    keep(spool, *numbered(5))
    spool.close()
    (segment,) = segments(tmp_path)
    os.truncate(segment, segment.stat().st_size - lost)
    spool = opened(SpoolLimits())
    assert spool.cut_bytes == 19 - lost or lost == 19
    assert drain(spool) == numbered(4)
    assert lost == 19 or "cut_spool" in [record.__dict__.get("action") for record in caplog.records]


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\xff" * 40, b"garbage"])
def test_garbage_at_the_end_is_cut(opened: Callable[..., Spool], tmp_path: Path, tail: bytes) -> None:
    keep(opened(SpoolLimits()), *numbered(5))
    with segments(tmp_path)[0].open("ab") as file:
        file.write(tail)
    spool = opened(SpoolLimits())
    assert spool.cut_bytes == len(tail)
    (cut,) = tmp_path.glob("*.cut")
    assert cut.read_bytes() == tail
    keep(spool, b"after")
    assert drain(spool) == [*numbered(5), b"after"]


def test_a_flipped_bit_is_never_served(opened: Callable[..., Spool], tmp_path: Path) -> None:
    spool = opened(SpoolLimits())
    keep(spool, *numbered(5))
    damage(segments(tmp_path)[0], 2 * 19 + 12)
    keep(spool, b"after")
    assert drain(spool, 1000) == numbered(2)
    assert spool.records == 0
    assert spool.cut_bytes > 0
    keep(spool, b"later")
    assert drain(spool) == [b"later"]


def test_damage_in_one_segment_leaves_the_others(opened: Callable[..., Spool], tmp_path: Path) -> None:
    spool = opened()
    for start in range(0, 40, 10):
        keep(spool, *numbered(10, start))
    damage(segments(tmp_path)[0], 8)
    damaged = segments(tmp_path)[0].stat().st_size // 19
    assert drain(spool) == numbered(40)[damaged:]


def damage(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    with path.open("r+b") as file:
        file.write(data)


def test_a_lost_position_repeats_and_loses_nothing(opened: Callable[..., Spool], tmp_path: Path) -> None:
    spool = opened(SpoolLimits())
    keep(spool, *numbered(10))
    spool.acknowledge(spool.read(64))
    (tmp_path / "drained.json").write_text("{")
    assert drain(opened(SpoolLimits())) == numbered(10)


def test_a_full_spool_takes_nothing_until_it_is_drained(opened: Callable[..., Spool]) -> None:
    spool = opened(SpoolLimits(max_bytes=100))
    keep(spool, b"x" * 80)
    with pytest.raises(SpoolFull, match="88 of 100"):
        spool.append([b"y" * 20], lambda _: None)
    assert spool.is_full
    drain(spool)
    keep(spool, b"y" * 20)
    assert drain(spool) == [b"y" * 20]


def test_a_disk_that_was_full_is_none_of_kafkas_business(
    opened: Callable[..., Spool], monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = opened()
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space")))
        with pytest.raises(SpoolFull, match="no space"):
            keep(spool, b"does not fit")
    assert spool.is_full
    assert not spool.read().records
    assert not spool.is_full


def test_what_is_drained_on_a_full_disk_is_not_sent_again_and_again(
    opened: Callable[..., Spool], tmp_path: Path
) -> None:
    spool = opened()
    keep(spool, *numbered(60))
    (tmp_path / "drained.json.draft").symlink_to("/dev/full")
    assert drain(spool) == numbered(60)
    assert segments(tmp_path) == []
    (tmp_path / "drained.json.draft").unlink()
    keep(spool, b"later")
    assert drain(opened()) == [b"later"]


def test_a_full_disk_is_told_and_leaves_whole_records_only(
    opened: Callable[..., Spool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spool = opened(SpoolLimits())
    keep(spool, *numbered(3))
    write = os.write

    def half_then_full(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space")))
        return write(descriptor, bytes(data[: len(data) // 2]))

    monkeypatch.setattr(os, "write", half_then_full)
    for _ in range(3):
        with pytest.raises(SpoolFull, match="no space"):
            keep(spool, b"does not fit")
    monkeypatch.setattr(os, "write", write)
    assert len(segments(tmp_path)) == 1
    assert spool.records == 3
    assert spool.is_full
    keep(spool, b"fits")
    again = opened(SpoolLimits())
    assert again.cut_bytes == 0
    assert drain(again) == [*numbered(3), b"fits"]


def test_many_appends_share_one_fsync(opened: Callable[..., Spool], monkeypatch: pytest.MonkeyPatch) -> None:
    spool = opened(SpoolLimits())
    synced: list[int] = []

    def slow_fsync(descriptor: int) -> None:
        synced.append(descriptor)
        threading.Event().wait(0.01)

    monkeypatch.setattr(os, "fsync", slow_fsync)
    threads = [threading.Thread(target=keep, args=(spool, record)) for record in numbered(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < len(synced) < 40
    assert sorted(drain(spool)) == numbered(60)


def test_one_spool_is_not_for_two(opened: Callable[..., Spool], tmp_path: Path) -> None:
    opened()
    with pytest.raises(SpoolInUse, match=tmp_path.name):
        Spool(tmp_path)
