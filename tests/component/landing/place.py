"""A contract of a test's own with everything it needs on the servers, and what tests do with it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import NodeNotReadyError
from kafka.producer.future import FutureRecordMetadata

from consumers.lake.batches import batches_after, lake_end, read_file
from consumers.lake.decode import to_arrow
from consumers.lake.manifest import Manifest
from consumers.lake.seals import seals_of
from infra.kafka.rights import wanted_rights
from infra.kafka.topics import ensure_topics
from infra.object_store import LakeStore, open_lake
from infra.settings import Login, Settings
from schemas.catalog import load_catalog
from schemas.contract import Contract, camel_case
from schemas.registry import Registry
from schemas.signature import signed_headers
from schemas.wire import frame
from tests.unit.lake.made_files import encoded, visit
from tests.waiting import wait_until as wait_until

PARTITIONS = 2


@dataclass(frozen=True)
class Place:
    """`settings` name the test's own bucket; `contracts` is the folder that holds its one contract."""

    settings: Settings
    contracts: Path
    contract: Contract
    schema_id: int
    lake: LakeStore
    group: str
    admin: Any
    producer: Any

    @property
    def topic(self) -> str:
        return self.contract.topic

    def catalog(self) -> Any:
        return load_catalog(self.contracts)

    def datum(self, number: int) -> bytes:
        return encoded({**envelope(number), **visit(number)}, self.contract.schema)

    def value(self, number: int) -> bytes:
        return frame(self.schema_id, self.datum(number))

    def send(self, values: Iterable[bytes | None], partition: int = 0) -> None:
        """Publish the values, in order, and wait until Kafka has them all."""
        for number, value in enumerate(values):
            self.queue(value, partition, b"key %d" % number)
        self.producer.flush(timeout=30)

    def queue(
        self, value: bytes | None, partition: int = 0, key: bytes | None = None, topic: str | None = None
    ) -> FutureRecordMetadata:
        """Publish a value, signed as the platform, without waiting."""
        topic = topic or self.topic
        signer = self.settings.signer
        headers = signed_headers(signer.client, signer.signing_key, topic, key, value)
        return self.producer.send(topic, partition=partition, key=key, value=value, headers=headers)

    def send_good(self, count: int, partition: int = 0, start: int = 0) -> None:
        self.send([self.value(start + number) for number in range(count)], partition)

    def batches(self, partition: int = 0) -> list[Manifest]:
        return list(batches_after(self.lake, self.topic, partition, 0))

    def rows(self, manifest: Manifest) -> dict[int, dict[str, Any]]:
        """Landed events of a batch by offset."""
        rows: dict[int, dict[str, Any]] = {}
        for file in manifest.files:
            if file.schema_id is not None:
                table = to_arrow(read_file(self.lake, manifest, file))
                offsets, _ = seals_of(table, file.seal_base, manifest.from_offset)
                rows |= dict(zip(offsets.tolist(), table.select(["place", "visitors"]).to_pylist(), strict=True))
        return rows

    def rejects(self, manifest: Manifest) -> list[dict[str, Any]]:
        files = [file for file in manifest.files if file.schema_id is None]
        return [row for file in files for row in to_arrow(read_file(self.lake, manifest, file)).to_pylist()]

    def landed(self, partition: int = 0) -> list[int]:
        """Offsets of all landed records as a loader takes them: overlaps trimmed, rejects included."""
        reached, offsets = 0, []
        for manifest in self.batches(partition):
            found = [*self.rows(manifest), *(reject["offset"] for reject in self.rejects(manifest))]
            offsets += sorted(offset for offset in found if offset >= reached)
            reached = manifest.next_offset
        return offsets

    def committed(self, partition: int = 0) -> int | None:
        """None when nothing is; waits while the administrator's client finds its way to the group's coordinator."""
        asked = {self.group: [TopicPartition(self.topic, partition)]}
        deadline = time.monotonic() + 30
        while True:
            try:
                offsets = self.admin.list_group_offsets(asked)
                break
            except NodeNotReadyError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        offset = offsets[self.group].get(TopicPartition(self.topic, partition))
        return None if offset is None or offset.offset < 0 else int(offset.offset)

    def commit(self, partition: int, offset: int) -> None:
        """Set the group's committed offset."""
        self.admin.alter_group_offsets(self.group, {TopicPartition(self.topic, partition): OffsetAndMetadata(offset)})

    def reached(self, partition: int) -> int:
        """The end of what has landed without a gap."""
        return lake_end(self.lake, self.topic, partition, 0)

    def ends(self) -> dict[int, int]:
        """The end of each partition in Kafka."""
        partitions = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
        with closing(KafkaConsumer(**options(self.settings, self.settings.kafka.landing))) as consumer:
            return {partition.partition: end for partition, end in consumer.end_offsets(partitions).items()}

    def members(self) -> int:
        """How many processes share the topic in this place's group, once it is at rest."""
        (group,) = self.admin.describe_groups([self.group]).values()
        return len(group["members"]) if group["group_state"] == "Stable" else 0


def envelope(number: int) -> dict[str, Any]:
    return {"occurred_at": 1_624_000_000_000 + number, "source": "H22.05", "synthetic": True}


@contextmanager
def new_place(servers: Settings, folder: Path) -> Iterator[Place]:
    """A place named at random."""
    name = uuid4().hex[:10]
    settings = replace(servers, lake=replace(servers.lake, bucket=f"landing-{name}"))
    contract = write_contract(folder / "avro", f"visit_{name}")
    lake = open_lake(settings.lake)
    lake.make_bucket()
    admin = KafkaAdminClient(**options(settings, settings.kafka.admin))
    make_topic(admin, settings, contract)
    producer = KafkaProducer(**options(settings, settings.kafka.publisher), acks="all", linger_ms=20)
    with Registry(settings.registry_url) as registry:
        schema_id = registry.register(contract.subject, contract.schema)
        try:
            yield Place(settings, folder / "avro", contract, schema_id, lake, f"landing-{name}", admin, producer)
        finally:
            producer.close()
            admin.delete_topics([contract.topic])
            admin.close()


def make_topic(admin: Any, settings: Settings, contract: Contract) -> None:
    """The contract's topic and the rights on it."""
    ensure_topics(admin, [contract])
    refused = admin.create_acls(list(wanted_rights(settings.kafka, [contract])))["failed"]
    assert not refused


def write_contract(folder: Path, event: str) -> Contract:
    """A contract of the domain `society` with a place and a number of visitors."""
    plain = {"doc": "?", "doc_vi": "?", "personal_data": "none"}
    fields: Sequence[tuple[str, Any]] = [
        ("event_id", {"type": "string", "logicalType": "uuid"}),
        ("occurred_at", {"type": "long", "logicalType": "timestamp-millis"}),
        ("source", "string"),
        ("synthetic", "boolean"),
        ("place", "string"),
    ]
    visitors = {"name": "visitors", "type": ["null", "int"], "default": None, **plain}
    schema = {
        "type": "record",
        "name": camel_case(event),
        "namespace": "vn.hagiang.society",
        "doc": "?",
        "doc_vi": "?",
        "owner": "tests",
        "key": "place",
        "producers": ["agency"],
        "retention_days": 1,
        "partitions": PARTITIONS,
        "version": 1,
        "fields": [*({"name": name, "type": avro, **plain} for name, avro in fields), visitors],
    }
    path = folder / "society" / f"{event}.avsc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema), encoding="utf-8")
    return load_catalog(folder)[event]


def options(settings: Settings, login: Login) -> dict[str, Any]:
    """A kafka-python client's options."""
    return settings.kafka.client_options(login)
