"""An agency with an outbox in its database, a contract and topic of its own, and what tests do with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from kafka.admin import KafkaAdminClient
from sqlalchemy import Connection, Engine, insert, select

from infra.settings import Settings
from producers.client import EventProducer, open_producer
from producers.outbox.database import open_outbox
from producers.outbox.relay import Relay, RelayLimits
from producers.outbox.tables import State, metadata, outbox
from schemas.catalog import load_catalog
from schemas.contract import Contract
from tests.component.landing.place import make_topic, options, write_contract
from tests.samples import event_id
from tests.topic_records import records_since

HURRIED = RelayLimits(batch_rows=500, idle=0.05, lease=5.0, answer=10.0, first_pause=0.1, longest_pause=0.5)


@dataclass(frozen=True)
class Agency:
    """`url` is its database; `contracts` the folder with its one contract."""

    settings: Settings
    url: str
    engine: Engine
    contract: Contract
    contracts: Path
    producer: EventProducer

    def write(self, connection: Connection, number: int, **changes: Any) -> None:
        """The n-th row, in the transaction of the connection; ten places take turns as keys."""
        payload = {
            "occurred_at": 1_624_000_000_000 + number,
            "source": "H22.05",
            "synthetic": True,
            "place": f"Chợ phiên {number % 10}",
            "visitors": number,
        }
        row = {"event_id": event_id(number), "event": self.contract.event, "payload": json.dumps(payload)}
        connection.execute(insert(outbox).values({**row, **changes}))

    def write_all(self, count: int, start: int = 0) -> None:
        """That many rows in a transaction of their own."""
        with self.engine.begin() as connection:
            for number in range(start, start + count):
                self.write(connection, number)

    def relay(self, **changes: Any) -> Relay:
        """A relay here, on this agency's producer."""
        given = {"engine": self.engine, "send": self.producer.send, "holder": "test", "limits": HURRIED, **changes}
        return Relay(**given)

    def states(self) -> dict[str, State]:
        """State by event_id."""
        with self.engine.connect() as connection:
            return {row.event_id: State(row.state) for row in connection.execute(select(outbox))}

    def reasons(self) -> dict[str, str]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(outbox).where(outbox.c.state == State.REFUSED))
            return {row.event_id: row.reason for row in rows}

    def in_topic(self) -> dict[str, list[int]]:
        """Numbers of the events in Kafka by key, in their order."""
        found: dict[str, list[int]] = defaultdict(list)
        for record in records_since(self.settings, self.contract):
            found[record.key].append(record.event["visitors"])
        return dict(found)

    def ids_in_topic(self) -> list[str]:
        return [str(record.event["event_id"]) for record in records_since(self.settings, self.contract)]

    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "HAGIANG_HOME": str(self.settings.home),
            "HAGIANG_CONTRACTS": str(self.contracts),
            "HAGIANG_OUTBOX_URL": self.url,
        }

    def hagiang(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """An `hagiang outbox` process with further variables."""
        command = [str(Path(sys.executable).with_name("hagiang")), "outbox", *arguments]
        return subprocess.Popen(
            command, env={**self.environment(), **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def relay_that_dies(self, step: str, times: int = 1) -> None:
        """A relay process that kills itself with -9 when it has passed the step so often."""
        command = [sys.executable, "-m", "tests.component.outbox.dying", step, str(times)]
        done = subprocess.run(command, env=self.environment(), capture_output=True, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@contextmanager
def agency_with(servers: Settings, url: str, folder: Path) -> Iterator[Agency]:
    """An agency with that database, the outbox made in it."""
    contract = write_contract(folder / "avro", f"visit_{uuid4().hex[:10]}")
    engine = open_outbox(url)
    metadata.create_all(engine)
    admin = KafkaAdminClient(**options(servers, servers.kafka.admin))
    make_topic(admin, servers, contract)
    try:
        with open_producer(servers, load_catalog(folder / "avro")) as producer:
            yield Agency(servers, url, engine, contract, folder / "avro", producer)
    finally:
        engine.dispose()
        admin.delete_topics([contract.topic])
        admin.close()
