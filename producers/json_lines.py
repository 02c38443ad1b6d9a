"""Publishes events written as JSON lines: the good ones are sent, the bad ones are listed with line and reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from producers.client import EventProducer
from producers.unconfirmed import Unconfirmed
from schemas.codec import EventInvalid


@dataclass(frozen=True)
class BadLine:
    """A line that was not sent; `number` counts from 1."""

    number: int
    reason: str


@dataclass(frozen=True)
class Summary:
    """`sent` events are confirmed by Kafka."""

    sent: int
    bad: tuple[BadLine, ...]


class LineInvalid(ValueError):
    """A line that is no JSON object."""


def publish_lines(
    producer: EventProducer, event_name: str, lines: Iterable[str], on_line: Callable[[], None]
) -> Summary:
    """Sends every line that keeps the contract and waits for Kafka's confirmation; empty lines are passed over.

    Raises NotAcknowledged when Kafka does not confirm an event: those before it may have been sent, and sending the
    file again is harmless when lines have ids.
    """
    sent = 0
    bad: list[BadLine] = []
    waiting = Unconfirmed()
    for number, line in enumerate(lines, 1):
        on_line()
        if not line.strip():
            continue
        try:
            waiting.add(producer.send(event_name, parse_line(line)))
            sent += 1
        except LineInvalid as error:
            bad.append(BadLine(number, str(error)))
        except EventInvalid as error:
            bad.append(BadLine(number, error.found))
    producer.flush()
    waiting.confirm()
    return Summary(sent, tuple(bad))


def parse_line(line: str) -> dict[str, Any]:
    """The JSON object of a line; raises LineInvalid."""
    try:
        event = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineInvalid(f"not JSON at column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise LineInvalid("is nested too deeply") from error
    except ValueError as error:
        raise LineInvalid("has a number of too many digits") from error
    if not isinstance(event, dict):
        raise LineInvalid(f"must be a JSON object with the event's fields, is {type(event).__name__}")
    return event
