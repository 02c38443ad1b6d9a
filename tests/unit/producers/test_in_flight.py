"""What Kafka answers reaches the handover; what it does not answer for is still known, in its order."""

from __future__ import annotations

from kafka.errors import InvalidRecordError, KafkaTimeoutError

from producers.acknowledged import Handover, Outcome, Spooled
from producers.client import NotAcknowledged, Sent
from producers.in_flight import InFlight
from producers.kafka_batches import Answer, failed
from producers.records import Record


class Told:
    """A handover of so many records, what it told its giver, and whether Kafka was found in trouble."""

    def __init__(self, count: int) -> None:
        self.outcomes: list[list[Outcome]] = []
        records = [Record("t", b"k", b"v", (), f"event {number}") for number in range(count)]
        self.handover = Handover(records, self.outcomes.append)
        self.troubles = 0
        self.now = 10.0
        self.in_flight = InFlight(self._trouble, lambda: self.now)

    def _trouble(self) -> None:
        self.troubles += 1


def test_answers_by_parts_become_outcomes_in_the_order_of_the_records() -> None:
    told = Told(6)
    odd = told.in_flight.begin(told.handover, [1, 3, 5])
    even = told.in_flight.begin(told.handover, [0, 2, 4])
    even(Answer([1, 2], 6, 40))
    odd(Answer([1, 2], 7, -1))
    even(Answer([0], 5, 3))
    assert told.outcomes == []
    odd(Answer([0], 7, 90))
    wanted = [("t", 5, 3), ("t", 7, 90), ("t", 6, 40), ("t", 7, -1), ("t", 6, 41), ("t", 7, -1)]
    assert told.outcomes == [[Sent(*place, f"event {number}") for number, place in enumerate(wanted)]]
    assert (told.troubles, told.in_flight.take()) == (0, [])


def test_a_refused_record_is_refused_alone() -> None:
    told = Told(3)
    answered = told.in_flight.begin(told.handover, [0, 1, 2])
    answered(failed([1], InvalidRecordError("bad")))
    answered(Answer([0, 2], 0, 8))
    ((first, second, third),) = told.outcomes
    assert isinstance(second, NotAcknowledged)
    assert (first, third) == (Sent("t", 0, 8, "event 0"), Sent("t", 0, 9, "event 2"))
    assert (told.troubles, told.in_flight.take()) == (0, [])


def test_what_failed_for_no_fault_of_its_own_stays_to_be_taken_over_in_order() -> None:
    told = Told(6)
    first = told.in_flight.begin(told.handover, [0, 1, 2])
    told.now += 3
    second = told.in_flight.begin(told.handover, [3, 4, 5])
    assert told.in_flight.oldest_age() == 3
    second(Answer([0], 0, 8))
    first(Answer([2], 0, 9))
    first(failed([0, 1], KafkaTimeoutError("away")))
    assert told.troubles == 1
    assert [flight.unsettled() for flight in told.in_flight.take()] == [[0, 1], [4, 5]]
    assert (told.outcomes, told.in_flight.oldest_age()) == ([], 0.0)


def test_of_a_part_that_failed_for_several_reasons_only_the_refused_records_are_done() -> None:
    told = Told(3)
    errors = [KafkaTimeoutError("away"), InvalidRecordError("bad"), KafkaTimeoutError("away")]
    told.in_flight.begin(told.handover, [0, 1, 2])(Answer([0, 1, 2], 0, -1, errors.__getitem__))
    assert told.troubles == 1
    assert [flight.unsettled() for flight in told.in_flight.take()] == [[0, 2]]


def test_a_record_that_was_taken_over_and_confirmed_after_all_has_one_outcome() -> None:
    told = Told(2)
    answered = told.in_flight.begin(told.handover, [0, 1])
    told.in_flight.take()
    told.handover.settle([0], [Spooled("t", "event 0")])
    answered(Answer([0], 0, 1))
    assert told.outcomes == []
    answered(Answer([1], 0, 2))
    assert told.outcomes == [[Spooled("t", "event 0"), Sent("t", 0, 2, "event 1")]]
