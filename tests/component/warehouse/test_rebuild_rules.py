"""What a rebuild makes of rules, contracts and a lake that are not what they were when the rows were loaded."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from consumers.warehouse.plan import LakeShort
from consumers.warehouse.publish import publish
from consumers.warehouse.rebuild.sample import events_loaded, window_of
from consumers.warehouse.rebuild.span import Loads, loads_of_days
from consumers.warehouse.rebuild.swap import LakeNotWhole, SwapConflict
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables.naming import CORE
from infra.object_store import LakeStore
from schemas.contract import parse_contract
from tests.component.warehouse.loads import DOSSIER, child_rows, condemn, core_rows, load, quarantined, stage_checked
from tests.component.warehouse.rebuilds import damage, kinds, rebuilt
from tests.component.warehouse.test_stage_schemas import with_fields
from tests.everything import EVERYTHING, everything, nullable
from tests.landed_batches import Written, datum, land
from tests.samples import dossier, event_id

ROWS, ALL_KINDS = f"{CORE}.{DOSSIER.event}", f"{CORE}.{EVERYTHING.event}"
LINES = f"{ALL_KINDS}_items"


def test_what_other_rules_let_in_or_kept_out_is_told_and_is_no_difference(engine: Engine, lake: LakeStore) -> None:
    seed_dimensions(engine)
    land(
        lake, DOSSIER, [dossier(1, fee_vnd=-1), dossier(2), dossier(3), dossier(1, fee_vnd=-1), dossier(4, fee_vnd=-2)]
    )
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 2)
    publish(engine, lake, DOSSIER, load_id)
    before = core_rows(engine, DOSSIER), quarantined(engine)
    found = rebuilt(engine, lake, DOSSIER, swap_in=True)
    assert (found.state, kinds(found)) == ("equal", [])
    assert found.found.rejected_today == {"fee_vnd_min": 2}
    assert found.found.accepted_today == {"made_up": 1}
    assert (core_rows(engine, DOSSIER), quarantined(engine)) == before

    # A row that is gone, and that today's rules would not let in, comes back into the quarantine.
    damage(engine, f"delete from {ROWS} where kafka_offset = 4")
    assert kinds(rebuilt(engine, lake, DOSSIER, swap_in=True)) == [("quarantine.event", "missing", 1)]
    assert [(row["kafka_offset"], row["rule"]) for row in quarantined(engine)] == [(2, "made_up"), (4, "fee_vnd_min")]


def test_after_a_contract_has_grown_old_rows_are_the_same_and_new_fields_come_from_the_lake(
    engine: Engine, lake: LakeStore
) -> None:
    grown = with_fields(nullable("brand_new", "string"))
    grown["fields"][-2]["type"]["items"]["fields"].append(nullable("weight", "double"))
    today = parse_contract(grown, domain="society", event=EVERYTHING.event)
    newer = everything(2, brand_new="x")
    newer["items"][0]["weight"] = 2.5
    land(lake, EVERYTHING, [everything(1), Written(datum(newer, grown), grown, 9)])
    load(engine, lake, EVERYTHING)
    land(lake, EVERYTHING, [everything(3)], from_offset=2)
    load(engine, lake, today)

    found = rebuilt(engine, lake, today, swap_in=True)
    assert found.state == "swapped"
    assert kinds(found) == [
        (ALL_KINDS, "changed", 1),
        (LINES, "changed", 1),
    ]
    assert found.found.differences[0].columns == {"brand_new": 1}
    assert [row["brand_new"] for row in core_rows(engine, today)] == [None, "x", None]
    assert rebuilt(engine, lake, today).state == "equal"
    assert rebuilt(engine, lake, EVERYTHING).state == "equal"


def test_a_lake_that_is_not_whole_is_not_believed(engine: Engine, lake: LakeStore) -> None:
    land(lake, EVERYTHING, [everything(0), everything(1)])
    load(engine, lake, EVERYTHING)
    last = land(lake, EVERYTHING, [everything(2)], from_offset=2)
    load(engine, lake, EVERYTHING)
    land(lake, EVERYTHING, [everything(0)], next_offset=2)
    found = rebuilt(engine, lake, EVERYTHING)
    assert kinds(found) == [("ledger.batch", "miscounted", 1), (ALL_KINDS, "extra", 1), (LINES, "extra", 1)]
    with pytest.raises(LakeNotWhole):
        rebuilt(engine, lake, EVERYTHING, swap_in=True)
    lake.delete(last.key)
    with pytest.raises(LakeShort, match="partition 0, offsets 2 to 2"):
        rebuilt(engine, lake, EVERYTHING)
    assert len(core_rows(engine, EVERYTHING)) == 3


def test_loads_are_rebuilt_from_a_batch_that_was_merged_of_theirs(engine: Engine, lake: LakeStore) -> None:
    events = [everything(at) for at in range(4)]
    for at in (0, 2):
        small = land(lake, EVERYTHING, events[at : at + 2], from_offset=at)
        load(engine, lake, EVERYTHING)
        lake.delete(small.key)
    land(lake, EVERYTHING, events)
    for number in (1, 2):
        found = rebuilt(engine, lake, EVERYTHING, Loads(number, number))
        assert (found.records, kinds(found)) == (2, [])


def test_an_event_that_a_later_load_brought_in_place_of_a_lost_one_needs_a_wider_range(
    engine: Engine, lake: LakeStore
) -> None:
    land(lake, EVERYTHING, [everything(0), everything(1)])
    load(engine, lake, EVERYTHING)
    before = core_rows(engine, EVERYTHING), child_rows(engine, EVERYTHING)
    damage(engine, *(f"delete from {name} where event_id = '{event_id(1)}'" for name in (ALL_KINDS, LINES)))
    land(lake, EVERYTHING, [everything(1)], from_offset=2)
    load(engine, lake, EVERYTHING)
    with pytest.raises(SwapConflict):
        rebuilt(engine, lake, EVERYTHING, Loads(1, 1), swap_in=True)
    assert rebuilt(engine, lake, EVERYTHING, swap_in=True).state == "swapped"
    assert (core_rows(engine, EVERYTHING), child_rows(engine, EVERYTHING)) == before


def test_the_sample_goes_over_all_loads_in_turn(engine: Engine, lake: LakeStore) -> None:
    for at in range(5):
        land(lake, DOSSIER, [dossier(2 * at), dossier(2 * at + 1)], from_offset=2 * at)
        load(engine, lake, DOSSIER)
    damage(engine, "update ledger.load set published_at = '2021-06-20T18:00:00Z' where publication = 2")
    with engine.connect() as connection:
        assert events_loaded(connection) == [DOSSIER.event]
        windows = [window_of(connection, DOSSIER, turn, max_records=4) for turn in range(4)]
        assert windows == [Loads(1, 2), Loads(3, 4), Loads(5, 5), Loads(1, 2)]
        assert loads_of_days(connection, DOSSIER.event, date(2021, 6, 21), date(2021, 6, 21)) == Loads(2, 2)
        assert loads_of_days(connection, DOSSIER.event, None, date(2021, 6, 20)) is None
