"""Waiting for Airflow's DAGs: an API server that is too busy to answer is asked again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, cast

import pytest

from infra.local.airflow_dags import DagsNotRead, await_dags
from infra.local.home import PROJECT
from infra.local.stack import Stack
from schemas.catalog import load_catalog


@contextmanager
def airflow(dags: list[str], refusals: int = 0) -> Iterator[Stack]:
    """A server that knows these DAGs, and refuses that many lists before it gives one."""
    left = [refusals]

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(201, {"access_token": "t"})

        def do_GET(self) -> None:
            if left[0]:
                left[0] -= 1
                self._answer(500, {})
            elif self.path.startswith("/api/v2/importErrors"):
                self._answer(200, {"import_errors": [{"filename": "load.py", "stack_trace": "SyntaxError"}]})
            else:
                self._answer(200, {"dags": [{"dag_id": each} for each in dags]})

        def _answer(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stack(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


def stack(port: int) -> Stack:
    told = SimpleNamespace(
        dags=PROJECT / "dags",
        contracts=PROJECT / "schemas" / "avro",
        credentials=SimpleNamespace(airflow_admin="secret"),
        url=lambda _part: f"http://127.0.0.1:{port}",
    )
    return cast("Stack", told)


ALL = sorted(f"load_{event}" for event in load_catalog())


def test_refusals_of_a_busy_server_are_waited_out() -> None:
    with airflow(ALL, refusals=2) as there:
        await_dags(there)


def test_a_dag_that_is_not_read_is_named_with_the_import_errors() -> None:
    with airflow(ALL[1:]) as there, pytest.raises(DagsNotRead, match=rf"(?s)no DAG {ALL[0]}; .*load.py: SyntaxError"):
        await_dags(there, seconds=0)


def test_a_server_that_never_answers_is_told() -> None:
    with pytest.raises(DagsNotRead, match="does not answer as it should: ConnectError"):
        await_dags(stack(9), seconds=0)
