"""When a load is too bad to be believed."""

from __future__ import annotations

import pytest

from consumers.warehouse.breaker import breaker_message, is_open
from schemas.contract import Breaker


@pytest.mark.parametrize(
    ("failed", "total", "opened"),
    [
        (0, 0, False),
        (101, 500, True),  # above both
        (100, 100, False),  # all of them, but not more than 100
        (101, 505, False),  # exactly a fifth
        (101, 504, True),
        (5000, 100_000, False),  # many, but a small share
    ],
)
def test_share_and_number_must_both_be_exceeded(failed: int, total: int, *, opened: bool) -> None:
    assert is_open(Breaker(share=0.2, rows=100), failed, total) is opened


def test_the_message_names_the_worst_rule_first() -> None:
    message = breaker_message("order_status_changed", 7, 150, 200, {"order_total": 30, "rejected": 120})
    assert message == "order_status_changed, load 7: 150 of 200 records fail: rejected 120, order_total 30"
