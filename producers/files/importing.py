"""Judges every event of a file, and sends the good ones: the work behind `hagiang import` and the drop folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from producers.files.gathering import gather_drafts
from producers.files.headers import Header, find_header
from producers.files.identity import Occurrences, content_of, row_id
from producers.files.lint import lint_mapping, refuse_unmapped
from producers.files.mapping import FileMapping, MappingInvalid
from producers.files.opening import open_table
from producers.files.problems import Problem, broken_rule, lost_zeros, row_problem
from producers.files.reading import Draft, make_reader, read_drafts
from producers.files.tables import Table
from producers.files.tally import Tally
from producers.presend_checks import PresendCheck, no_check
from producers.unconfirmed import OnItsWay, Unconfirmed
from schemas.catalog import contract_named
from schemas.codec import EventCodec, EventInvalid, prepare
from schemas.contract import Contract
from schemas.fitting import Reason
from schemas.rules import Violation

Send = Callable[[str, Mapping[str, Any]], OnItsWay]
OnProgress = Callable[[int, float | None], None]
"""Called now and then with the rows read, and the share of the file, 0 to 1, where that is known."""

_REPORT_EVERY = 2_000
_SCATTERED = Reason(
    "rows of this event stand apart in the file; sort the file, so that they follow each other",
    "các dòng của cùng một sự kiện nằm rời nhau; hãy sắp xếp để chúng liền nhau",
)


@dataclass(frozen=True)
class Import:
    """A file with the mapping and contract it is read by; may be read as often as wanted.

    `presend` finds what else is wrong with an event than what the contract says, before it is sent.
    """

    path: Path
    mapping: FileMapping
    contract: Contract
    codec: EventCodec
    presend: PresendCheck = no_check


def prepare_import(
    path: Path, mapping: FileMapping, catalog: Mapping[str, Contract], presend: PresendCheck = no_check
) -> Import:
    """Raises UnknownEvent, or MappingInvalid with all that the linter finds."""
    contract = contract_named(catalog, mapping.event)
    findings = lint_mapping(mapping, contract)
    if findings:
        raise MappingInvalid("\n".join(map(str, findings)))
    return Import(path, mapping, contract, prepare(contract), presend)


def check_file(work: Import, tally: Tally, on_progress: OnProgress) -> None:
    """Judge every event and send none; raises FileRefused."""
    _run(work, tally, on_progress, work.codec.encode)


def send_file(work: Import, send: Send, tally: Tally, on_progress: OnProgress, *, window: int = 10_000) -> None:
    """Send every good event and wait until Kafka has confirmed each.

    Raises FileRefused, or NotAcknowledged: what was sent before has stayed sent, and a repeat counts once. Memory stays
    bounded: at most `window` events are unconfirmed at a time.
    """
    waiting = Unconfirmed(window)
    _run(work, tally, on_progress, lambda event: waiting.add(send(work.contract.event, event)))
    waiting.confirm()


def _run(work: Import, tally: Tally, on_progress: OnProgress, take: Callable[[Mapping[str, Any]], object]) -> None:
    scattered = _scattered_groups(work)
    with _open(work) as (table, header, drafts):
        tally.begin(table.described, header)
        occurrences = Occurrences()
        told = 0
        for draft in drafts:
            problems = _group_problems(work, draft, scattered) or draft.problems
            if not problems:
                problems = _give(work, draft, occurrences, take, header)
            else:
                problems = [*problems, *_further(work, draft, problems, header)]
            tally.add(draft.rows, problems)
            if tally.rows - told >= _REPORT_EVERY:
                told = tally.rows
                on_progress(told, table.share_read())
        on_progress(tally.rows, 1.0)


@contextmanager
def _open(work: Import) -> Iterator[tuple[Table, Header, Iterator[Draft]]]:
    with open_table(work.path, work.mapping) as table:
        header, rows = find_header(table, work.mapping)
        refuse_unmapped(work.mapping, work.contract, header, table.name)
        reader = make_reader(work.contract, work.mapping, header)
        yield table, header, gather_drafts(reader, read_drafts(reader, rows))


def _give(
    work: Import,
    draft: Draft,
    occurrences: Occurrences,
    take: Callable[[Mapping[str, Any]], object],
    header: Header,
) -> list[Problem]:
    event = draft.event
    if "event_id" not in event:
        content = content_of(work.contract.event, event)
        event["event_id"] = row_id(content, occurrences.number(content))
    found = work.presend(work.contract.event, event)
    if found:
        return [_problem(work, draft, violation, header) for violation in [*work.codec.check(event), *found]]
    try:
        take(event)
    except EventInvalid as error:
        return [_problem(work, draft, violation, header) for violation in error.violations]
    return []


def _further(work: Import, draft: Draft, told: list[Problem], header: Header) -> list[Problem]:
    """What else the contract says of an event that is bad already, beside what was said of its cells."""
    if not draft.event:
        return []
    event = {"event_id": row_id(b"", 0), **draft.event}
    cells = {(problem.row, problem.column or problem.field) for problem in told}
    violations = [*work.codec.check(event), *work.presend(work.contract.event, event)]
    found = (_problem(work, draft, violation, header) for violation in violations)
    return [problem for problem in found if (problem.row, problem.column or problem.field) not in cells]


def _problem(work: Import, draft: Draft, violation: Violation, header: Header) -> Problem:
    return broken_rule(violation, draft.rows, lambda name: header.titles.get(name, ""), _hint(work, draft, violation))


def _hint(work: Import, draft: Draft, violation: Violation) -> Reason | None:
    field = violation.field
    if violation.rule == "pattern" and field in draft.event:
        return lost_zeros(work.contract.field(field), draft.event[field])
    if violation.rule == "source_not_granted" and not work.mapping.fields[field].columns:
        place = f"{work.mapping.path.name}, line {work.mapping.line_of(field)}"
        return Reason(f"{place} says so: use a mapping of your own with your source", f"theo {place}: hãy sửa ánh xạ")
    return None


def _scattered_groups(work: Import) -> frozenset[bytes]:
    """Group keys that come again after other rows: which of their events is whole cannot be known."""
    if not work.mapping.group_by:
        return frozenset()
    seen = Occurrences()
    with _open(work) as (_, _, drafts):
        keys = (_group_key(work, draft) for draft in drafts)
        return frozenset(key for key in keys if key and seen.number(key))


def _group_key(work: Import, draft: Draft) -> bytes:
    values = [draft.event.get(name) for name in work.mapping.group_by]
    return b"" if None in values else orjson.dumps(values)


def _group_problems(work: Import, draft: Draft, scattered: frozenset[bytes]) -> list[Problem]:
    if scattered and _group_key(work, draft) in scattered:
        return [row_problem(draft.rows[0], "group", _SCATTERED)]
    return []
