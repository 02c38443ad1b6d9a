"""A bad rule is shipped; what it kept out is loaded in Airflow by two persons, without SQL."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.acceptance.people import administrator, reviewer
from tests.acceptance.platform import PROJECT, Platform, example, json_lines, wait_for

EVENT, RULE, COUNT = "service_rated", "dossier_code_max_length", 2000


@pytest.fixture
def bad_rule(platform: Platform) -> Iterator[Path]:
    """The contract of the stack, with a rule that no event keeps; whoever publishes has the good one still."""
    path = platform.contracts / "avro" / "government" / f"{EVENT}.avsc"
    good = path.read_text(encoding="utf-8")
    contract = json.loads(good)
    (field,) = [each for each in contract["fields"] if each["name"] == "dossier_code"]
    field["rules"]["max_length"] = 5
    path.write_text(json.dumps(contract, ensure_ascii=False), encoding="utf-8")
    yield path
    path.write_text(good, encoding="utf-8")


def in_core(platform: Platform, ids: list[str]) -> int:
    query = f"SELECT count(*) FROM core.{EVENT} WHERE event_id = ANY (CAST(:ids AS uuid[]))"
    return int(platform.sql(query, ids=ids)[0][0])


def kept_out(platform: Platform) -> dict[str, int]:
    query = "SELECT status, count(*) FROM quarantine.event WHERE event = :event AND rule = :rule GROUP BY status"
    return dict(platform.sql(query, event=EVENT, rule=RULE))


def test_good_rows_behind_a_bad_rule_are_loaded_once_it_is_mended(platform: Platform, bad_rule: Path) -> None:
    ratings = [
        {**example(EVENT, "satisfied"), "event_id": str(uuid4()), "dossier_code": f"H22.26.04-210623-{n:04}"}
        for n in range(COUNT)
    ]
    ids = [str(each["event_id"]) for each in ratings]
    good_contracts = PROJECT / "schemas" / "avro"
    sent = platform.hagiang("publish", EVENT, "-", given=json_lines(ratings), HAGIANG_CONTRACTS=str(good_contracts))
    assert sent.returncode == 0, sent.stderr

    wait_for("the breaker", lambda: EVENT in platform.hagiang("breaker", "list").stdout)
    assert f"{RULE} " in platform.hagiang("status").stdout
    assert kept_out(platform) == {}
    thu, lan = reviewer(platform), administrator(platform)
    run = thu.trigger("resume_breaker")
    assert EVENT in thu.asked("resume_breaker", run, "choose")["options"]
    assert thu.answer("resume_breaker", run, "choose", EVENT, how="quarantine", reason="to see them") == 200
    thu.finish("resume_breaker", run)
    wait_for("the quarantine", lambda: kept_out(platform) == {"open": COUNT})

    bad_rule.write_bytes((good_contracts / "government" / f"{EVENT}.avsc").read_bytes())
    mended = time.monotonic()
    run = thu.trigger("repair_quarantine")
    cause = f"{EVENT}: {RULE}"
    assert cause in thu.asked("repair_quarantine", run, "choose")["options"]
    assert thu.answer("repair_quarantine", run, "choose", cause, action="replay", reason="the rule was wrong") == 200
    shown = thu.asked("repair_quarantine", run, "approve")["body"]
    assert "would load / sẽ nạp được: **2,000**" in shown
    assert "→" in shown
    assert thu.answer("repair_quarantine", run, "approve", "Approve", reason="") == 403
    assert in_core(platform, ids) == 0
    assert lan.answer("repair_quarantine", run, "approve", "Approve", reason="looked at it") == 200
    lan.finish("repair_quarantine", run)
    assert time.monotonic() - mended < 300
    assert in_core(platform, ids) == COUNT
    assert kept_out(platform) == {"replayed": COUNT}
    who = "SELECT asked_by, decided_by, decision_reason, result->>'loaded' FROM quarantine.repair"
    assert platform.sql(who) == [("reviewer", "admin", "looked at it", str(COUNT))]
