"""Mutated documents for the adapters: `python -m tests.fuzz edxml|dossier-sync|programme [NUMBER] [FIRST]`.

Each document must become events or be refused with a reason; anything else ends the run with the seed. Prints how many
of which, and how the process has grown.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from producers.dossier_sync.routes import adapt as adapt_dossiers
from producers.edxml.messages import translate as translate_edxml
from producers.gateway.adapted_records import Posted
from producers.partners.routes import adapt as adapt_programme
from producers.translated import Translated, located
from schemas.catalog import load_catalog
from schemas.codec import EventCodec, EventInvalid, prepare
from tests.edxml_samples import DOCUMENT, SOAP_STATUS, STATUS
from tests.mutations import mutate
from tests.samples import task
from tests.sync_records import sync_record

Found = Sequence[Translated | EventInvalid]


def _edxml(body: bytes) -> Found:
    return [translate_edxml(body, lambda _purpose, _number: "ab" * 32)]


def _dossiers(body: bytes) -> Found:
    return adapt_dossiers(Posted(body, {}, None))


def _programme(body: bytes) -> Found:
    return adapt_programme(Posted(body, {}, None))


def _document(*items: object) -> bytes:
    return json.dumps(items, default=str, ensure_ascii=False, indent=1).encode()


ADAPTERS: Mapping[str, tuple[Callable[[bytes], Found], Sequence[bytes]]] = {
    "edxml": (_edxml, [each.encode() for each in (DOCUMENT, STATUS, SOAP_STATUS)]),
    "dossier-sync": (
        _dossiers,
        [_document(sync_record(), sync_record(TrangThaiHoSo="2")), _document(sync_record())[1:-1]],
    ),
    "programme": (_programme, [_document({"event": "cooperation_task_updated", **task(1)})]),
}


def outcome_of(adapter: str, seed: int, codecs: Mapping[str, EventCodec]) -> Counter[str]:
    """How many events of a mutated document were `taken`, and how many `refused`, each with a reason."""
    adapt, documents = ADAPTERS[adapter]
    body = mutate(documents[seed % len(documents)], seed)
    try:
        found = adapt(body)
    except EventInvalid as error:
        found = [error]
    outcome: Counter[str] = Counter()
    for each in found:
        error = each if isinstance(each, EventInvalid) else _checked(each, codecs)
        if error is not None:
            assert error.violations, (adapter, seed)
            assert all(fault.rule and fault.message and fault.message_vi for fault in error.violations), (
                adapter,
                seed,
            )
        outcome["refused" if error else "taken"] += 1
    return outcome


def all_codecs() -> dict[str, EventCodec]:
    """A codec for each contract."""
    return {name: prepare(contract) for name, contract in load_catalog().items()}


def _checked(made: Translated, codecs: Mapping[str, EventCodec]) -> EventInvalid | None:
    try:
        codecs[made.event_name].encode(made.event)
    except EventInvalid as error:
        return located(error, made.places)
    return None


def main(adapter: str, number: int, first: int) -> None:
    codecs, totals, start = all_codecs(), Counter[str](), time.monotonic()
    early = 0
    for seed in range(first, first + number):
        try:
            totals += outcome_of(adapter, seed, codecs)
        except Exception as error:
            raise SystemExit(f"{adapter}: seed {seed}: {type(error).__name__}: {error}") from error
        if seed == first + number // 10:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - early
    print(f"{adapter}: {number} documents in {time.monotonic() - start:.0f} s, {dict(totals)},", end=" ")
    print(f"peak memory {early // 1024} MiB after a tenth, {grown // 1024} MiB more at the end")


if __name__ == "__main__":
    main(sys.argv[1], int((sys.argv[2:] or ["100000"])[0]), int((sys.argv[3:] or ["0"])[0]))
