"""Refusals as RFC 9457 problem details: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from schemas.rules import Violation

PROBLEM_JSON = "application/problem+json"
LISTED_ERRORS = 200

TITLES: Mapping[str, str] = {
    "unreadable": "The body cannot be read",
    "query": "A parameter of the address is not understood",
    "event-invalid": "The event breaks its contract",
    "no-key": "No valid API key",
    "not-granted": "The client may not do this",
    "unknown-event": "There is no such event",
    "not-found": "There is nothing here",
    "not-arrived": "The event is not in the warehouse yet",
    "method": "The method does not fit",
    "body-too-slow": "The body did not arrive in time",
    "too-large": "The request is too large",
    "media-type": "The content type is not known here",
    "idempotency": "The Idempotency-Key was used for another body",
    "too-many": "Too many requests",
    "spool-full": "No room is left",
    "unavailable": "The event cannot be taken now",
    "internal": "The gateway failed",
}


class Problem(Exception):
    """A refusal: `kind` is a key of TITLES, `detail` a sentence that says how to mend it."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.headers = errors, dict(headers or {})

    def body(self) -> bytes:
        """The problem as JSON; at most 200 errors are listed."""
        told: dict[str, Any] = {
            "type": f"/docs/problems#{self.kind}",
            "title": TITLES[self.kind],
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            told["errors"] = list(self.errors[:LISTED_ERRORS])
        if len(self.errors) > LISTED_ERRORS:
            told["errors_not_listed"] = len(self.errors) - LISTED_ERRORS
        return orjson.dumps(told)


def error_of(violation: Violation, item: int | None = None) -> dict[str, Any]:
    """One error of a problem; `item` counts the events of a batch from 0."""
    told: dict[str, Any] = {} if item is None else {"item": item}
    return told | {
        "field": violation.field,
        "rule": violation.rule,
        "value": violation.value,
        "message": violation.message,
        "message_vi": violation.message_vi,
    }


def about(field: str, rule: str, value: str, message: str, message_vi: str) -> Violation:
    """A violation whose messages begin with the field."""
    return Violation(field, rule, value, f"{field} {message}", f"{field} {message_vi}")
