"""An import of the drop folder that kills itself: `python -m tests.component.files.dying BUCKET AFTER`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from infra.settings import load_settings
from producers.client import Delivery, open_producer
from producers.files.drop import Desk, import_dropped, open_drop, waiting_files
from schemas.catalog import load_catalog


def main(bucket: str, after: int) -> None:
    settings, catalog = load_settings(os.environ), load_catalog()
    store = open_drop(replace(settings.lake, bucket=bucket))
    sent = 0
    with open_producer(settings, catalog) as producer:

        def send(name: str, event: Mapping[str, Any]) -> Delivery:
            nonlocal sent
            if sent == after:
                producer.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            sent += 1
            return producer.send(name, event)

        import_dropped(Desk(store, catalog, None, lambda: datetime.now(UTC)), waiting_files(store), send)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
