"""Repairs: a dry run that changes nothing, a second person, and every entry closed once with who and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from consumers.warehouse.closing import Closing
from consumers.warehouse.marts.build import build_marts
from consumers.warehouse.publish import publish
from consumers.warehouse.quarantined import Cause, open_causes
from consumers.warehouse.rehearsal import NothingToRepair, Rehearsal, rehearse
from consumers.warehouse.repair import (
    NotApproved,
    ask,
    carry_out,
    decide,
)
from consumers.warehouse.replay_choice import CauseKey, Choice, chosen
from consumers.warehouse.replay_stage import LIMITS
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables import repairs
from consumers.warehouse.two_persons import ReasonNeeded, SecondPersonNeeded
from infra.object_store import LakeStore
from tests.component.warehouse.loads import CATALOG, DOSSIER, condemn, contents, core_rows, stage_checked, staging_names
from tests.component.warehouse.replays import AGENCY, assert_in_order, desk, entries, example, load_checked
from tests.landed_batches import Reject, land
from tests.samples import dossier

THU = Closing(by="thu", reason="the rule was wrong")
UNKNOWN_AGENCY = "H22.999"
REGISTERED = example(AGENCY, "registered_new_form", 900, agency_code=UNKNOWN_AGENCY)
BAD_RULE = CauseKey("check", "made_up")


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    seed_dimensions(engine)
    return engine


def quarantine(engine: Engine, lake: LakeStore, count: int, *others: Any) -> None:
    """So many good dossiers, kept out by a rule that nobody has today, and others that are loaded."""
    land(lake, DOSSIER, [*(dossier(n) for n in range(count)), *others])
    load_id = stage_checked(engine, lake, DOSSIER)
    for offset in range(count):
        condemn(engine, DOSSIER, load_id, offset)
    publish(engine, lake, DOSSIER, load_id)


def now() -> datetime:
    return datetime(2021, 6, 24, tzinfo=UTC)


def dry_run(engine: Engine, lake: LakeStore, choice: Choice) -> Rehearsal:
    return rehearse(desk(engine, lake, DOSSIER), DOSSIER, choice, "test", CATALOG, now)


def asked(engine: Engine, choice: Choice, action: str = repairs.REPLAY) -> int:
    """A repair of the entries there are now. Its dry run is left out: the marts take seconds."""
    with engine.connect() as connection:
        last = connection.execute(text("select max(id) from quarantine.event")).scalar_one()
    return ask(engine, DOSSIER.event, action, Rehearsal(replace(choice, through_id=last), 0, 0), THU, "test")


def carried_out(engine: Engine, lake: LakeStore, repair_id: int) -> dict[str, int]:
    return dict(carry_out(desk(engine, lake, DOSSIER), DOSSIER, repair_id, "test"))


def everything(engine: Engine, tables: Sequence[str]) -> dict[str, Any]:
    with engine.connect() as connection:
        query = "select to_jsonb(t) from {} t order by to_jsonb(t)::text"
        return {name: connection.execute(text(query.format(name))).scalars().all() for name in tables}


MARTS = ("mart.kpi", "mart.dossier", "mart.public_service_daily", "ledger.mart_build")


def test_causes_are_told_apart_by_event_class_rule_and_field(seeded: Engine, lake: LakeStore) -> None:
    bad = [dossier(1, fee_vnd=-1), dossier(2, fee_vnd=-2), dossier(3, agency_code=UNKNOWN_AGENCY)]
    broken = [dossier(4, dossier_code="H22.05-210621-\0"), Reject("bad_signature"), Reject("null_value", value=None)]
    load_checked(seeded, lake, DOSSIER, [*bad, *broken])
    found = {(each.cause_class, each.rule, each.field, each.records) for each in open_causes(seeded)}
    assert found == {
        ("rule_broken", "fee_vnd_min", "fee_vnd", 2),
        ("reference_missing", "agency_code_ref", "agency_code", 1),
        ("not_storable", "storable", "dossier_code", 1),
        ("not_authorised", "bad_signature", None, 1),
        ("undecodable", "null_value", None, 1),
    }
    (fees,) = [each for each in open_causes(seeded) if each.field == "fee_vnd"]
    assert fees.title == "dossier_status_changed: fee_vnd_min"
    assert fees.first_at == fees.last_at
    with seeded.connect() as connection:
        samples = connection.execute(
            text("select payload ->> 'fee_vnd' from quarantine.open_sample where field = 'fee_vnd' order by id")
        )
        assert samples.scalars().all() == ["-1", "-2"]


def test_a_choice_by_cause_takes_its_entries_alone(seeded: Engine, lake: LakeStore) -> None:
    bad = [
        dossier(1, fee_vnd=-1),
        dossier(2, agency_code=UNKNOWN_AGENCY),
        dossier(3, agency_code="H22.998", fee_vnd=-1),
    ]
    load_checked(seeded, lake, DOSSIER, bad)

    def taken(cause: Cause) -> list[int]:
        with seeded.connect() as connection:
            choice = Choice(cause=cause.key)
            return [datum.offset for datum in chosen(connection, DOSSIER.event, choice, LIMITS)]

    assert {each.title: taken(each) for each in open_causes(seeded)} == {
        "dossier_status_changed: agency_code_ref": [2],
        "dossier_status_changed: agency_code_ref, waits for agency": [1],
        "dossier_status_changed: fee_vnd_min": [0],
    }


def test_a_dry_run_tells_rows_marts_and_figures_and_changes_nothing(seeded: Engine, lake: LakeStore) -> None:
    quarantine(seeded, lake, 3, dossier(50))
    load_checked(seeded, lake, DOSSIER, [dossier(60, fee_vnd=-1), Reject("null_value", value=None)], from_offset=4)
    build_marts(seeded, now, CATALOG)
    before = contents(seeded), everything(seeded, MARTS)
    found = dry_run(seeded, lake, Choice())
    assert (found.entries, found.undecodable, found.tried, found.loaded, found.failing) == (5, 1, 4, 3, 1)
    assert found.choice.through_id is not None
    assert found.failing_by_rule == {"fee_vnd_min": 1}
    assert {each.mart: (each.rows_before, each.rows_after) for each in found.marts}["dossier"] == (1, 4)
    changed = {each.key: (each.before, each.after) for each in found.figures}
    assert changed
    assert (contents(seeded), everything(seeded, MARTS)) == before
    assert staging_names(seeded) == []

    decide(seeded, repair_id := ask(seeded, DOSSIER.event, "replay", found, THU, "test"), "lan", "", approved=True)
    assert carried_out(seeded, lake, repair_id) == {"loaded": 3, "duplicate": 0, "discarded": 0, "open": 2}
    build_marts(seeded, now, CATALOG)
    with seeded.connect() as connection:
        figures = dict(connection.execute(text("select key, value from mart.kpi")).all())
        assert connection.execute(text("select count(*) from mart.dossier")).scalar_one() == 4
    assert {key: figures[key] for key in changed} == {key: after for key, (_, after) in changed.items()}
    with seeded.connect() as connection:
        told = connection.execute(text("select rehearsal from quarantine.repair")).scalar_one()
    assert told["loaded"] == 3
    assert {figure["key"] for figure in told["figures"]} == changed.keys()


def test_the_one_who_asks_cannot_approve(seeded: Engine, lake: LakeStore) -> None:
    quarantine(seeded, lake, 1)
    repair_id = asked(seeded, Choice(cause=BAD_RULE))
    with pytest.raises(NotApproved, match="not decided"):
        carried_out(seeded, lake, repair_id)
    for name in ("thu", " Thu "):
        with pytest.raises(SecondPersonNeeded, match="asked for by thu"):
            decide(seeded, repair_id, name, "fine", approved=True)
    with pytest.raises(IntegrityError, match="repair_two_persons_check"), seeded.begin() as connection:
        connection.execute(
            text("update quarantine.repair set decision = 'approved', decided_by = 'THU', decided_at = now()")
        )
    assert decide(seeded, repair_id, "thu", "withdrawn", approved=False).decision == "refused"
    assert decide(seeded, repair_id, "lan", "too late", approved=True).decision == "refused"
    with pytest.raises(NotApproved, match="refused"):
        carried_out(seeded, lake, repair_id)
    assert entries(seeded, "status") == [("open",)]
    assert core_rows(seeded, DOSSIER) == []


def test_what_was_approved_is_loaded_once_however_often_it_is_carried_out(seeded: Engine, lake: LakeStore) -> None:
    quarantine(seeded, lake, 3)
    first, second = (asked(seeded, Choice(cause=BAD_RULE)) for _ in range(2))
    for repair_id in (first, second):
        assert decide(seeded, repair_id, "lan", "looked at it", approved=True).decided_by == "lan"
    assert carried_out(seeded, lake, first) == {"loaded": 3, "duplicate": 0, "discarded": 0, "open": 0}
    assert carried_out(seeded, lake, first) == {"loaded": 3, "duplicate": 0, "discarded": 0, "open": 0}
    assert carried_out(seeded, lake, second) == {"loaded": 0, "duplicate": 0, "discarded": 0, "open": 0}
    assert len(core_rows(seeded, DOSSIER)) == 3
    closed = entries(seeded, "status", "closed_by", "close_reason", "closed_repair_id")
    assert closed == [("replayed", "thu", "the rule was wrong", first)] * 3
    assert_in_order(seeded, DOSSIER)


def test_a_repair_that_died_half_way_counts_all_it_did(
    seeded: Engine, lake: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarantine(seeded, lake, 2)
    repair_id = asked(seeded, Choice())
    decide(seeded, repair_id, "lan", "", approved=True)
    with monkeypatch.context() as patched:
        patched.setattr("consumers.warehouse.repair._end", interrupted)
        with pytest.raises(KeyboardInterrupt):
            carried_out(seeded, lake, repair_id)
    assert carried_out(seeded, lake, repair_id)["loaded"] == 2


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_entries_that_come_after_the_dry_run_are_left_alone(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, agency_code=UNKNOWN_AGENCY)])
    (cause,) = open_causes(seeded)
    load_checked(seeded, lake, AGENCY, [REGISTERED])
    replay, discard = (asked(seeded, Choice(cause=cause.key), action) for action in (repairs.REPLAY, repairs.DISCARD))
    load_checked(seeded, lake, DOSSIER, [dossier(2, agency_code="H22.998")], from_offset=1)
    assert [each.records for each in open_causes(seeded)] == [2]
    for repair_id in (replay, discard):
        decide(seeded, repair_id, "lan", "", approved=True)
        carried_out(seeded, lake, repair_id)
    assert entries(seeded, "kafka_offset", "status") == [(0, "replayed"), (1, "open")]


def test_what_will_never_load_is_discarded_with_who_and_why(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, fee_vnd=-1), Reject("null_value", value=None), dossier(2)])
    repair_id = asked(seeded, Choice(), repairs.DISCARD)
    decide(seeded, repair_id, "lan", "", approved=True)
    assert carried_out(seeded, lake, repair_id) == {"loaded": 0, "duplicate": 0, "discarded": 2, "open": 0}
    closed = entries(seeded, "status", "closed_by", "close_reason", "closed_repair_id")
    assert closed == [("discarded", "thu", "the rule was wrong", repair_id)] * 2
    assert_in_order(seeded, DOSSIER)


def test_nothing_to_repair_and_no_reason_are_refused(engine: Engine, lake: LakeStore) -> None:
    with pytest.raises(NothingToRepair):
        dry_run(engine, lake, Choice(cause=BAD_RULE))
    with pytest.raises(ReasonNeeded):
        ask(engine, DOSSIER.event, repairs.REPLAY, Rehearsal(Choice(), 1, 0), Closing("thu", " "), "test")
