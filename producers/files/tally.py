"""Counts what became of a file's rows, and hands each problem on to the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from producers.files.headers import Header
from producers.files.problems import Problem

EXAMPLES = 20


def _nowhere(_: Problem) -> None:
    """For whoever wants the counts alone."""


@dataclass
class Tally:
    """`events` are good ones, `rows` all that were read, `bad_rows` the rows of bad events.

    Memory is bounded: of the problems only the first 20 are kept; `on_problem` sees every one.
    """

    on_problem: Callable[[Problem], None] = _nowhere
    described: str = ""
    header: Header | None = None
    rows: int = 0
    events: int = 0
    bad_events: int = 0
    bad_rows: int = 0
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Problem] = field(default_factory=list)

    def begin(self, described: str, header: Header) -> None:
        """A table was opened."""
        self.described, self.header = described, header

    def add(self, rows: list[int], problems: list[Problem]) -> None:
        """One event was judged."""
        self.rows += len(rows)
        if not problems:
            self.events += 1
            return
        self.bad_events += 1
        self.bad_rows += len(rows)
        for problem in problems:
            self.by_rule[problem.column or problem.field, problem.rule] += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(problem)
            self.on_problem(problem)
