"""Refusals as RFC 9457 problem details: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from producers.gateway.mending import MENDS
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
    "idempotency-key": "The Idempotency-Key cannot be used",
    "too-many": "Too many requests",
    "spool-full": "No room is left",
    "unavailable": "The event cannot be taken now",
    "internal": "The gateway failed",
    "not-signed": "The push is not signed as the platform signs",
}
TITLES_VI: Mapping[str, str] = {
    "unreadable": "Không đọc được nội dung",
    "query": "Không hiểu tham số trong địa chỉ",
    "event-invalid": "Sự kiện không đúng hợp đồng dữ liệu",
    "no-key": "Không có khóa API hợp lệ",
    "not-granted": "Bạn chưa được cấp quyền này",
    "unknown-event": "Không có sự kiện này",
    "not-found": "Không có gì ở địa chỉ này",
    "not-arrived": "Sự kiện chưa có trong kho dữ liệu",
    "method": "Phương thức không phù hợp",
    "body-too-slow": "Nội dung không đến kịp thời hạn",
    "too-large": "Yêu cầu quá lớn",
    "media-type": "Kiểu nội dung không được hỗ trợ ở đây",
    "idempotency": "Idempotency-Key đã dùng cho nội dung khác",
    "idempotency-key": "Không dùng được Idempotency-Key này",
    "too-many": "Quá nhiều yêu cầu",
    "spool-full": "Không còn chỗ chứa",
    "unavailable": "Hiện chưa nhận được sự kiện",
    "internal": "Cổng tiếp nhận gặp lỗi",
    "not-signed": "Thông báo không có chữ ký đúng của sàn",
}


class Problem(Exception):
    """A refusal: `kind` is a key of TITLES, `detail` a sentence that says how to mend it, `detail_vi` the same in
    Vietnamese; without one the kind's usual advice stands there.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        *,
        detail_vi: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.detail_vi = detail_vi or MENDS[kind].vi
        self.errors, self.headers = errors, dict(headers or {})

    def body(self) -> bytes:
        """The problem as JSON; at most 200 errors are listed."""
        told: dict[str, Any] = {
            "type": f"/docs/problems#{self.kind}",
            "title": TITLES[self.kind],
            "title_vi": TITLES_VI[self.kind],
            "status": self.status,
            "detail": self.detail,
            "detail_vi": self.detail_vi,
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


def unreadable(violations: Sequence[Violation]) -> Problem:
    """A body of no use; what is wrong with it is the detail too."""
    return told_at_once(400, "unreadable", violations)


def told_at_once(status: int, kind: str, violations: Sequence[Violation]) -> Problem:
    """A problem whose detail is what its errors say."""
    detail = _sentence([each.message for each in violations], _BODY)
    detail_vi = _sentence([each.message_vi for each in violations], _BODY_VI)
    return Problem(status, kind, detail, [error_of(each) for each in violations], detail_vi=detail_vi)


_BODY = {"body ": "The body ", "document ": "The document "}
_BODY_VI = {"body ": "Nội dung ", "tài liệu ": "Tài liệu "}


def _sentence(parts: Sequence[str], subjects: Mapping[str, str]) -> str:
    """One sentence, with `The body` for an error of a field `body`; names of other fields stay as they are written."""
    said = "; ".join(parts)
    for name, subject in subjects.items():
        if said.startswith(name):
            return f"{subject}{said.removeprefix(name)}."
    return f"{said}."


def about(field: str, rule: str, value: str, message: str, message_vi: str) -> Violation:
    """A violation whose messages begin with the field."""
    return Violation(field, rule, value, f"{field} {message}", f"{field} {message_vi}")
