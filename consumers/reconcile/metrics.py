"""The result as Prometheus text, for node_exporter's textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from consumers.reconcile.compare import retention_left
from consumers.reconcile.findings import Kind
from consumers.reconcile.partition import PartitionState
from consumers.reconcile.survey import Survey

Sample = tuple[str, float]


def metrics_text(found: Survey) -> str:
    """Gauges in the text format, each with its HELP and TYPE."""
    counts = Counter(finding.kind for finding in found.findings)
    gauges: tuple[tuple[str, str, Iterable[Sample]], ...] = (
        (
            "hagiang_reconcile_findings",
            "Findings of the last reconciliation by kind.",
            ((f'{{kind="{kind.value}"}}', counts[kind]) for kind in Kind),
        ),
        ("hagiang_not_landed_offsets", "Offsets in Kafka beyond the lake's end.", _each(found, _not_landed)),
        ("hagiang_not_loaded_offsets", "Offsets in the lake beyond the watermark.", _each(found, _not_loaded)),
        (
            "hagiang_retention_left_seconds",
            "Time until Kafka deletes the oldest record that has not landed.",
            (
                (_labels(state), left.total_seconds())
                for state in found.partitions
                if state.log and (left := retention_left(state.log, found.at)) is not None
            ),
        ),
        ("hagiang_reconcile_timestamp_seconds", "When it was reconciled.", [("", found.at.timestamp())]),
    )
    return "".join(line + "\n" for name, text, samples in gauges for line in _lines(name, text, samples))


def write_metrics(path: Path, found: Survey) -> None:
    """Put the text into the file in one step: the collector never reads half of it."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(metrics_text(found), encoding="utf-8")
    unfinished.replace(path)


def _lines(name: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        yield f"{name}{labels} {value:.15g}"


def _each(found: Survey, figure: Callable[[PartitionState], int]) -> Iterator[Sample]:
    return ((_labels(state), figure(state)) for state in found.partitions)


def _not_landed(state: PartitionState) -> int:
    return max(0, state.log.end - max(state.lake_end, state.log.start)) if state.log else 0


def _not_loaded(state: PartitionState) -> int:
    return max(0, state.lake_end - state.watermark)


def _labels(state: PartitionState) -> str:
    return f'{{topic="{state.topic}",partition="{state.partition}"}}'
