"""The figures of Decision 766/QĐ-TTg on hand-made dossiers, and those in the borders of 2025."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from consumers.warehouse.seeding import seed_dimensions
from tests.component.warehouse.loads import DOSSIER
from tests.component.warehouse.mart_rows import built, cells, kpis, mart, put, ratio
from tests.samples import START, Event, dossier

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MERGER = datetime(2025, 7, 1, tzinfo=UTC)


class Steps:
    """Steps of dossiers; what a dossier is told to be holds for each of its steps."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, code: str, *steps: tuple[int, datetime], **changes: Any) -> None:
        usual = {"fee_vnd": None, "paid_online": None, "needs_result_document": None, "electronic_result": None}
        for status, at in steps:
            told = {**usual, "received_at": steps[0][1], "due_at": steps[0][1] + DAY, **changes}
            self.events.append(
                dossier(len(self.events), dossier_code=code, status=status, occurred_at=at, **told),
            )


def finished(hours: int, begin: datetime = START) -> tuple[tuple[int, datetime], tuple[int, datetime]]:
    return (2, begin), (9, begin + hours * HOUR)


def test_the_time_to_process_leaves_out_what_was_awaited(engine: Engine) -> None:
    steps = Steps()
    steps.add("QUICK", *finished(2))
    steps.add("PAUSED", (2, START), (5, START + HOUR), (4, START + 11 * HOUR), (9, START + 13 * HOUR))
    steps.add("OPEN", (2, START))
    steps.add("NEVER_RECEIVED", (9, START), received_at=None)
    put(engine, DOSSIER, steps.events)
    assert ratio(kpis(engine), "mean_processing_hours") == (5 * 3600, 2, Decimal("2.50"))


def test_what_is_paid_online_is_of_the_received_with_a_fee(engine: Engine) -> None:
    steps = Steps()
    steps.add("PAID", (2, START), fee_vnd=20_000, paid_online=True)
    steps.add("AT_THE_DESK", (2, START), fee_vnd=20_000, paid_online=False)
    steps.add("UNKNOWN", (2, START), fee_vnd=20_000)
    steps.add("FREE", (2, START), fee_vnd=0, paid_online=True)
    steps.add("REFUSED", (3, START), fee_vnd=20_000, paid_online=True, received_at=None)
    put(engine, DOSSIER, steps.events)
    assert ratio(kpis(engine), "paid_online_share") == (1, 3, Decimal("33.33"))


def test_results_are_electronic_and_dossiers_digitised_or_not(engine: Engine) -> None:
    whole, part = {"component_count": 3, "digitised_component_count": 3}, {"digitised_component_count": 2}
    steps = Steps()
    steps.add("WHOLE", *finished(1), needs_result_document=True, electronic_result=True, **whole)
    steps.add("PART", *finished(1), needs_result_document=True, electronic_result=True, **{**whole, **part})
    steps.add("PAPER", *finished(1), needs_result_document=True, electronic_result=False, **whole)
    steps.add("NO_RESULT", *finished(1), needs_result_document=False, electronic_result=True, channel="direct")
    steps.add("OLD", *finished(1), component_count=None, digitised_component_count=None)
    steps.add("OPEN", (2, START), needs_result_document=True, **whole)
    put(engine, DOSSIER, steps.events)
    found = kpis(engine)
    assert ratio(found, "electronic_result_share") == (2, 3, Decimal("66.67"))
    assert ratio(found, "digitised_share") == (1, 5, 20)
    assert ratio(found, "online_dossier_share") == (2, 6, Decimal("33.33"))
    assert ratio(found, "dossiers_online") == (5, 6, Decimal("83.33"))


def test_every_unit_of_2021_goes_into_one_of_2025_or_stays_unallocated(engine: Engine) -> None:
    seed_dimensions(engine)
    found = {(row["code"], row["valid_from"].year): row for row in mart(engine, "admin_unit_in_2025")}
    communes = [row for (code, year), row in found.items() if year == 2020 and len(code) == 5]
    assert len(communes) == 193
    split = {row["code"] for row in communes if row["allocation"] == "split"}
    assert split == {"00688", "00967", "00988"}
    assert {row["unit_2025"] for row in communes if row["code"] in split} == {None}
    assert len({row["unit_2025"] for row in communes} - {None}) <= 73
    assert found["02", 2020]["unit_2025"] == "08"
    assert found["026", 2020]["allocation"] == "abolished"
    # One code, two communes: before and after the merger.
    assert (found["00691", 2020]["name"], found["00691", 2025]["name"]) == ("Phường Trần Phú", "Phường Hà Giang 2")
    assert found["00691", 2025]["unit_2025"] == "00691"
    assert found["00694", 2020]["name_2025"] == found[found["00694", 2020]["unit_2025"], 2025]["name"]


def test_online_dossiers_in_time_are_told_by_commune_in_the_borders_of_2025(engine: Engine) -> None:
    seed_dimensions(engine)
    steps = Steps()
    # 00692 Ngọc Hà and 00691 Trần Phú went into the new 00691, 00688 Quang Trung was split.
    steps.add("TRAN_PHU", *finished(1), commune_code="00691")
    steps.add("NGOC_HA", *finished(48), commune_code="00692")
    steps.add("DIRECT", *finished(1), commune_code="00692", channel="direct")
    steps.add("SPLIT", *finished(1), commune_code="00688")
    steps.add("UNKNOWN", *finished(1), commune_code="99999")
    steps.add("LATER", *finished(1, MERGER), commune_code="00691")
    put(engine, DOSSIER, steps.events)
    built(engine, at=MERGER + DAY)
    columns = ("day", "commune_2025", "commune_name", "finished", "finished_online", "on_time_online", "overdue")
    same_day, later = date(2021, 6, 21), date(2025, 7, 1)
    assert cells(engine, "public_service_daily_2025_borders", *columns) == [
        (same_day, "00691", "Phường Hà Giang 2", 2, 1, 1, 0),
        (same_day, "unallocated", None, 2, 2, 2, 0),
        (date(2021, 6, 23), "00691", "Phường Hà Giang 2", 1, 1, 0, 1),
        (later, "00691", "Phường Hà Giang 2", 1, 1, 1, 0),
    ]
    # In the borders of the day they are told apart.
    told = cells(engine, "public_service_daily", "day", "commune_code", "finished_online", "on_time_online")
    assert [each for each in told if each[1] in ("00691", "00692")] == [
        (same_day, "00691", 1, 1),
        (same_day, "00692", 0, 0),
        (date(2021, 6, 23), "00692", 1, 0),
        (later, "00691", 1, 1),
    ]
