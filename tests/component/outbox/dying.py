"""A relay that kills itself: `python -m tests.component.outbox.dying STEP TIMES`."""

from __future__ import annotations

import os
import signal
import sys

from infra.settings import load_settings
from producers.client import open_producer
from producers.outbox.database import open_outbox
from producers.outbox.relay import Relay
from schemas.catalog import catalog_folder, load_catalog
from tests.component.outbox.agency import HURRIED


def main(step: str, times: int) -> None:
    passed = 0

    def die(at: str) -> None:
        nonlocal passed
        passed += at == step
        if passed == times:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_producer(load_settings(os.environ), load_catalog(catalog_folder(os.environ))) as producer:
        outbox = open_outbox(os.environ["HAGIANG_OUTBOX_URL"])
        Relay(outbox, producer.send, "dying", HURRIED, on_step=die).drain()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
