"""Avro bodies: one datum, bare or in the Confluent wire format, read by the schema it was written with."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from typing import Any

import fastavro

from producers.gateway.problems import about
from producers.mistaken_bodies import mistake_in
from schemas.codec import EventInvalid
from schemas.contract import Contract
from schemas.fitting import Reason
from schemas.rules import HIDDEN
from schemas.wire import MAGIC, NotFramed, unframe


class AvroReader:
    """Reads datums of one contract. `writers` are schemas by id: today's contract and its released versions.

    A bare datum is one of today's contract. It cannot be taken for a framed one: it begins with the length of event_id.
    """

    def __init__(self, contract: Contract, writers: Mapping[int, Contract]) -> None:
        self._contract = contract
        self._today = fastavro.parse_schema(copy.deepcopy(contract.schema))
        self._writers = {number: fastavro.parse_schema(copy.deepcopy(each.schema)) for number, each in writers.items()}

    def event_in(self, body: bytes) -> dict[str, Any]:
        """The event with Python values, not yet held to its contract; raises EventInvalid."""
        if body[:1] != bytes([MAGIC]):
            return self._read(body, self._today)
        try:
            number, datum = unframe(body)
        except NotFramed as error:
            size = len(body)
            raise _invalid(
                "avro",
                f"{size} bytes",
                f"is cut short: the wire format has five bytes and then a datum, these are {size}",
                f"bị cụt: dạng Confluent gồm năm byte rồi đến bản ghi, ở đây có {size}",
            ) from error
        if number not in self._writers:
            known, subject = ", ".join(map(str, sorted(self._writers))), self._contract.subject
            raise _invalid(
                "schema_id",
                str(number),
                f"has the schema id {number}, which is not among {subject}'s ({known or 'none yet'})",
                f"có mã lược đồ {number} không thuộc {subject} ({known or 'chưa có'})",
            )
        return self._read(datum, self._writers[number])

    def _read(self, datum: bytes, writer: Any) -> dict[str, Any]:
        stream = io.BytesIO(datum)
        try:
            event = fastavro.schemaless_reader(stream, writer, None if writer is self._today else self._today)
        except Exception as error:
            # fastavro raises whatever the bytes lead it into: EOFError, IndexError, OverflowError and more.
            seen = mistake_in(datum, "Avro") or self._no_datum(len(datum), stream.tell())
            raise _invalid("avro", HIDDEN, seen.en, seen.vi) from error
        if left := len(datum) - stream.tell():
            seen = mistake_in(datum, "Avro") or Reason(
                f"has {left} bytes after the datum: send one datum a request",
                f"còn {left} byte sau bản ghi: mỗi yêu cầu gửi một bản ghi",
            )
            raise _invalid("avro", f"{left} bytes", seen.en, seen.vi)
        return dict(event)

    def _no_datum(self, size: int, at: int) -> Reason:
        event, version = self._contract.event, self._contract.version
        said, said_vi = f"is no Avro datum of {event}", f"không phải bản ghi Avro của {event}"
        if at >= size:
            said += f": its {size} bytes end before the last field"
            said_vi += f": {size} byte kết thúc trước trường cuối"
        else:
            said += f": the bytes do not fit its fields from byte {at} on"
            said_vi += f": dữ liệu không khớp các trường từ byte {at}"
        return Reason(
            f"{said}; send one datum, bare by version {version} or in the Confluent wire format by a released one",
            f"{said_vi}; gửi một bản ghi theo phiên bản {version}, hoặc dạng Confluent theo phiên bản đã phát hành",
        )


def _invalid(rule: str, found: str, said: str, said_vi: str) -> EventInvalid:
    return EventInvalid([about("body", rule, found, said, said_vi)])
