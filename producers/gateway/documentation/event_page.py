"""What the page of one event shows, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from producers.gateway.documentation.documented import Preparation
from producers.gateway.documentation.event_samples import event_samples, sample_event
from producers.gateway.documentation.json_schema import FILLED_IN
from producers.gateway.documentation.openapi import PARAMETERS
from producers.gateway.documentation.shell_lines import granting
from producers.gateway.documentation.told_answers import OF_EVENTS, answers_told
from producers.gateway.surroundings import Surroundings
from schemas.contract import Contract
from schemas.example_files import Example
from schemas.pseudonym_fields import is_pseudonym
from schemas.site.bilingual import LISTS, Bilingual

_WHOSE = Bilingual(
    "The source in the examples stands for yours.",
    "Thay mã nguồn trong ví dụ bằng mã của bạn.",
)


def event_page(contract: Contract, given: Surroundings) -> dict[str, Any]:
    """The values of the template."""
    examples = given.examples.get(contract.event, ())
    return {
        "contract": contract,
        "preparation": _preparation(contract, examples),
        "samples": event_samples(contract, examples),
        "parameters": PARAMETERS,
        "answers": answers_told(contract.topic, several=True, also=OF_EVENTS),
        "later": given.later.get(contract.event, ()),
        "judged_here": _judged_here(given, contract),
        "lists": LISTS,
        "examples": [(each.name.replace("_", " "), each.payload) for each in examples if each.accepted],
        "is_pseudonym": is_pseudonym,
        "may_lack": {field["name"] for field in contract.schema["fields"] if "default" in field} | FILLED_IN,
    }


def _preparation(contract: Contract, examples: Sequence[Example]) -> Preparation:
    """For a client of the kind that the source of the sample belongs to."""
    event = sample_event(contract, examples) or {}
    source = str(event.get("source", "YOUR-SOURCE"))
    return granting(_kind(contract, source), (contract.event,), (source,), _WHOSE)


def _kind(contract: Contract, source: str) -> str:
    """Agencies' sources are codes in capitals, FPT's begin with its name, shops' with their platform."""
    kind = "fpt" if source.partition(":")[0] == "fpt" else "marketplace" if ":" in source else "agency"
    return kind if kind in contract.producers else contract.producers[0]


def _judged_here(given: Surroundings, contract: Contract) -> frozenset[str]:
    rules = given.rules.get(contract.event)
    return frozenset(rule.name for rule in rules.rules) if rules else frozenset()
