from __future__ import annotations

import json
import logging
import sys

from infra.log_lines import JsonLines


def line_of(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(JsonLines().format(record)))


def test_a_line_carries_message_and_extras() -> None:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "đọc %d", "args": (3,), "action": "read"})
    line = line_of(record)
    assert (line["message"], line["action"], line["level"], line["logger"]) == ("đọc 3", "read", "INFO", "x")
    assert set(line) == {"time", "level", "logger", "message", "action"}


def test_a_line_carries_its_exception_and_what_json_cannot_hold() -> None:
    try:
        int("bad")
    except ValueError:
        line = line_of(logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info(), "at": {1}}))
    assert "ValueError: invalid literal" in str(line["exception"])
    assert line["at"] == "{1}"
