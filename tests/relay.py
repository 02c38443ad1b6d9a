"""A relay in front of a server, that can be cut, silenced, slowed and mended as a network can."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Relay:
    """Passes bytes between its own port and a server's; while it is cut, connections break and new ones are refused.

    While it is silent, connections stand and nothing passes; `delay` holds every piece back for so many seconds.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._open: set[socket.socket] = set()
        self._passing = threading.Event()
        self._passing.set()
        self.delay = 0.0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accept_in_thread()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        # A blocked accept keeps a closed socket listening, a shut down one not.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            _break(connection)

    def silence(self) -> None:
        """Let nothing pass, and tell nobody."""
        self._passing.clear()

    def mend(self) -> None:
        """Take connections again, on the same port, and pass everything at once."""
        self.delay = 0.0
        self._passing.set()
        if self._listener.fileno() == -1:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._accept_in_thread()

    def _accept_in_thread(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        """Both directions, in threads; a server that is away refuses through us too."""
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        for source, sink in ((near, far), (far, near)):
            self._open.add(source)
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._passing.wait()
                time.sleep(self.delay)
                sink.sendall(data)
        _break(sink)
        self._open.discard(source)
        source.close()


@contextmanager
def relay_to(host: str, port: int) -> Iterator[Relay]:
    relay = Relay(host, port)
    try:
        yield relay
    finally:
        relay.mend()
        relay.cut()


def _break(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
