"""Remote consultations by facility and day; counts under 5 are left out, as the facilities would."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places

EVENT = "health_consultation_summarised"
WORKING_DAYS = tuple(day for day in range(1, 31) if june(day).weekday() < 5)
COMMUNE_STATIONS = 12
HISTORIES = (1 + 11 + COMMUNE_STATIONS) * len(WORKING_DAYS)
LEAST_SHOWN = 5


def consultation_summaries(rng: Random, places: Places) -> Iterator[History]:
    """One summary of each facility and working day of June 2021, the provincial hospital's first of each day."""
    facilities = list(_facilities(places))
    for day in WORKING_DAYS:
        for facility, usual in facilities:
            moment = office_time(rng, june(day))
            counts = _counts(rng, usual)
            yield [
                happened(
                    rng,
                    EVENT,
                    moment,
                    "H22.16",
                    **facility,
                    agency_code="H22.16",
                    day=june(day),
                    **counts,
                    report_version=1,
                )
            ]


def _facilities(places: Places) -> Iterator[tuple[dict[str, str], int]]:
    """Each facility with its consultations on a usual day."""
    yield _facility("02001", "Bệnh viện Đa khoa tỉnh", "province", "00697"), 34
    for district in places.districts:
        commune = next(unit for unit in places.communes if places.agency_of[unit] == places.committee_of[district])
        name = f"Trung tâm Y tế {places.name_of[district]}"
        yield _facility(f"02.TTYT.{district}", name, "district", commune), 9
    for commune in places.communes[-COMMUNE_STATIONS:]:
        yield _facility(f"02.TYT.{commune}", f"Trạm Y tế {places.name_of[commune]}", "commune", commune), 2


def _facility(code: str, name: str, level: str, commune: str) -> dict[str, str]:
    return {"facility_code": code, "facility_name": name, "facility_level": level, "commune_code": commune}


def _counts(rng: Random, usual: int) -> dict[str, Any]:
    consultations = rng.randint(usual // 2, 2 * usual)
    patients = consultations - rng.randint(0, consultations // 5)
    return {
        "consultations": _shown(consultations),
        "patients": _shown(patients),
        "specialties": _specialties(rng, consultations),
    }


def _shown(count: int) -> int | None:
    return count if count >= LEAST_SHOWN else None


def _specialties(rng: Random, consultations: int) -> list[dict[str, Any]]:
    """Two lines that make up the total, or none: a line left out could be computed from the others."""
    if consultations < 2 * LEAST_SHOWN:
        return []
    first = rng.randint(LEAST_SHOWN, consultations - LEAST_SHOWN)
    specialty = rng.choice(("internal", "paediatrics", "obstetrics", "general", "imaging"))
    return [
        {"specialty": specialty, "specialty_consultations": first},
        {"specialty": "other", "specialty_consultations": consultations - first},
    ]
