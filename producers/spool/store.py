"""The durable part of a spool: frames in numbered segments, read from the drained position on.

Not safe between threads: the spool holds a lock around every call.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from producers.spool.files import (
    Position,
    cut_off,
    open_segment,
    read_drained,
    segment_numbers,
    segment_path,
    sync_folder,
    verify_segment,
    write_drained,
)
from producers.spool.frames import OVERHEAD, frame_size, frames_in

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chunk:
    """The oldest records, and where they end."""

    records: tuple[bytes, ...]
    end: Position

    @property
    def size(self) -> int:
        """Bytes of the records with their frames."""
        return sum(map(len, self.records)) + OVERHEAD * len(self.records)


class SegmentStore:
    """`records` and `bytes` count what is durable and not acknowledged; `cut_bytes` what was found damaged."""

    def __init__(self, folder: Path, segment_bytes: int) -> None:
        self.records = self.bytes = self.cut_bytes = 0
        self._folder, self._segment_bytes = folder, segment_bytes
        self._drained = read_drained(folder)
        self._ends: dict[int, int] = {}
        self._descriptor: int | None = None
        self._verify()
        self._number = max([self._drained.segment, *self._ends]) + 1

    def write(self, frames: bytes, records: int) -> None:
        """Append whole frames and fsync; raises OSError, and then none of them counts."""
        if self._descriptor is not None and self._ends[self._number] >= self._segment_bytes:
            self._leave_segment()
        try:
            self._append(frames)
        except OSError:
            self._take_back()
            raise
        self._ends[self._number] += len(frames)
        self.records += records
        self.bytes += len(frames)

    def read(self, max_bytes: int) -> Chunk:
        """The oldest records, about `max_bytes`, at least one when there is any. Damage is cut off and stepped over."""
        for number in sorted(self._ends):
            start = self._drained.offset if number == self._drained.segment else 0
            if self._ends[number] > start:
                chunk = self._read_at(Position(number, start), max_bytes)
                if chunk.records:
                    return chunk
        return Chunk((), self._drained)

    def acknowledge(self, chunk: Chunk) -> None:
        """Forget the records of the chunk that `read` gave last.

        On a full disk only here: were they sent again until there is room, the spool would never make any.
        """
        try:
            write_drained(self._folder, chunk.end)
        except OSError as error:
            kept_not = {"action": "spool_position_not_kept", "found": str(error)}
            log.warning("How far the spool is drained was not written down: a crash repeats records", extra=kept_not)
        self._drained = chunk.end
        self.records -= len(chunk.records)
        self.bytes -= chunk.size
        self._remove_drained()

    def close(self) -> None:
        """Let go of the open segment."""
        self._leave_segment()

    def _verify(self) -> None:
        """Count what waits, and cut damage off every segment."""
        self.records, self.bytes, self._ends = 0, 0, {}
        for number in segment_numbers(self._folder):
            if number < self._drained.segment:
                segment_path(self._folder, number).unlink()
                continue
            segment, cut = verify_segment(self._folder, number, self._drained)
            self.records += segment.records
            self.bytes += segment.bytes
            self.cut_bytes += cut
            self._ends[number] = segment.size

    def _append(self, frames: bytes) -> None:
        if self._descriptor is None:
            self._descriptor = open_segment(self._folder, self._number)
            self._ends[self._number] = 0
        left = memoryview(frames)
        while left:
            left = left[os.write(self._descriptor, left) :]
        os.fsync(self._descriptor)

    def _take_back(self) -> None:
        """After a failed write or fsync: drop what it left, and trust the file no further."""
        if self._descriptor is not None:
            number, size = self._number, self._ends[self._number]
            os.ftruncate(self._descriptor, size)
            self._leave_segment()
            if size == 0:
                segment_path(self._folder, number).unlink()
                del self._ends[number]

    def _leave_segment(self) -> None:
        """The next write begins a new segment."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._number += 1

    def _read_at(self, position: Position, max_bytes: int) -> Chunk:
        left = self._ends[position.segment] - position.offset
        data = self._bytes_at(position, min(left, max_bytes))
        size = frame_size(data)
        if size is not None and len(data) < size <= left:
            data = self._bytes_at(position, size)
        frames = list(frames_in(data))
        if not frames:
            self._cut(position)
            return Chunk((), position)
        return Chunk(
            tuple(payload for _, payload in frames), Position(position.segment, position.offset + frames[-1][0])
        )

    def _bytes_at(self, position: Position, length: int) -> bytes:
        with segment_path(self._folder, position.segment).open("rb") as file:
            file.seek(position.offset)
            return file.read(length)

    def _cut(self, position: Position) -> None:
        """What was durable has been damaged since: the rest of its segment cannot be read any more."""
        before, number = self.records, self._number
        self._leave_segment()
        self.cut_bytes += cut_off(self._folder, position.segment, position.offset)
        self._verify()
        self._number = number + 1
        lost = {"action": "spool_records_lost", "records": before - self.records, "segment": position.segment}
        log.error("Records of the spool were lost to damage on its disk", extra=lost)

    def _remove_drained(self) -> None:
        """Remove the segments that hold nothing more."""
        if self._descriptor is not None and self.records == 0:
            self._leave_segment()
        reached = (self._drained.segment, self._drained.offset)
        gone = [number for number, end in self._ends.items() if (number, end) <= reached]
        for number in gone:
            if self._descriptor is None or number != self._number:
                segment_path(self._folder, number).unlink()
                del self._ends[number]
        if gone:
            sync_folder(self._folder)
