"""Official documents: sent electronically, signed, accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from producers.simulator.counting.loaded import Count, Figure, Loaded, share, whole_seconds
from producers.simulator.record import Event

ARRIVED, ACCEPTED = "01", "03"


def e_document_share(loaded: Loaded) -> Figure:
    """Documents sent electronically, of those that may be."""
    may_be = [document for document in loaded["document_sent"] if document["may_be_electronic"]]
    return share(may_be, lambda document: document["is_electronic"])


def signed_document_share(loaded: Loaded) -> Figure:
    """Electronic documents with a valid signature of the organisation, of all electronic ones."""
    sent = [document for document in loaded["document_sent"] if document["is_electronic"]]
    return share(sent, _is_signed)


def _is_signed(document: Event) -> bool:
    return any(
        signature["kind"] == "organisation" and signature["validity"] == "valid" for signature in document["signatures"]
    )


def document_acceptance_hours(loaded: Loaded) -> Figure:
    """Seconds from arrival to acceptance at a receiver, summed up; and how many were accepted."""
    times: dict[tuple[str, str], dict[str, datetime]] = {}
    for status in sorted(loaded["document_status_changed"], key=lambda status: status["occurred_at"], reverse=True):
        at_receiver = times.setdefault((status["document_id"], status["receiver_code"]), {})
        at_receiver[status["status_code"]] = status["occurred_at"]
    waits = [at[ACCEPTED] - at[ARRIVED] for at in times.values() if ARRIVED in at and ACCEPTED in at]
    return whole_seconds(waits), len(waits)


FIGURES: Mapping[str, Count] = {
    "e_document_share": e_document_share,
    "signed_document_share": signed_document_share,
    "document_acceptance_hours": document_acceptance_hours,
}
