"""An HTTP client that costs little, so that what is measured is the server: made requests, many connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back: how many answers of each status, and the seconds each took."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def add(self, status: int, seconds: float) -> None:
        """One answer."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.seconds.append(seconds)

    def quantile(self, share: float) -> float:
        """Seconds within which that share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request_bytes(path: str, key: str, body: bytes) -> bytes:
    """A whole POST request of JSON."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def closed_loop(port: int, requests: Sequence[bytes], clients: int) -> Load:
    """So many clients take turns through the requests; each sends its next one when it has its answer."""
    load, left = Load(), iter(requests)
    await asyncio.gather(*(_client(port, left, load, lambda: time.perf_counter()) for _ in range(clients)))
    return load


OnAnswer = Callable[[int, int, float], None]
"""Hears the number of a request, the status of its answer and the seconds that it took."""


def _nobody_asks(_number: int, _status: int, _seconds: float) -> None:
    """For loads whose sums are enough."""


async def open_loop(
    port: int, requests: Sequence[bytes], clients: int, rate: float, on_answer: OnAnswer = _nobody_asks
) -> Load:
    """The requests at a steady rate, whatever the answers take; seconds count from when each was due."""
    load, left, start = Load(), iter(enumerate(requests)), time.perf_counter()
    await asyncio.gather(*(_paced_client(port, left, load, start, rate, on_answer) for _ in range(clients)))
    return load


async def _client(port: int, left: Iterator[bytes], load: Load, clock: Callable[[], float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in left:
        await _exchange(reader, writer, request, load, clock())
    writer.close()


async def _paced_client(
    port: int, left: Iterator[tuple[int, bytes]], load: Load, start: float, rate: float, on_answer: OnAnswer
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, request in left:
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status = await _exchange(reader, writer, request, load, due)
        on_answer(number, status, time.perf_counter() - due)
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, load: Load, since: float
) -> int:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, rest = head.lower().partition(b"content-length: ")
    await reader.readexactly(int(rest[: rest.index(b"\r")]))
    status = int(head[9:12])
    load.add(status, time.perf_counter() - since)
    return status
