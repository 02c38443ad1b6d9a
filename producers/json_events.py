"""Events in a file: one JSON object a line, or one JSON document, an object or a list of them, over several lines."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import IO, Any

from producers.json_lines import LineInvalid, object_in, parse_line, parsed

LARGEST_DOCUMENT = 64 << 20


@dataclass(frozen=True)
class PlacedEvent:
    """`place` is a line or an item; `read` gives the JSON object there or raises LineInvalid."""

    place: str
    read: Callable[[], dict[str, Any]]


def events_in(file: IO[bytes], on_line: Callable[[], None] = lambda: None) -> Iterator[PlacedEvent]:
    """The file's events. It is one document if its first line is the beginning of one and no JSON by itself.

    Memory is bounded: by a line, or by LARGEST_DOCUMENT. Empty lines are passed over.
    """
    lines = ((number, line) for number, line in _counted(file, on_line) if line.strip())
    first = list(_taken(lines, 1))
    if not first or _is_json(first[0][1]):
        yield from _by_line(chain(first, lines))
        return
    first += _taken(lines, 1)
    if _begins_document([line for _, line in first]):
        blank = b"\n" * (first[0][0] - 1)  # so that errors name the file's own lines
        yield from _in_document([blank, *(line for _, line in first)], file)
    else:
        yield from _by_line(chain(first, lines))


def _counted(file: IO[bytes], on_line: Callable[[], None]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(file, 1):
        on_line()
        yield number, line.removeprefix(BOM_UTF8) if number == 1 else line


def _taken(lines: Iterator[tuple[int, bytes]], count: int) -> Iterator[tuple[int, bytes]]:
    for _, line in zip(range(count), lines, strict=False):
        yield line


def _is_json(line: bytes) -> bool:
    try:
        parsed(_text(line))
    except LineInvalid:
        return False
    return True


def _begins_document(lines: list[bytes]) -> bool:
    """A list, or an object whose next line is none: else it is a broken line among lines."""
    begins_list, begins_object = lines[0].lstrip().startswith(b"["), lines[0].lstrip().startswith(b"{")
    return len(lines) > 1 and (begins_list or (begins_object and not _is_object(lines[1])))


def _is_object(line: bytes) -> bool:
    return line.lstrip().startswith(b"{") and _is_json(line)


def _by_line(lines: Iterable[tuple[int, bytes]]) -> Iterator[PlacedEvent]:
    for number, line in lines:
        if line.lstrip().startswith(b"[") and _is_json(line):
            yield from _items(parsed(_text(line)), f"line {number} item ")
        else:
            yield PlacedEvent(f"line {number}", partial(_read_line, line))


def _read_line(line: bytes) -> dict[str, Any]:
    return parse_line(_text(line))


def _in_document(read: list[bytes], file: IO[bytes]) -> Iterator[PlacedEvent]:
    try:
        value = parsed(_text(b"".join([*read, _rest(file)])))
    except LineInvalid as error:
        yield PlacedEvent("the file, as one JSON document", partial(_raise, error))
        return
    if isinstance(value, list):
        yield from _items(value, "item ")
    else:
        yield PlacedEvent("the event", partial(object_in, value))


def _rest(file: IO[bytes]) -> bytes:
    rest = file.read(LARGEST_DOCUMENT + 1)
    if len(rest) > LARGEST_DOCUMENT:
        raise LineInvalid(f"has more than {LARGEST_DOCUMENT >> 20} MB: write one object a line instead")
    return rest


def _items(values: list[Any], place: str) -> Iterator[PlacedEvent]:
    for number, value in enumerate(values, 1):
        yield PlacedEvent(f"{place}{number}", partial(object_in, value))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise LineInvalid(f"is not UTF-8 at byte {error.start + 1}: save the file as UTF-8") from error


def _raise(error: LineInvalid) -> dict[str, Any]:
    raise error
