"""The merger of 2025-07-01: the communes and agencies from then on, and the register's entries that bring them.

Codes below `H60` are invented, as those below `H22` are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.agencies import EVENT
from producers.simulator.baseline.history import History, happened
from producers.simulator.calendar import office_time
from producers.simulator.growth.months import MERGER
from producers.simulator.places import Places
from producers.simulator.record import Record
from schemas.reference.lists import Agency, admin_unit_changes_2025, admin_units_2025, agencies

PROVINCE_2021, PROVINCE_2025 = "H22", "H60"
UNIT_2025 = "08"
FIRST_COMMUNE = 101
_TAKEN_OVER = ("merged_whole", "unchanged", "split_part_main")


@dataclass(frozen=True)
class Borders:
    """Places on both sides of the merger; `new_unit` and `new_agency` give what an old code went to."""

    before: Places
    since: Places
    new_unit: dict[str, str]
    new_agency: dict[str, str]

    def on(self, day: date) -> Places:
        """The places of that day."""
        return self.before if day < MERGER else self.since

    def commune_on(self, day: date, commune_of_2021: str) -> str:
        """The code on that day of what the commune of 2021 was."""
        return commune_of_2021 if day < MERGER else self.new_unit[commune_of_2021]


def load_borders(before: Places) -> Borders:
    """From the reference lists; a split commune goes to its main part."""
    communes = [unit for unit in admin_units_2025() if unit.from_ha_giang == "yes"]
    committee = {unit.code: f"{PROVINCE_2025}.{number}" for number, unit in enumerate(communes, FIRST_COMMUNE)}
    departments = {code: code.replace(PROVINCE_2021, PROVINCE_2025) for code in before.departments}
    new_unit = {
        change.old_code: change.new_code for change in admin_unit_changes_2025() if _goes_on(change.kind_of_change)
    }
    committees = {before.committee_of[unit]: committee[new_unit[unit]] for unit in before.communes}
    since = replace(
        before,
        communes=tuple(committee),
        districts=(),
        name_of={unit.code: unit.name for unit in communes},
        agency_of=committee,
        committee_of=committee,
        departments=tuple(departments.values()),
    )
    return Borders(before, since, new_unit, {PROVINCE_2021: PROVINCE_2025, **departments, **committees})


def _goes_on(kind_of_change: str) -> bool:
    return kind_of_change in _TAKEN_OVER


def register_entries(rng: Random, borders: Borders) -> Iterator[History]:
    """The last entry of each agency of 2021, then the first one of each of 2025."""
    names = {agency.code: agency for agency in agencies()}
    for agency in names.values():
        yield [_closed(rng, agency, borders.new_agency.get(agency.code))]
    for old, new in borders.new_agency.items():
        if names[old].level == "province":
            name = names[old].name_vi.replace("Hà Giang", "Tuyên Quang")
            parent = PROVINCE_2025 if "." in new else None
            yield [_opened(rng, new, name_vi=name, level="province", parent_code=parent, admin_unit_code=UNIT_2025)]
    for commune, code in borders.since.committee_of.items():
        name = f"Ủy ban nhân dân {_lower_first(borders.since.name_of[commune])}"
        yield [_opened(rng, code, name_vi=name, level="commune", parent_code=PROVINCE_2025, admin_unit_code=commune)]


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _closed(rng: Random, agency: Agency, successor: str | None) -> Record:
    """Told on the day before, when the agency's unit still was."""
    return happened(
        rng,
        EVENT,
        office_time(rng, MERGER - timedelta(days=1)),
        f"{PROVINCE_2021}.02",
        agency_code=agency.code,
        change="merged" if successor else "dissolved",
        name_vi=agency.name_vi,
        name_en=agency.name_en,
        level=agency.level,
        parent_code=agency.parent_code or None,
        successor_code=successor,
        admin_unit_code=agency.admin_unit_code,
        valid_from=MERGER,
        decision_no=None,
        entry_version=2,
    )


def _opened(rng: Random, code: str, **entry: Any) -> Record:
    return happened(
        rng,
        EVENT,
        office_time(rng, MERGER),
        f"{PROVINCE_2025}.02",
        agency_code=code,
        change="registered",
        valid_from=MERGER,
        entry_version=1,
        **entry,
    )
