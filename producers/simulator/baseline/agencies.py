"""The register of agencies: each one's entry, a tenth of them in the spelling of QCVN 102:2016."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record
from schemas.reference.lists import Agency, agencies

EVENT = "agency_registered"
REGISTRAR = "H22.02"
HISTORIES = 226


def agency_entries(rng: Random, _: Places) -> Iterator[History]:
    """One entry for each agency of the reference list, as the list has it, made in the first days of June 2021."""
    for number, agency in enumerate(agencies()):
        yield [_entry(rng, agency, old=number % 10 == 9)]


def _entry(rng: Random, agency: Agency, *, old: bool) -> Record:
    spelled = older_spelling if old else str
    return happened(
        rng,
        EVENT,
        office_time(rng, june(rng.randint(1, 4))),
        REGISTRAR,
        agency_code=spelled(agency.code),
        change="registered",
        name_vi=agency.name_vi,
        name_en=agency.name_en,
        level=agency.level,
        parent_code=spelled(agency.parent_code) if agency.parent_code else None,
        admin_unit_code=agency.admin_unit_code,
        valid_from=agency.valid_from,
        decision_no="228/QĐ-UBND" if "." in agency.code else None,
        entry_version=1,
    )


def older_spelling(code: str) -> str:
    """A code of Decision 20/2020 in the order of QCVN 102:2016: `H22.26.04` becomes `000.04.26.H22`."""
    root, *groups = code.split(".")
    return ".".join(["000", *reversed([*groups, "00", "00"][:2]), root])
