"""Avro bodies: one datum, bare or in the Confluent wire format, read by the schema it was written with."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from typing import Any

import fastavro

from producers.gateway.problems import about
from schemas.codec import EventInvalid
from schemas.contract import Contract
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
            raise _invalid("avro", f"{len(body)} bytes", "is cut short") from error
        if number not in self._writers:
            known = ", ".join(map(str, sorted(self._writers))) or "none yet"
            raise _invalid(
                "schema_id", str(number), f"has a schema id that is not among {self._contract.subject}'s ({known})"
            )
        return self._read(datum, self._writers[number])

    def _read(self, datum: bytes, writer: Any) -> dict[str, Any]:
        stream = io.BytesIO(datum)
        try:
            event = fastavro.schemaless_reader(stream, writer, None if writer is self._today else self._today)
        except Exception as error:
            # fastavro raises whatever the bytes lead it into: EOFError, IndexError, OverflowError and more.
            raise _invalid("avro", HIDDEN, f"is no datum of the contract's version ({type(error).__name__})") from error
        if left := len(datum) - stream.tell():
            raise _invalid("avro", f"{left} bytes", f"has {left} bytes after the datum")
        return dict(event)


def _invalid(rule: str, found: str, message: str) -> EventInvalid:
    return EventInvalid([about("body", rule, found, message, "không phải dữ liệu Avro hợp lệ của hợp đồng")])
