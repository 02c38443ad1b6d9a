"""The events that may be posted, by the name in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from producers.encoder import EventEncoder
from producers.gateway.bodies.avro_bodies import AvroReader
from producers.gateway.callers import NO_EVENT
from producers.gateway.items import ItemMaker
from producers.gateway.personal import Pseudonymiser
from producers.gateway.problems import Problem
from producers.pseudonyms import Pseudonyms
from producers.schema_ids import KeptIds
from schemas.contract import Contract
from schemas.registry import RegistryUnavailable
from schemas.versions import Released


@dataclass(frozen=True)
class Intake:
    """One event's contract and what reads and makes its events."""

    contract: Contract
    avro: AvroReader
    maker: ItemMaker


class Intakes:
    """Made once for each event when it is first asked for; never asks the registry itself."""

    def __init__(
        self,
        catalog: Mapping[str, Contract],
        released: Released,
        ids: KeptIds,
        encoder: EventEncoder,
        keys: Pseudonyms,
    ) -> None:
        self._by_topic = {contract.topic: contract for contract in catalog.values()}
        self._released, self._ids, self._encoder, self._keys = released, ids, encoder, keys
        self._made: dict[str, Intake] = {}

    def named(self, topic: str) -> Intake:
        """The event of a topic's name; raises Problem 404, and RegistryUnavailable while its id was never heard."""
        return self._made.get(topic) or self._make(topic)

    def known_name(self, topic: str) -> str:
        """The name if it is an event's, for the audit."""
        return topic if topic in self._by_topic else NO_EVENT

    def _make(self, topic: str) -> Intake:
        contract = self._by_topic.get(topic)
        if contract is None:
            raise self._unknown(topic)
        if self._ids.known_id(contract) is None:
            raise RegistryUnavailable(f"the schema id of {contract.topic} was never heard")
        versions = [*self._released.get(contract.event, ()), contract]
        writers = {number: each for each in versions if (number := self._ids.known_id(each)) is not None}
        maker = ItemMaker(contract, self._encoder, Pseudonymiser(contract, self._keys))
        self._made[topic] = Intake(contract, AvroReader(contract, writers), maker)
        return self._made[topic]

    def _unknown(self, topic: str) -> Problem:
        near = get_close_matches(topic[:100], self._by_topic, n=3, cutoff=0.5)
        near += [name for name in self._by_topic if name.endswith(f".{topic}") and name not in near]
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        hint_vi = f"có phải là {' hoặc '.join(near)}? " if near else ""
        return Problem(
            404,
            "unknown-event",
            f"No event has that name; {hint}/docs lists all of them.",
            detail_vi=f"Không có sự kiện nào tên như vậy; {hint_vi}/docs liệt kê tất cả.",
        )
