"""POST /partners/fpt/programme."""

from __future__ import annotations

from collections.abc import Mapping

from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.json_documents import items_in
from producers.partners.documented import documented
from producers.partners.programme import EVENTS, SOURCE, ItemInvalid, translate
from producers.translated import Translated
from schemas.contract import Contract


def programme_adapter(catalog: Mapping[str, Contract]) -> Adapter:
    """A list of reports, each with its `event`; an answer for each. `catalog` describes them in the documentation."""
    told = documented([catalog[event] for event in EVENTS if event in catalog])
    return Adapter("/partners/fpt/programme", "FPT programme", "application/json", EVENTS, adapt, False, told)


def adapt(posted: Posted) -> list[Translated | ItemInvalid]:
    """An event or an error for each report; raises DocumentInvalid."""
    return [_translated(item, posted) for item in items_in(posted.body)]


def _translated(item: object, posted: Posted) -> Translated | ItemInvalid:
    try:
        return translate(item, source=posted.source or SOURCE, synthetic=posted.synthetic)
    except ItemInvalid as error:
        return error
