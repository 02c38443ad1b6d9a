"""How many events may be on their way at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from producers.client import NotAcknowledged, Sent
from producers.unconfirmed import Unconfirmed


@dataclass
class Counted:
    """An event that notes when it is waited for."""

    confirmed: list[int] = field(default_factory=list)
    number: int = 0
    fails: bool = False

    def result(self, timeout_s: float = 0) -> Sent:
        if self.fails:
            raise NotAcknowledged("not this one")
        self.confirmed.append(self.number)
        return Sent("topic", 0, self.number, str(self.number))


def test_no_more_than_the_window_is_ever_unconfirmed() -> None:
    confirmed: list[int] = []
    waiting = Unconfirmed(window=3)
    for number in range(10):
        waiting.add(Counted(confirmed, number))
        assert number + 1 - len(confirmed) < 3
    waiting.confirm()
    assert confirmed == list(range(10))


def test_an_event_that_is_not_durable_is_told_when_the_window_is_full_and_at_the_end() -> None:
    waiting = Unconfirmed(window=2)
    waiting.add(Counted())
    with pytest.raises(NotAcknowledged):
        waiting.add(Counted(fails=True))
    alone = Unconfirmed(window=2)
    alone.add(Counted(fails=True))
    with pytest.raises(NotAcknowledged):
        alone.confirm()
