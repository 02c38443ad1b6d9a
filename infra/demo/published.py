"""The figures published on 2021-06-23 beside what the marts compute from the simulated events."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from infra.demo.figures import KpiRow
from infra.demo.report import Tally, compare_pair, table_titled
from producers.simulator.published import Published


def print_published(console: Console, published: Iterable[Published], figures: Iterable[KpiRow]) -> Tally:
    """One line for each published figure; it agrees if the computed one, so rounded, reads the same.

    Only the figures from synthetic events are looked at: the counts behind the percentages were never published.
    """
    table = table_titled("Published on 2021-06-23 beside computed", "figure", "published", "computed", "of", "agrees")
    computed = {row.key: row for row in figures if row.synthetic}
    total = Tally()
    for figure in published:
        row = computed.get(figure.key)
        found = figure.at_this_precision(row.numerator, row.denominator) if row else None
        tally = compare_pair((figure.text,), (found,))
        total += tally
        table.add_row(
            row.name_vi if row else figure.key,
            f"{figure.text} %",
            "–" if found is None else f"{found} %",
            f"{row.numerator:,.0f}/{row.denominator:,.0f}" if row and row.denominator else "–",
            "✗" if tally.different else "✓",
        )
    console.print(table)
    return total
