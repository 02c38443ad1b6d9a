"""When a load is too bad to be believed."""

from __future__ import annotations

from collections.abc import Mapping

from infra.errors import OperatorError
from schemas.contract import Breaker


class BreakerOpen(OperatorError):
    """Too much of the load breaks critical rules, so nothing of it was written, and later loads of the event wait.

    Look at the rules in the Data Docs. If the source or a rule is wrong, have it mended; if the data is really so,
    raise `breaker` in the contract or take the bad rows into the quarantine. Then let loads go on: DAG
    `resume_breaker`, or `hagiang breaker resume`.
    """


def is_open(breaker: Breaker, failed: int, total: int) -> bool:
    """Whether more than the set number and more than the set share of all records fail; both must be exceeded."""
    return failed > breaker.rows and failed > breaker.share * total


def breaker_message(event: str, load_id: int, failed: int, total: int, by_rule: Mapping[str, int]) -> str:
    """What the operator is told: how much fails, and which rules, the worst first."""
    worst = sorted(by_rule.items(), key=lambda item: -item[1])
    rules = ", ".join(f"{rule} {count}" for rule, count in worst)
    return f"{event}, load {load_id}: {failed} of {total} records fail: {rules}"
