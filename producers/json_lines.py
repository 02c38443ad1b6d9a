"""JSON as people write it into a line or a file: read, or refused with a reason that says how to mend it."""

from __future__ import annotations

import json
from typing import Any

from schemas.rules import kind_of


class LineInvalid(ValueError):
    """A line, or an item of a list, that is no JSON object."""


def parse_line(line: str) -> dict[str, Any]:
    """The JSON object of a line; raises LineInvalid."""
    return object_in(parsed(line))


def parsed(text: str) -> Any:
    """Any JSON value; raises LineInvalid."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise LineInvalid(f"not JSON at {line}column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise LineInvalid("is nested too deeply") from error
    except ValueError as error:
        raise LineInvalid("has a number of too many digits") from error


def object_in(value: Any) -> dict[str, Any]:
    """The value if it is a JSON object; raises LineInvalid."""
    if not isinstance(value, dict):
        raise LineInvalid(f"must be a JSON object with the event's fields, is {kind_of(value).en}")
    return value
