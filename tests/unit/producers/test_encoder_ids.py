"""An event_id that is there but none is a mistake, which a new id would hide: repeats would count twice."""

from __future__ import annotations

from typing import Any

import pytest

from producers.encoder import EventEncoder
from schemas.catalog import load_catalog
from schemas.codec import EventInvalid
from tests.samples import task


class Ids:
    def id_of(self, _contract: Any) -> int:
        return 1


@pytest.mark.parametrize("given", ["", 0, [], {}, False])
def test_an_empty_event_id_is_refused(given: Any) -> None:
    encoder = EventEncoder(load_catalog(), Ids())
    with pytest.raises(EventInvalid, match="event_id must be a UUID"):
        encoder.encode("cooperation_task_updated", {**task(1), "event_id": given})


def test_an_event_without_an_id_is_given_one() -> None:
    encoder = EventEncoder(load_catalog(), Ids())
    event = {name: value for name, value in task(1).items() if name != "event_id"}
    for each in (event, {**event, "event_id": None}):
        assert len(encoder.encode("cooperation_task_updated", each).event_id) == 36
