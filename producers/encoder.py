"""From an event to the Kafka record that carries it: checked, encoded, framed, signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import uuid6

from producers.records import Headers, Record
from producers.schema_ids import SchemaIds
from producers.signing import Signer, unsigned
from schemas.catalog import contract_named
from schemas.codec import EventCodec, prepare
from schemas.contract import Contract
from schemas.wire import frame


@dataclass(frozen=True)
class Channel:
    """What is looked up once for a contract: its codec and the id its schema has in the registry."""

    contract: Contract
    codec: EventCodec
    schema_id: int


class EventEncoder:
    """Makes records of events of any contract of the catalogue; safe to share between threads."""

    def __init__(self, catalog: Mapping[str, Contract], ids: SchemaIds, sign: Signer = unsigned) -> None:
        self._catalog, self._ids, self._sign = catalog, ids, sign
        self._channels: dict[str, Channel] = {}

    def encode(self, event_name: str, event: Mapping[str, Any], headers: Headers = ()) -> Record:
        """The record of an event, which is given a UUIDv7 when it has no event_id.

        Raises EventInvalid, UnknownEvent, and what SchemaIds raises when the contract is used for the first time.
        """
        channel = self._channels.get(event_name) or self._open(event_name)
        identified = event if event.get("event_id") is not None else {**event, "event_id": str(uuid6.uuid7())}
        value = frame(channel.schema_id, channel.codec.encode(identified))
        topic, key = channel.contract.topic, str(identified[channel.contract.key]).encode()
        return Record(topic, key, value, self._sign(topic, key, value, headers), str(identified["event_id"]))

    def forget(self) -> None:
        """Look schema ids up again."""
        self._channels = {}

    def codec_of(self, event_name: str) -> EventCodec:
        """The contract's codec; raises as `encode` does."""
        return (self._channels.get(event_name) or self._open(event_name)).codec

    def _open(self, event_name: str) -> Channel:
        contract = contract_named(self._catalog, event_name)
        channel = Channel(contract, prepare(contract), self._ids.id_of(contract))
        self._channels[event_name] = channel
        return channel
