"""Official documents: sent electronically, signed, accepted."""

from __future__ import annotations

from collections.abc import Mapping

from producers.simulator.counting.loaded import Count, Figure, Loaded, share
from producers.simulator.record import Event


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


FIGURES: Mapping[str, Count] = {
    "e_document_share": e_document_share,
    "signed_document_share": signed_document_share,
}
