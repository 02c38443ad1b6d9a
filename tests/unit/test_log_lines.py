from __future__ import annotations

import ast
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.log_lines import JsonLines

ROOT = Path(__file__).parents[2]
PACKAGES = ("consumers", "dags", "expectations", "infra", "producers", "schemas")
# `logging` refuses these as extras, but only where a line is really written.
OWN_OF_A_RECORD = logging.makeLogRecord({}).__dict__.keys() | {"message", "asctime"}


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


def extras_in(source: str) -> Iterator[tuple[int, set[str]]]:
    """Line and keys of each literal that names an action."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
            if "action" in keys:
                yield node.lineno, keys


def test_no_extra_is_named_as_a_record_names_its_own() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    extras = [(path, *found) for path in files for found in extras_in(path.read_text())]
    assert len(extras) > 50
    clashing = [f"{path.relative_to(ROOT)}:{line}" for path, line, keys in extras if keys & OWN_OF_A_RECORD]
    assert clashing == []
