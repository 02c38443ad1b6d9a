"""FPT's programme feed: tasks, trainings, events and projects of the cooperation, in one list.

An item is an event of its contract with one field more, `event`, its name. A correction is a report with a higher
`report_version`: the marts take the highest, so that it replaces the report before it.
"""

from __future__ import annotations

import json
import uuid
from difflib import get_close_matches
from typing import Any

from producers.translated import Translated
from schemas.codec import EventInvalid
from schemas.rules import HIDDEN, Violation, kind_of, show

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vn:hagiang:fpt-programme")
EVENTS = ("cooperation_task_updated", "training_session_held", "business_event_held", "project_status_changed")
SOURCE = "fpt"


class ItemInvalid(EventInvalid):
    """The item of the programme cannot be taken: mend what is named and send the item again."""


def translate(item: Any, *, source: str = SOURCE, synthetic: bool = False) -> Translated:
    """The event of an item; raises ItemInvalid. `source` and `synthetic` stand in where the item does not say.

    An item without an event_id is known by all that it says: sent twice it counts once, and changed without a higher
    report_version it is a report of its own.
    """
    if not isinstance(item, dict):
        kind = kind_of(item)
        raise _invalid(
            "item", "type", kind.en, f"must be an object, is {kind.en}", f"phải là đối tượng, đang là {kind.vi}"
        )
    name = item.get("event")
    if name not in EVENTS:
        raise _no_event(name)
    event = {"source": source, "synthetic": synthetic} | {key: value for key, value in item.items() if key != "event"}
    if event.get("event_id") is None:
        event["event_id"] = _identity(name, event)
    return Translated(name, event)


def _no_event(name: Any) -> ItemInvalid:
    known = ", ".join(EVENTS)
    if name is None:
        said, said_vi = f"is missing: it is one of {known}", f"bị thiếu: phải là một trong {known}"
        return _invalid("event", "required", "null", said, said_vi)
    if not isinstance(name, str):
        kind = kind_of(name)
        said, said_vi = f"must be one of {known}, is {kind.en}", f"phải là một trong {known}, đang là {kind.vi}"
        return _invalid("event", "type", HIDDEN, said, said_vi)
    shown, near = show(name), get_close_matches(name[:80].lower(), EVENTS, n=1)
    hint, hint_vi = (f" (did you mean {near[0]}?)", f" (có phải là {near[0]}?)") if near else ("", "")
    said, said_vi = f"must be one of {known}{hint}", f"phải là một trong {known}{hint_vi}"
    return _invalid("event", "enum", shown, f"{said}, is {shown}", f"{said_vi}, đang là {shown}")


def _identity(name: str, event: dict[str, Any]) -> str:
    try:
        said = json.dumps(event, sort_keys=True, ensure_ascii=True, default=str)
    except RecursionError as error:
        raise _invalid("item", "type", HIDDEN, "is nested too deeply", "lồng nhau quá sâu") from error
    return str(uuid.uuid5(NAMESPACE, f"{name}\n{said}"))


def _invalid(field: str, rule: str, value: str, said: str, said_vi: str) -> ItemInvalid:
    return ItemInvalid([Violation(field, rule, value, f"{field} {said}", f"{field} {said_vi}")])
