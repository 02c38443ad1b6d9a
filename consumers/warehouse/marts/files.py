"""The marts' SQL files: what stands in their heads, and the order they are built in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path

from consumers.warehouse.marts.sections import Section, sections_of, without_marked
from infra.errors import OperatorError

FOLDER = Path(__file__).parent
_HEAD = re.compile(r"^-- (from|after|watch): (.+)$", re.MULTILINE)


class MartInvalid(OperatorError):
    """A mart's SQL file cannot be used: mend what the message names, as consumers/warehouse/marts/README.md tells."""


@dataclass(frozen=True)
class ChangedFill:
    """How a mart is filled for what new loads touched: statements of its file, and the columns that tell rows apart.

    `find` makes the temporary table `changed`, with those columns at least. `days` asks for the days of the mart's rows
    with the keys in `changed`; None when the mart knows no days. `fill` inserts these rows anew.
    """

    key: tuple[str, ...]
    find: str
    days: str | None
    fill: str


@dataclass(frozen=True)
class MartFile:
    """`events` are the core tables it reads, `after` the marts it reads, `watch` what else makes it out of date.

    `table` makes and describes the table, and fills it whole unless there is `changed`.
    """

    name: str
    sql: str
    events: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    table: str = ""
    changed: ChangedFill | None = None

    @property
    def digest(self) -> str:
        """Hash of the file."""
        return sha256(self.sql.encode()).hexdigest()


def load_marts(folder: Path = FOLDER) -> list[MartFile]:
    """Every mart of the folder, each behind those it reads; raises MartInvalid."""
    marts = {
        path.stem: parse_mart(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))
    }
    unknown = {name for mart in marts.values() for name in mart.after} - marts.keys()
    if unknown:
        raise MartInvalid(f"no mart is called {', '.join(sorted(unknown))}")
    try:
        order = TopologicalSorter({name: mart.after for name, mart in marts.items()}).static_order()
        return [marts[name] for name in order]
    except CycleError as error:
        raise MartInvalid(f"marts that wait for each other: {error.args[1]}") from error


def events_of(mart: MartFile, marts: Mapping[str, MartFile]) -> set[str]:
    """Events whose data is in the mart, through other marts too."""
    return set(mart.events).union(*(events_of(marts[name], marts) for name in mart.after))


def parse_mart(name: str, sql: str) -> MartFile:
    """The mart of a file's name and text; raises MartInvalid."""
    heads = {kind: _names(names) for kind, names in _HEAD.findall(sql)}
    if not {"from", "after"} & heads.keys():
        raise MartInvalid(f"{name}.sql: its head does not say what it is made from: `-- from: <event>, ...`")
    table, sections = sections_of(sql)
    return MartFile(
        name,
        sql,
        heads.get("from", ()),
        heads.get("after", ()),
        heads.get("watch", ()),
        table,
        _changed(name, sections) if sections else None,
    )


def whole_fill(changed: ChangedFill) -> str:
    """The statement that fills the mart for all there is."""
    return without_marked(changed.fill)


def _changed(name: str, sections: Mapping[str, Section]) -> ChangedFill:
    missing = {"changed", "fill"} - sections.keys()
    if missing:
        raise MartInvalid(f"{name}.sql: it has no section `-- {missing.pop()}:`")
    key = _names(sections["changed"].told)
    if not all(key):
        raise MartInvalid(f"{name}.sql: say the columns whose values are filled anew: `-- changed: day`")
    days = sections["days"].sql if "days" in sections else None
    if days is None and "day" in key:
        days = "SELECT day FROM changed"
    return ChangedFill(key, sections["changed"].sql, days, sections["fill"].sql)


def _names(told: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in told.split(","))
