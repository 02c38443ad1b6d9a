"""POST /partners/fpt/programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.gateway.documented import Documented, one_or_many
from producers.gateway.json_schema import event_schema
from producers.json_documents import items_in
from producers.partners.programme import EVENTS, SOURCE, ItemInvalid, translate
from producers.translated import Translated
from schemas.contract import Contract, Json


def programme_adapter(catalog: Mapping[str, Contract]) -> Adapter:
    """A list of reports, each with its `event`; an answer for each. `catalog` describes them in the documentation."""
    documented = _documented([catalog[event] for event in EVENTS if event in catalog])
    return Adapter("/partners/fpt/programme", "FPT programme", "application/json", EVENTS, adapt, False, documented)


def _documented(contracts: Sequence[Contract]) -> Documented:
    return Documented(
        summary="Reports of FPT's programme / Báo cáo chương trình hợp tác với FPT",
        description="A report, or a list of at most 5 000, each with its `event` and the fields of that contract. A "
        "correction is a report with a higher `report_version`.",
        description_vi="Một hoặc nhiều báo cáo; đính chính là báo cáo có `report_version` cao hơn.",
        schema=one_or_many({"oneOf": [_report(contract) for contract in contracts]}),
        parameters=(
            {
                "name": "source",
                "in": "query",
                "description": "The source of reports that name none; else the client's only source, else fpt.",
                "schema": {"type": "string"},
            },
        ),
    )


def _report(contract: Contract) -> Json:
    """The event's own schema with its name beside the fields."""
    event = event_schema(contract)
    required = [name for name in event["required"] if name != "synthetic"]
    properties = {"event": {"const": contract.event}, **event["properties"]}
    return {**event, "properties": properties, "required": ["event", *required]}


def adapt(posted: Posted) -> list[Translated | ItemInvalid]:
    """An event or an error for each report; raises DocumentInvalid."""
    return [_translated(item, posted) for item in items_in(posted.body)]


def _translated(item: object, posted: Posted) -> Translated | ItemInvalid:
    try:
        return translate(item, source=posted.source or SOURCE, synthetic=posted.synthetic)
    except ItemInvalid as error:
        return error
