"""From rows to acknowledged events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.errors import OperatorError
from producers.client import Delivery, NotGranted
from producers.json_lines import LineInvalid, parse_line
from producers.outbox.rows import OutboxRow, RefusedRow
from schemas.catalog import UnknownEvent
from schemas.codec import EventInvalid

Send = Callable[[str, Mapping[str, Any]], Delivery]

# Kafka's usual bound for a record is 1 MiB, and an event takes less room in Avro than in JSON.
LARGEST_PAYLOAD_BYTES = 1_000_000


class RowInvalid(ValueError):
    """A row whose payload is no event."""


@dataclass(frozen=True)
class Published:
    """What has become of rows: ids that Kafka has acknowledged, rows that are refused, and what stopped the rest."""

    ids: tuple[int, ...]
    refused: tuple[RefusedRow, ...]
    failure: OperatorError | None


def publish_rows(send: Send, rows: Sequence[OutboxRow], answer_s: float) -> Published:
    """Send the rows in their order and wait for Kafka's word on them, at most `answer_s` seconds for each.

    A row that is invalid, or whose event is not granted, is refused and the next one sent. The first failure that is
    not the row's own ends it: ids after a row that was not acknowledged are not given even when Kafka has them, so that
    the next try repeats them in order.
    """
    sent: list[tuple[int, Delivery]] = []
    refused: list[RefusedRow] = []
    failure: OperatorError | None = None
    for row in rows:
        try:
            sent.append((row.id, send(row.event, event_of(row))))
        except RowInvalid as error:
            refused.append(RefusedRow(row.id, str(error)))
        except (EventInvalid, UnknownEvent) as error:
            refused.append(RefusedRow(row.id, error.found))
        except NotGranted as error:
            refused.append(RefusedRow(row.id, str(error)))
        except OperatorError as error:
            failure = error
            break
    ids, denied, unconfirmed = _confirmed(sent, answer_s)
    return Published(tuple(ids), (*refused, *denied), unconfirmed or failure)


def event_of(row: OutboxRow) -> dict[str, Any]:
    """The row's event with the row's event_id; raises RowInvalid."""
    size = len(row.payload.encode(errors="surrogatepass"))
    if size > LARGEST_PAYLOAD_BYTES:
        raise RowInvalid(f"payload has {size} bytes, {LARGEST_PAYLOAD_BYTES} are allowed")
    try:
        event = parse_line(row.payload)
    except LineInvalid as error:
        raise RowInvalid(f"payload: {error}") from error
    if event.get("event_id", row.event_id) != row.event_id:
        raise RowInvalid(f"payload has an event_id of its own that is not the row's {row.event_id}: leave it out")
    return {**event, "event_id": row.event_id}


def _confirmed(
    sent: Sequence[tuple[int, Delivery]], answer_s: float
) -> tuple[list[int], list[RefusedRow], OperatorError | None]:
    ids: list[int] = []
    denied: list[RefusedRow] = []
    for number, delivery in sent:
        try:
            delivery.result(answer_s)
        except NotGranted as error:
            denied.append(RefusedRow(number, str(error)))
        except OperatorError as error:
            return ids, denied, error
        else:
            ids.append(number)
    return ids, denied, None
