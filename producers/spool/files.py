"""The files of a spool: numbered segments of frames, and how far they have been drained."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from infra.errors import OperatorError
from producers.spool.frames import frames_in

log = logging.getLogger(__name__)

_SEGMENT = ".segment"
_CUT = ".cut"


class SpoolInUse(OperatorError):
    """Another process has this spool: give each process a folder of its own, or end the other one."""


@dataclass(frozen=True, order=True)
class Position:
    """A place between two frames: bytes from the start of a segment."""

    segment: int
    offset: int


@dataclass(frozen=True)
class Segment:
    """A verified file of whole frames; `records` and `bytes` count what lies after the drained position."""

    number: int
    size: int
    records: int
    bytes: int


def lock_folder(folder: Path) -> int:
    """A descriptor that holds the folder for this process until it is closed; raises SpoolInUse."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise SpoolInUse(str(folder)) from error
    return descriptor


def segment_path(folder: Path, number: int) -> Path:
    """Where a segment is kept."""
    return folder / f"{number:010}{_SEGMENT}"


def segment_numbers(folder: Path) -> list[int]:
    """The numbers of the segments there are, in order."""
    return sorted(int(path.stem) for path in folder.glob(f"*{_SEGMENT}"))


def open_segment(folder: Path, number: int) -> int:
    """A new segment, open for appending and known to the folder for good."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    descriptor = os.open(segment_path(folder, number), flags, 0o600)
    sync_folder(folder)
    return descriptor


def sync_folder(folder: Path) -> None:
    """Make names of files that were made, renamed or removed durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify_segment(folder: Path, number: int, drained: Position) -> tuple[Segment, int]:
    """The segment with a damaged or torn end cut off, and how many bytes were cut."""
    data = segment_path(folder, number).read_bytes()
    ends = [end for end, _ in frames_in(data)]
    size = ends[-1] if ends else 0
    if size < len(data):
        cut_off(folder, number, size)
    start = drained.offset if number == drained.segment else 0
    waiting = sum(end > start for end in ends)
    return Segment(number, size, waiting, max(size - start, 0)), len(data) - size


def cut_off(folder: Path, number: int, offset: int) -> int:
    """Move what follows `offset` out of the segment into a `.cut` file beside it; how many bytes that were."""
    path = segment_path(folder, number)
    with path.open("r+b") as file:
        file.seek(offset)
        rest = file.read()
        aside = folder / f"{number:010}-{offset}{_CUT}"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as cut:  # noqa: PTH123 (a mode)
            cut.write(rest)
            os.fsync(cut.fileno())
        file.truncate(offset)
        os.fsync(file.fileno())
    sync_folder(folder)
    log.error(
        "A damaged end of the spool was cut off",
        extra={"action": "cut_spool", "file": str(path), "offset": offset, "bytes": len(rest), "kept": str(aside)},
    )
    return len(rest)


def keep_refused(folder: Path, frame: bytes) -> None:
    """Append a frame to the file of what Kafka refused."""
    descriptor = os.open(folder / "refused", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, frame)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_drained(folder: Path) -> Position:
    """How far the spool was drained; its start when that was never written or cannot be read (then it is repeated)."""
    try:
        told = json.loads((folder / "drained.json").read_text(encoding="utf-8"))
        return Position(int(told["segment"]), int(told["offset"]))
    except FileNotFoundError:
        return Position(0, 0)
    except (ValueError, KeyError, TypeError) as error:
        said = {"action": "spool_position_unreadable", "found": str(error)}
        log.warning("The drained position cannot be read: all that is kept is sent again", extra=said)
        return Position(0, 0)


def write_drained(folder: Path, position: Position) -> None:
    """Remember durably that all before `position` is in Kafka."""
    draft = folder / "drained.json.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"segment": position.segment, "offset": position.offset}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "drained.json")
    sync_folder(folder)
