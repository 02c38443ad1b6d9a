"""What a repair would do, found by doing it on staged copies and rolling it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.marts.build import Clock
from consumers.warehouse.marts.rehearse import FigureChange, MartChange, watching_figures
from consumers.warehouse.replay import Desk, replay
from consumers.warehouse.replay_choice import Choice, open_and_named, undecodable
from consumers.warehouse.tables import quarantine
from infra.errors import OperatorError
from schemas.contract import Contract


class NothingToRepair(OperatorError):
    """No open entry is of that kind: they may have been repaired meanwhile; see `hagiang quarantine causes`."""


class RehearsalOvertaken(OperatorError):
    """Somebody else replays the same entries at this moment: wait for them and begin anew."""


@dataclass(frozen=True)
class Rehearsal:
    """`entries` are open and chosen, of which `undecodable` can never be replayed, and `tried` were tried.

    Of those tried `loaded` would be in core, `duplicate` are there already, `failing` would stay open, counted by rule
    in `failing_by_rule`. `choice` is what was looked at: entries that come later are not in it.
    """

    choice: Choice
    entries: int
    undecodable: int
    tried: int = 0
    loaded: int = 0
    duplicate: int = 0
    failing: int = 0
    failing_by_rule: Mapping[str, int] = field(default_factory=dict)
    marts: tuple[MartChange, ...] = ()
    figures: tuple[FigureChange, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """All but the choice; amounts as text, so that none loses a digit."""
        told = {name: value for name, value in asdict(self).items() if name != "choice"}
        amounts = ("before", "after")
        told["figures"] = [{**figure, **{name: _text(figure[name]) for name in amounts}} for figure in told["figures"]]
        return told


def rehearse(
    desk: Desk, contract: Contract, choice: Choice, run_id: str, catalog: Mapping[str, Contract], clock: Clock
) -> Rehearsal:
    """A dry run over the chosen entries, as many as one load takes; nothing is written but the load's own entry.

    Raises NothingToRepair, RehearsalOvertaken, and what `replay` and the marts' files raise.
    """
    with warehouse_errors(), desk.engine.connect() as connection:
        known = _known(connection, contract.event, choice)
    with watching_figures(desk.engine, catalog, contract.event, clock) as watch:
        result = replay(desk, contract, known.choice, run_id, rehearse=True, watch=watch)
    if result is None:
        return known
    if result.stale:
        raise RehearsalOvertaken(f"load {result.load_id}")
    return replace(
        known,
        tried=result.consumed,
        loaded=result.loaded,
        duplicate=result.duplicate,
        failing=result.quarantined,
        failing_by_rule=dict(result.open_by_rule),
        marts=tuple(watch.marts),
        figures=tuple(watch.figures),
    )


def _known(connection: Connection, event: str, choice: Choice) -> Rehearsal:
    """The entries that are there now, counted; what comes later is not part of the choice."""
    number = quarantine.event.c.id
    found = connection.execute(select(func.count(), func.max(number)).where(*open_and_named(event, choice))).one()
    entries, last = found
    if not entries:
        raise NothingToRepair(event)
    choice = replace(choice, through_id=last)
    return Rehearsal(choice, entries, undecodable(connection, event, choice))


def _text(amount: object) -> str | None:
    return None if amount is None else f"{amount:f}"
