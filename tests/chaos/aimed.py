"""Where to hit each broken build: the plan that reaches soonest what is broken in it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.chaos.drive import Plan

# Patience ends a run only when something is wrong: a load of a few batches takes seconds on a busy machine.
_RECORDS, _PATIENCE = 600, 300


def _plan(
    mutant: str, *faults: str, dying: float = 0.02, stalling: float = 0, at: str = "", pause: float = 1.5
) -> Plan:
    return Plan(
        records=_RECORDS,
        pause=pause,
        dying=dying,
        stalling=stalling,
        at=at,
        patience=_PATIENCE,
        mutant=mutant,
        faults=faults,
    )


AIMED: Mapping[str, Plan] = {
    plan.mutant: plan
    for plan in (
        _plan("commit_before_durable", "landing killed", dying=0.15, at="data_put", pause=0.8),
        _plan("no_fence", "loading a zombie", dying=0, stalling=0.3, at="publish."),
        _plan("no_dedup"),
        _plan("two_transactions", "loading killed", dying=0.1, at="publish."),
        _plan("acknowledged_at_once", "publishing killed", pause=5),
        # A killed store is back before the client has tried again; a cut one is not.
        _plan("store_failures_ignored", "store cut", pause=2.5),
        _plan("rejects_dropped"),
    )
}
