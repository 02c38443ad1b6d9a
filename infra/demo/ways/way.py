"""What a way in is to the demo: who uses it, for which events, and how something is handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from infra.access.wishes import Wish
from infra.errors import OperatorError
from infra.settings import Settings
from producers.simulator.foreign.message import Message
from producers.simulator.record import Record
from schemas.contract import Contract

SPOILED = 3
"""So many messages more are handed over by each way, that it must refuse."""


class NotHandedOver(OperatorError):
    """A way in did not take what it was given: see `hagiang status` and the log of the part that is named."""


@dataclass(frozen=True)
class Handed:
    """How many messages a way was given, and how many of them it refused."""

    given: int = 0
    refused: int = 0

    def __add__(self, other: Handed) -> Handed:
        return Handed(self.given + other.given, self.refused + other.refused)


@dataclass(frozen=True)
class Desk:
    """Where one way hands things over; `credentials` are the variables that its client was given.

    `run` is a name that no other run has; `on_message` is told how many more messages were handed over.
    """

    settings: Settings
    catalog: Mapping[str, Contract]
    credentials: Mapping[str, str]
    run: str
    on_message: Callable[[int], None]


HandOver = Callable[[Desk, Sequence[Message]], Handed]
"""Hands all over, with SPOILED bad ones more, and returns when Kafka has the good ones; raises NotHandedOver."""


@dataclass(frozen=True)
class Way:
    """`client` is who uses it, None where the platform fetches what lies there. `takes` says which good events go by
    it, `most` of how many keys of each event at most, and `tell` makes the message of an event.

    By a way that is `recognising`, what came before is not published again.
    """

    name: str
    client: Wish | None
    takes: Callable[[Record], bool]
    tell: Callable[[Record], Message]
    hand_over: HandOver
    most: Mapping[str, int] = field(default_factory=dict)
    recognising: bool = False
