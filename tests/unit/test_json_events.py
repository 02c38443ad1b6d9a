"""A file of events: lines, one object over several lines, a list; whatever it is, bad parts are named."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pytest

from producers import json_events
from producers.json_events import events_in
from producers.json_lines import LineInvalid

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"


def found(data: bytes | str) -> list[tuple[str, object]]:
    """Each place with the event there, or with what is wrong."""
    data = data.encode() if isinstance(data, str) else data
    return [(each.place, read(each)) for each in events_in(io.BytesIO(data))]


def read(each: json_events.PlacedEvent) -> object:
    try:
        return each.read()
    except LineInvalid as error:
        return str(error)


def test_lines_are_taken_one_by_one() -> None:
    assert found('\ufeff{"a": 1}\r\n\n{"a": 2}') == [("line 1", {"a": 1}), ("line 3", {"a": 2})]
    assert found("") == found("\n \n") == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.accepted.json")), ids=lambda path: path.parent.name)
def test_the_examples_of_the_contracts_are_read_as_they_are(path: Path) -> None:
    data = path.read_bytes()
    event = json.loads(data)
    assert found(data) == [("the event", event)]
    both = json.dumps([event, event], indent=2)
    assert found(both) == [("item 1", event), ("item 2", event)]
    assert found(json.dumps([event, event])) == [("line 1 item 1", event), ("line 1 item 2", event)]


def test_a_broken_first_line_among_lines_is_one_bad_line() -> None:
    first, second = found('{"a": 1,\n{"a": 2}\n')
    assert (first[0], second) == ("line 1", ("line 2", {"a": 2}))
    assert "not JSON" in str(first[1])
    assert [place for place, _ in found('nonsense\n{"a": 2}\n')] == ["line 1", "line 2"]
    assert [place for place, _ in found('{"a": 1')] == ["line 1"]


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        ('\n{\n "a": 1\n "b": 2\n}', "the file, as one JSON document", "not JSON at line 4, column 2"),
        ('[\n{"a": 1},\n5\n]', "item 2", "must be a JSON object with the event's fields, is a number"),
        ("5\n", "line 1", "must be a JSON object"),
        (b'{"a": 1}\n\xff\n', "line 2", "is not UTF-8 at byte 1: save the file as UTF-8"),
        ('{"a": 1}\n'.encode("utf-16"), "line 1", "save the file as UTF-8"),
    ],
)
def test_what_is_no_event_is_told_with_its_place(data: bytes | str, place: str, said: str) -> None:
    assert any(at == place and said in str(told) for at, told in found(data)), found(data)


def test_a_document_that_is_too_large_is_refused_and_lines_never_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_events, "LARGEST_DOCUMENT", 100)
    ((_, said),) = found("[\n" + '{"a": 1},\n' * 20 + '{"a": 1}]')
    assert "write one object a line instead" in str(said)
    assert len(found('{"a": 1}\n' * 20)) == 20


class Endless(io.RawIOBase):
    """Lines that never end, and are never read as one."""

    def __iter__(self) -> Iterator[bytes]:  # type: ignore[override]
        while True:
            yield b'{"a": 1}\n'


def test_lines_are_read_when_they_are_wanted() -> None:
    events = events_in(cast("IO[bytes]", Endless()))
    assert [next(events).place for _ in range(3)] == ["line 1", "line 2", "line 3"]
