"""Where simulated events happen: the communes of 2021 and the agencies that serve them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from schemas.reference.lists import Procedure, admin_units_2021, agencies, procedures

_COMMUNE_KINDS = {"xa", "phuong", "thi_tran"}


@dataclass(frozen=True)
class Places:
    """`communes` are codes; `agency_of` gives the district committee of a commune; `departments` are provincial."""

    communes: tuple[str, ...]
    agency_of: dict[str, str]
    departments: tuple[str, ...]
    procedures: tuple[Procedure, ...]

    def commune(self, rng: Random) -> str:
        """Any of the 193 communes."""
        return rng.choice(self.communes)

    def agency(self, rng: Random, commune: str) -> str:
        """Who handles a dossier of that commune: mostly its district, else a department of the province."""
        return self.agency_of[commune] if rng.random() < 0.7 else rng.choice(self.departments)


def load_places() -> Places:
    """Read from the reference lists of the project."""
    communes = [unit for unit in admin_units_2021() if unit.kind in _COMMUNE_KINDS]
    by_unit = {agency.admin_unit_code: agency.code for agency in agencies() if agency.level == "district"}
    return Places(
        communes=tuple(unit.code for unit in communes),
        agency_of={unit.code: by_unit[unit.parent_code] for unit in communes},
        departments=tuple(a.code for a in agencies() if a.level == "province" and "." in a.code),
        procedures=tuple(procedures()),
    )
