"""What `hagiang quarantine replay` says of what it did."""

from __future__ import annotations

from consumers.warehouse.replay_publish import ReplayResult
from infra.cli.replaying import lines_of


def test_each_replay_is_counted_and_what_is_open_is_summed_by_rule() -> None:
    results = [
        ReplayResult(7, 5, loaded=3, duplicate=1, quarantined=1, open_by_rule={"fee_min": 1}),
        ReplayResult(8, 3, quarantined=3, open_by_rule={"agency_code_ref": 2, "fee_min": 1}),
    ]
    assert list(lines_of(results)) == [
        "load 7: 5 replayed: 3 loaded, 1 closed as duplicates, 1 still open",
        "load 8: 3 replayed: 0 loaded, 0 closed as duplicates, 3 still open",
        "  still open by fee_min: 2",
        "  still open by agency_code_ref: 2",
    ]


def test_a_dry_run_says_what_would_be() -> None:
    (line,) = lines_of([ReplayResult(9, 2, loaded=2, rehearsed=True)])
    assert line == "load 9: 2 replayed: 2 would be loaded, 0 would be closed as duplicates, 0 still open"


def test_a_stale_replay_has_no_counts() -> None:
    assert list(lines_of([ReplayResult(9, stale=True)])) == []
