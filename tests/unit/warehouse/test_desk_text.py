"""What the quarantine desk shows to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from consumers.warehouse.desk_text import breakers_text, causes_text, dry_run_text
from consumers.warehouse.marts.rehearse import FigureChange, MartChange
from consumers.warehouse.openings import Opening
from consumers.warehouse.quarantined import Cause
from consumers.warehouse.rehearsal import Rehearsal
from consumers.warehouse.replay_choice import Choice

AT = datetime(2021, 6, 21, 8, tzinfo=UTC)
CAUSE = Cause(
    "service_rated", "rule_broken", "check", "rating_enum", "rating", [], 2000, 0, [3, 2, 1], "a | b", "sai", AT, AT, AT
)
WISH = {"title": CAUSE.title, "action": "replay", "asked_by": "thu", "reason": "the rule was wrong"}
FOUND = Rehearsal(
    Choice(),
    entries=2000,
    undecodable=1,
    tried=1900,
    loaded=1800,
    failing=100,
    failing_by_rule={"fee_vnd_min": 30, "rating_enum": 70},
    marts=(MartChange("dossier", 1, 1801, 3),),
    figures=(FigureChange("k", "Share", "Tỷ lệ", "percent", None, Decimal("80.5263")),),
)


def test_a_cause_is_one_row_of_a_table_whatever_its_reason_holds() -> None:
    row = causes_text([CAUSE]).splitlines()[2]
    assert row.startswith("| service_rated: rating_enum | 2,000 | 2021-06-21 08:00 |")
    assert row.count("|") == 6


def test_titles_tell_causes_apart() -> None:
    other = replace(CAUSE, rule="made_up", missing_references=["agency"])
    assert other.title == "service_rated: made_up (rating), waits for agency"


def test_a_second_person_sees_what_would_become_of_rows_and_figures() -> None:
    shown = dry_run_text(WISH, FOUND.as_json())
    for said in ("**1,800**", "**100** `rating_enum` 70, `fee_vnd_min` 30", "– → 80.53 percent", "`dossier` 1 → 1,801"):
        assert said in shown
    assert "asked by / người đề nghị: **thu**: the rule was wrong" in shown
    assert "cannot be decoded, ever / không giải mã được: 1" in shown
    assert "the rest was not tried" in shown


def test_discarding_what_would_load_is_said_to_be_so() -> None:
    assert "1,800 of them would load today" in dry_run_text({**WISH, "action": "discard"}, FOUND.as_json())
    nothing = replace(FOUND, loaded=0).as_json()
    assert "would load today" not in dry_run_text({**WISH, "action": "discard"}, nothing)


def test_an_open_breaker_says_what_waits_since_when_and_why() -> None:
    shown = breakers_text([Opening("service_rated", 7, AT, 90, 120, {"a": 10, "b": 80})])
    assert "| service_rated, load 7 | 2021-06-21 08:00 | 90 / 120 (75.0%) | `b` 80, `a` 10 |" in shown
