"""Checks of examples: enough of both kinds, no orphans, and each does what its name says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from schemas.codec import EventCodec, prepare
from schemas.contract import Contract, ContractInvalid
from schemas.example_files import Example, load_example
from schemas.findings import Finding
from schemas.folders import ContractFolders

LEAST_ACCEPTED = 2
LEAST_REJECTED = 3

_POSITION = re.compile(r"\[\d+\]")


def example_findings(
    folders: ContractFolders, contracts: Mapping[str, Contract], broken: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the examples; those of `broken` events are passed over."""
    folder = folders.examples
    codecs = {event: prepare(contract) for event, contract in contracts.items()}
    counts = {(event, accepted): 0 for event in contracts for accepted in (True, False)}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.parent.name in broken:
            continue
        if path.parent.parent != folder or path.parent.name not in contracts:
            yield Finding(path, "", "belongs to no contract", "Move it to examples/<event>/, or remove it")
            continue
        try:
            example = load_example(path)
        except ContractInvalid as error:
            yield Finding(path, "", error.found.removeprefix(f"{path}: "), "Rename or mend it")
            continue
        counts[example.event, example.accepted] += 1
        yield from _judge(codecs[example.event], example)
    for (event, accepted), count in counts.items():
        kind, least = ("accepted", LEAST_ACCEPTED) if accepted else ("rejected", LEAST_REJECTED)
        if count < least:
            mend = f"Add some to {folder / event}, to {least} at least"
            yield Finding(folders.contract_file(contracts[event]), "", f"has {count} {kind} examples", mend)


def _judge(codec: EventCodec, example: Example) -> Iterator[Finding]:
    """A rejected example breaks the rule of its name and no other, so that it shows what it is meant to show."""
    found = {(_POSITION.sub("", each.field), each.rule): each.message for each in codec.check(example.payload)}
    meant = set() if example.accepted else {(example.field, example.rule)}
    for broken in found.keys() - meant:
        yield Finding(example.path, broken[0], f"breaks {broken[1]}: {found[broken]}", "Mend or rename the example")
    for kept in meant - found.keys():
        yield Finding(example.path, str(kept[0]), f"does not break {kept[1]}", "Mend or rename the example")
