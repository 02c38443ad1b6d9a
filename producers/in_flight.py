"""What Kafka has been given and has not answered for yet, in the order in which it was given."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from producers.acknowledged import Handover
from producers.client import NotAcknowledged, Sent
from producers.kafka_batches import Answer, OnAnswer
from producers.spool.drain import is_refusal


@dataclass(frozen=True, slots=True)
class Flight:
    """Records of one topic: their places in a handover, and since when (monotonic seconds) they are on their way."""

    handover: Handover
    numbers: Sequence[int]
    since: float

    def settle(self, answer: Answer) -> bool:
        """Tell the handover what Kafka says; False when some records were not taken, and for no fault of their own."""
        numbers = [self.numbers[number] for number in answer.numbers]
        if answer.error_of is None:
            self.handover.settle(numbers, self._sent(numbers, answer))
            return True
        errors = {number: answer.error_of(place) for place, number in enumerate(numbers)}
        refused = {number: error for number, error in errors.items() if is_refusal(error)}
        self.handover.settle(refused, [self._refused(number, error) for number, error in refused.items()])
        return len(refused) == len(errors)

    def unsettled(self) -> list[int]:
        """The records that have no outcome yet."""
        return self.handover.unsettled(self.numbers)

    def _sent(self, numbers: Sequence[int], answer: Answer) -> list[Sent]:
        records, partition, first = self.handover.records, answer.partition, answer.offset
        step = 1 if first >= 0 else 0
        return [
            Sent(records[number].topic, partition, first + place * step, records[number].event_id)
            for place, number in enumerate(numbers)
        ]

    def _refused(self, number: int, error: Exception) -> NotAcknowledged:
        return NotAcknowledged(f"{self.handover.records[number].topic}: {error}")


class InFlight:
    """Begun by whoever hands records to Kafka, settled by Kafka's thread, taken by whoever finds Kafka away."""

    def __init__(self, on_trouble: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_trouble, self._clock = on_trouble, clock
        self._flights: dict[int, Flight] = {}
        self._numbers = itertools.count()

    def begin(self, handover: Handover, numbers: Sequence[int]) -> OnAnswer:
        """A flight begins; gives what is to be told of Kafka's answers about it."""
        flight, number = Flight(handover, numbers, self._clock()), next(self._numbers)
        self._flights[number] = flight

        def answered(answer: Answer) -> None:
            if not flight.settle(answer):
                self._on_trouble()
            elif not flight.unsettled():
                self._flights.pop(number, None)

        return answered

    def oldest_age(self) -> float:
        """Seconds since the earliest flight began that has not ended; 0 when there is none."""
        begun = [flight.since for flight in list(self._flights.values())]
        return self._clock() - min(begun) if begun else 0.0

    def take(self) -> list[Flight]:
        """All flights, which are none of Kafka's business any more, in their order."""
        taken = []
        for number in sorted(list(self._flights)):  # noqa: C414 (a list is taken at once, whatever is settled meanwhile)
            flight = self._flights.pop(number, None)
            if flight is not None:
                taken.append(flight)
        return taken
