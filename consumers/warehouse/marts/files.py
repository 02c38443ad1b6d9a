"""The marts' SQL files: what stands in their heads, and the order they are built in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from infra.errors import OperatorError

FOLDER = Path(__file__).parent
_HEAD = re.compile(r"^-- (from|after): (.+)$", re.MULTILINE)


class MartInvalid(OperatorError):
    """A mart's SQL file cannot be used: mend `-- from: <event>, ...` or `-- after: <mart>, ...` in its head."""


@dataclass(frozen=True)
class MartFile:
    """`events` are the core tables it reads, `after` the marts it reads."""

    name: str
    sql: str
    events: tuple[str, ...]
    after: tuple[str, ...]


def load_marts(folder: Path = FOLDER) -> list[MartFile]:
    """Every mart of the folder, each behind those it reads; raises MartInvalid."""
    marts = {path.stem: _parse(path) for path in sorted(folder.glob("*.sql"))}
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


def _parse(path: Path) -> MartFile:
    sql = path.read_text(encoding="utf-8")
    heads = {kind: tuple(name.strip() for name in names.split(",")) for kind, names in _HEAD.findall(sql)}
    if not heads:
        raise MartInvalid(f"{path.name}: its head does not say what it is made from")
    return MartFile(path.stem, sql, heads.get("from", ()), heads.get("after", ()))
