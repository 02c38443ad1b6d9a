"""The relay does to connections what the suite's network faults are called."""

from __future__ import annotations

import socket
import threading

from tests.relay import relay_to


def _echo(listener: socket.socket) -> None:
    """Sends back what comes, one connection after another, until the listener is closed."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(100):
                    connection.sendall(data)

    threading.Thread(target=serve, daemon=True).start()


def _asked(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"hello")
        return connection.recv(100)


def test_a_server_that_was_away_is_reached_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with relay_to("127.0.0.1", port) as relay:
        with socket.create_connection(("127.0.0.1", relay.port), timeout=20) as refused:
            assert refused.recv(100) == b""
        with socket.create_server(("127.0.0.1", port)) as listener:
            _echo(listener)
            assert _asked(relay.port) == b"hello"
