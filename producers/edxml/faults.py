"""What is wrong with an edXML message, and at which element."""

from __future__ import annotations

from schemas.codec import EventInvalid
from schemas.rules import HIDDEN, Violation, show


class EdxmlInvalid(EventInvalid):
    """The edXML message cannot be taken: mend the element that is named and send the message again."""


def fault(path: str, rule: str, said: str, said_vi: str, value: str | None = None) -> Violation:
    """A violation at an element; `value` is shown, so give none that may be about a person."""
    shown = HIDDEN if value is None else show(value)
    end, end_vi = ("", "") if value is None else (f", is {shown}", f", đang là {shown}")
    named, named_vi = ("the message", "thông điệp") if path == "/" else (path, path)
    return Violation(path, rule, shown, f"{named} {said}{end}", f"{named_vi} {said_vi}{end_vi}")


def invalid(path: str, rule: str, said: str, said_vi: str, value: str | None = None) -> EdxmlInvalid:
    """An error with one fault."""
    return EdxmlInvalid([fault(path, rule, said, said_vi, value)])


def missing(path: str) -> EdxmlInvalid:
    """An element that must be there and hold something."""
    return invalid(path, "required", "is missing or empty", "bị thiếu hoặc để trống")
