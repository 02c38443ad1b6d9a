"""Who reads the fields of an event behind the contract: expectations written by hand, marts and figures.

They lie in stages above this one, so their folders are handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.contract import Contract
from schemas.usage.marts import Figure, Mart, figures_from, load_marts, made_from
from schemas.usage.suites import HandRule, hand_rules


@dataclass(frozen=True)
class ReaderFolders:
    """`expectations/<event>.json` and `marts/<mart>.sql`; None where there are none."""

    expectations: Path | None = None
    marts: Path | None = None


NO_READERS = ReaderFolders()


@dataclass(frozen=True)
class Readers:
    """What reads one event: its rules written by hand, the marts made from it, and the figures of those."""

    rules: tuple[HandRule, ...]
    marts: tuple[Mart, ...]
    figures: tuple[tuple[Mart, Figure], ...]


@dataclass(frozen=True)
class Use:
    """One place that reads a field; `what` is the rest of the sentence."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def readers_of(contract: Contract, folders: ReaderFolders) -> Readers:
    """Everything that reads the contract's event."""
    marts, tables = load_marts(folders.marts), event_tables(contract)
    return Readers(
        hand_rules(folders.expectations, contract.event),
        tuple(made_from(marts, tables)),
        tuple(figures_from(marts, tables)),
    )


def event_tables(contract: Contract) -> set[str]:
    """The event's tables in the warehouse, its own and those of its lists."""
    return {f"core.{contract.event}", *(f"core.{contract.event}_{child.name}" for child in contract.children)}


def uses_of(readers: Readers, event: str, field: str) -> list[Use]:
    """Where the field (`status`, `lines.quantity`, or a whole list `lines`) is read, by rule and by mart."""
    return [*_uses_in_rules(readers.rules, field), *_uses_in_marts(readers.marts, event, field)]


def figures_behind(readers: Readers, uses: Sequence[Use]) -> list[Use]:
    """The figures made from the marts among these uses."""
    touched = {mart.table for mart in readers.marts if mart.path in {use.path for use in uses}}
    marts = [mart for mart, _ in readers.figures]
    reached = touched | {mart.table for mart in made_from([*readers.marts, *marts], touched)}
    return [
        Use(mart.path, figure.line, f"figure {figure.key} ({figure.name_en}) is made from it")
        for mart, figure in readers.figures
        if figure.tables & reached or mart.table in touched
    ]


def _uses_in_rules(rules: Sequence[HandRule], field: str) -> Iterator[Use]:
    of_list, _, column = field.rpartition(".")
    for rule in rules:
        for line in rule.lines_reading(column, of_list):
            yield Use(rule.path, line, f"the rule {rule.rule} reads {field}")


def _uses_in_marts(marts: Sequence[Mart], event: str, field: str) -> Iterator[Use]:
    of_list, _, column = field.rpartition(".")
    table = f"core.{event}_{of_list}" if of_list else f"core.{event}"
    for mart in marts:
        for line in mart.lines_reading(table, column):
            yield Use(mart.path, line, f"{mart.table} reads {field}")
        if f"core.{event}_{field}" in mart.tables:
            yield Use(mart.path, mart.line_naming(f"core.{event}_{field}"), f"{mart.table} reads the list {field}")
