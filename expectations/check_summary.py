"""The few facts of a check that the Data Docs list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]

_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class BrokenRule:
    """A rule that some rows broke."""

    rule: str
    severity: str
    rows: int
    reason_en: str
    reason_vi: str


@dataclass(frozen=True)
class CheckSummary:
    """`digest` tells whether the result has changed since its page was written; `checked_at` is UTC."""

    load_id: int
    checked_at: str
    rows: int
    broken: tuple[BrokenRule, ...]
    digest: str

    @property
    def page(self) -> str:
        """File name of its page."""
        return f"{self.load_id:012d}.html"


def summary_of(load_id: int, document: Json, digest: str) -> CheckSummary:
    """What a result says, in short."""
    stamp = datetime.strptime(document["meta"]["batch_markers"]["ge_load_time"], _STAMP)
    broken = tuple(_broken(result) for result in document["results"] if not result["success"])
    rows = max((result["result"].get("element_count", 0) for result in document["results"]), default=0)
    return CheckSummary(load_id, f"{stamp:%Y-%m-%d %H:%M:%S}", rows, broken, digest)


def _broken(result: Json) -> BrokenRule:
    meta, found = result["expectation_config"]["meta"], result["result"]
    return BrokenRule(
        rule=meta["rule"],
        severity=result["expectation_config"]["severity"],
        rows=int(found.get("unexpected_count", found.get("observed_value", 0))),
        reason_en=meta["reason_en"],
        reason_vi=meta["reason_vi"],
    )


def to_json(summary: CheckSummary) -> Json:
    """For the site's own list."""
    return {**vars(summary), "broken": [vars(rule) for rule in summary.broken]}


def from_json(found: Json) -> CheckSummary:
    """The inverse of `to_json`."""
    return CheckSummary(**{**found, "broken": tuple(BrokenRule(**rule) for rule in found["broken"])})
