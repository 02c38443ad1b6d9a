"""What one client may take of the gateway, so that none starves another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from infra.errors import OperatorError

MEBIBYTE = 2**20


class LimitInvalid(OperatorError):
    """A limit of the gateway is no number above 0: mend the variable GATEWAY_<LIMIT>."""


@dataclass(frozen=True)
class GatewayLimits:
    """Each may be set by a variable of its name, such as GATEWAY_EVENTS_PER_SECOND."""

    body_bytes: int = 4 * MEBIBYTE  # of one request
    batch_events: int = 5_000  # in one request
    body_seconds: float = 20.0  # for a body to arrive whole
    header_seconds: float = 10.0  # for a request's head to arrive whole
    answer_seconds: float = 30.0  # for Kafka or the spool to take the events
    requests_at_once: int = 128  # of one client
    bytes_at_once: int = 64 * MEBIBYTE  # of one client, in bodies being read or worked on
    events_per_second: float = 5_000.0  # of one client, on average; a refused request counts as one
    burst_events: float = 20_000.0  # of one client, at once after a pause


USUAL_LIMITS = GatewayLimits()


def limits_from(environ: Mapping[str, str]) -> GatewayLimits:
    """The limits, with what the environment says in place of the usual; raises LimitInvalid."""
    told = {field.name: environ.get(f"GATEWAY_{field.name.upper()}") for field in fields(GatewayLimits)}
    changes: dict[str, Any] = {
        name: _number(name, text, getattr(USUAL_LIMITS, name)) for name, text in told.items() if text
    }
    return replace(USUAL_LIMITS, **changes)


def _number(name: str, text: str, usual: float) -> float:
    try:
        number = type(usual)(text)
    except ValueError as error:
        raise LimitInvalid(f"GATEWAY_{name.upper()}={text}") from error
    if not 0 < number < float("inf"):
        raise LimitInvalid(f"GATEWAY_{name.upper()}={text}")
    return number
