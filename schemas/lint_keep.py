"""Checks of a contract's terms: what is made from a store is kept at least as long as the store itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from schemas.contract import Contract, Json
from schemas.findings import Finding, Remark, unknown_attributes
from schemas.usage.readers import ReaderFolders, readers_of

KEPT_DAYS = range(7, 36_526)
STORES = ("lake_days", "quarantine_days", "core_days")


def keep_remarks(schema: Json) -> Iterator[Remark]:
    """What is wrong with the terms of one contract."""
    keep: Mapping[str, Any] = schema.get("keep", {})
    yield from unknown_attributes("keep", keep, STORES)
    terms = {"retention_days": schema["retention_days"], **{store: keep.get(store) for store in STORES}}
    wrong = [store for store in STORES if store in keep and not _is_term(keep[store])]
    for store in wrong:
        limits = f"{KEPT_DAYS.start} to {KEPT_DAYS.stop - 1}"
        yield Remark("keep", f"{store} is not a whole number from {limits}", "Choose one, or leave it out: for good")
    if wrong or type(terms["retention_days"]) is not int:
        return
    for (before, shorter), (store, days) in pairwise(terms.items()):
        if days is not None and (shorter is None or days < shorter):
            yield Remark(
                "keep",
                f"{store} is shorter than {before}, so that a rebuild would miss what it is compared with",
                f"Let terms grow from the topic to core: {', '.join(terms)}",
            )


def core_term_findings(contract: Contract, file: Path, readers: ReaderFolders) -> Iterator[Finding]:
    """A term for core where marts are made from the event: their figures would change silently."""
    marts = sorted(mart.table for mart in readers_of(contract, readers).marts)
    if contract.keep.core_days is not None and marts:
        what = f"core_days would change the figures of {', '.join(marts)}"
        yield Finding(file, "keep", what, "Leave it out: core keeps what marts are made from")


def _is_term(value: Any) -> bool:
    return value is None or (type(value) is int and value in KEPT_DAYS)
