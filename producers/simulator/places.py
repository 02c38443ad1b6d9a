"""Where simulated events happen: the communes of 2021 and the agencies that serve them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from schemas.reference.lists import Procedure, admin_units_2021, agencies, procedures

_COMMUNE_KINDS = {"xa", "phuong", "thi_tran"}
_DISTRICT_KINDS = {"huyen", "thanh_pho"}


@dataclass(frozen=True)
class Places:
    """`communes` and `districts` are codes of units, `name_of` gives a unit's name.

    `agency_of` gives the district committee of a commune, `committee_of` a unit's own committee; `departments` are
    provincial bodies.
    """

    communes: tuple[str, ...]
    districts: tuple[str, ...]
    name_of: dict[str, str]
    agency_of: dict[str, str]
    committee_of: dict[str, str]
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
    units, bodies = admin_units_2021(), agencies()
    communes = [unit for unit in units if unit.kind in _COMMUNE_KINDS]
    committee_of = {body.admin_unit_code: body.code for body in bodies if body.level != "province"}
    return Places(
        communes=tuple(unit.code for unit in communes),
        districts=tuple(unit.code for unit in units if unit.kind in _DISTRICT_KINDS),
        name_of={unit.code: unit.name for unit in units},
        agency_of={unit.code: committee_of[unit.parent_code] for unit in communes},
        committee_of=committee_of,
        departments=tuple(body.code for body in bodies if body.level == "province" and "." in body.code),
        procedures=tuple(procedures()),
    )
