"""Which fields of a contract hold pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.contract import Contract, Field

SUFFIX = "_pseudonym"


def is_pseudonym(field: Field) -> bool:
    """Whether the field holds a pseudonym: personal data, a text, and named so."""
    return field.kind == "string" and field.personal_data != "none" and field.name.endswith(SUFFIX)


def pseudonym_fields(contract: Contract) -> Iterator[tuple[str | None, str]]:
    """List (None for the event itself) and name of every field that holds a pseudonym."""
    yield from ((None, field.name) for field in contract.fields if is_pseudonym(field))
    for child in contract.children:
        yield from ((child.name, field.name) for field in child.fields if is_pseudonym(field))
