"""Official documents: 20 000 sent electronically, 12 000 of them with a valid signature of the organisation.

Those that may not be electronic go by paper and belong to no share.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from producers.simulator.baseline.agencies import older_spelling
from producers.simulator.baseline.document_statuses import statuses_of
from producers.simulator.baseline.history import History, happened, is_among, office_time_before_report
from producers.simulator.baseline.signatures import Signature, dated, other_signatures, valid_signatures
from producers.simulator.calendar import VIETNAM
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "document_sent"
ELECTRONIC, SIGNED, SECRET = 20_000, 12_000, 40
HISTORIES = ELECTRONIC + SECRET
FOLLOWED = 20
"""Of so many documents one is followed at a receiver."""

NOTATIONS = {
    "official_letter": "UBND-VP",
    "report": "BC-UBND",
    "decision": "QĐ-UBND",
    "plan": "KH-UBND",
    "announcement": "TB-UBND",
    "invitation": "GM-UBND",
    "submission": "TTr-UBND",
    "directive": "CT-UBND",
}
TYPES, TYPE_WEIGHTS = tuple(NOTATIONS), (45, 14, 12, 10, 8, 6, 4, 1)


def documents(rng: Random, places: Places) -> Iterator[History]:
    """Each document's sending and, for some, what became of it at a receiver.

    A part of them has about the shares that all have.
    """
    committees = (places.committee_of[unit] for unit in (*places.districts, *places.communes))
    agencies = ("H22", *places.departments, *committees)
    electronic = 0
    for number in range(HISTORIES):
        sender, receiver = rng.sample(agencies, 2)
        if is_among(number, SECRET, HISTORIES):
            yield [_sent(rng, sender, number, [], may_be_electronic=False, is_electronic=False, with_paper=True)]
            continue
        signatures = valid_signatures(rng) if is_among(electronic, SIGNED, ELECTRONIC) else other_signatures(rng)
        with_paper = rng.random() < 0.1
        sent = _sent(rng, sender, number, signatures, may_be_electronic=True, is_electronic=True, with_paper=with_paper)
        yield [sent, *statuses_of(rng, sent.body, receiver)] if electronic % FOLLOWED == 0 else [sent]
        electronic += 1


def _sent(rng: Random, sender: str, number: int, signatures: list[Signature], **how: bool) -> Record:
    moment = office_time_before_report(rng)
    kind = rng.choices(TYPES, TYPE_WEIGHTS)[0]
    spelled = older_spelling(sender) if number % 10 == 7 else sender
    return happened(
        rng,
        EVENT,
        moment,
        sender,
        document_id=f"{spelled},{moment.astimezone(VIETNAM):%Y/%m/%d},{number + 1}/{NOTATIONS[kind]}",
        agency_code=sender,
        document_type=kind,
        business_kind="new",
        receiver_count=rng.choice((1, 1, 1, 2, 3, 5, 11, 40, 193)),
        **how,
        signatures=[dated(rng, signature, spelled, moment) for signature in signatures],
    )
