"""POST /dossier-sync."""

from __future__ import annotations

from collections.abc import Mapping

from producers.dossier_sync.documented import DOCUMENTED
from producers.dossier_sync.records import EVENT, USUAL_APPLICANTS, SyncSource, translate
from producers.dossier_sync.values import RecordInvalid, invalid
from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.json_documents import items_in
from producers.translated import Translated

KINDS = ("citizen", "business", "household_business")


def dossier_sync_adapter() -> Adapter:
    """A record or a list of them. The query may tell `source`, `commune` and what LoaiDoiTuong means
    (`applicants=1:citizen,2:business`)."""
    return Adapter("/dossier-sync", "Dossier sync", "application/json", (EVENT,), adapt, False, DOCUMENTED)


def adapt(posted: Posted) -> list[Translated | RecordInvalid]:
    """An event or an error for each record; raises DocumentInvalid, RecordInvalid for a query that says nonsense."""
    applicants = _applicants(posted.query.get("applicants", ""))
    source = SyncSource(posted.source, posted.query.get("commune"), applicants, posted.synthetic)
    return [_translated(item, source) for item in items_in(posted.body)]


def _translated(item: object, source: SyncSource) -> Translated | RecordInvalid:
    try:
        return translate(item, source)
    except RecordInvalid as error:
        return error


def _applicants(told: str) -> Mapping[str, str]:
    if not told:
        return USUAL_APPLICANTS
    pairs = [each.partition(":") for each in told.split(",")]
    if not all(value and kind in KINDS for value, _, kind in pairs):
        said, said_vi = f"must be such as 1:citizen,2:business of {', '.join(KINDS)}", "phải dạng 1:citizen,2:business"
        raise invalid("applicants", "pattern", said, said_vi, told)
    return {value: kind for value, _, kind in pairs}
