"""What became of a document at one receiver: the statuses 01 to 16 of QCVN 102."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from producers.simulator.baseline.history import happened
from producers.simulator.calendar import after, in_june
from producers.simulator.record import Event, Record

EVENT = "document_status_changed"

WALKS = (
    ("01", "03", "04", "05", "06"),
    ("01", "03", "05", "06"),
    ("01", "02"),
    ("01", "03", "13", "15"),
    ("01", "03", "04", "13", "16"),
)
WALK_WEIGHTS = (70, 18, 6, 4, 2)
REASONS = {"02": ("wrong_receiver", "signature_invalid", "incomplete", "repeated"), "16": ("other",)}


def statuses_of(rng: Random, document: Event, receiver: str) -> Iterator[Record]:
    """Its statuses at the receiver within June 2021, in the order they happened."""
    previous, moment = None, after(rng, document["occurred_at"], 0.01, 0.5)
    for status in rng.choices(WALKS, WALK_WEIGHTS)[0]:
        if not in_june(moment):
            return
        yield happened(
            rng,
            EVENT,
            moment,
            receiver,
            document_id=document["document_id"],
            receiver_code=receiver,
            previous_status_code=previous,
            status_code=status,
            refusal_reason=rng.choice(REASONS[status]) if status in REASONS else None,
        )
        previous, moment = status, after(rng, moment, 0.5, 40)
