"""Gathers the rows that make up one event: the lines of an order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from producers.files.problems import Problem, row_problem
from producers.files.reading import Draft, Reader
from schemas.fitting import Reason
from schemas.rules import HIDDEN, show

MOST_LINES = 1_000  # rows of one event


def gather_drafts(reader: Reader, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """One draft for each run of drafts that agree in the mapping's `group_by` fields; without these, as they come."""
    if not reader.group_by:
        yield from drafts
        return
    gathered: list[Draft] = []
    for draft in drafts:
        if gathered and not _belongs(reader, gathered[0], draft):
            yield _gather(reader, gathered)
            gathered = []
        gathered.append(draft)
        if len(gathered) > MOST_LINES:
            yield _overlong(gathered)
            gathered = []
    if gathered:
        yield _gather(reader, gathered)


def _belongs(reader: Reader, first: Draft, draft: Draft) -> bool:
    """Rows below the first may leave its fields blank, as merged cells do."""
    named = [name for name in reader.group_by if name in draft.given]
    return all(draft.event.get(name) == first.event.get(name) for name in named)


def _gather(reader: Reader, drafts: list[Draft]) -> Draft:
    first = drafts[0]
    problems = [problem for draft in drafts for problem in draft.problems]
    for draft in drafts[1:]:
        for name in reader.line_cells:
            first.event[name] += draft.event[name]
        other = (name for name in draft.given if draft.event.get(name) != first.event.get(name))
        problems += [_differs(reader, draft, name, first) for name in other]
    return Draft([draft.rows[0] for draft in drafts], first.event, problems)


def _differs(reader: Reader, draft: Draft, name: str, first: Draft) -> Problem:
    hidden = reader.fields[name].personal_data != "none"
    reason = Reason(
        f"must be as in row {first.rows[0]}, since both rows are one {reader.contract.key}",
        f"phải giống dòng {first.rows[0]} vì hai dòng thuộc cùng một {reader.contract.key}",
    )
    shown = HIDDEN if hidden else show(draft.event.get(name))
    return Problem(draft.rows[0], reader.header.titles[name], name, "group", shown, reason.en, reason.vi)


def _overlong(drafts: list[Draft]) -> Draft:
    reason = Reason(f"more than {MOST_LINES} rows for one event", f"quá {MOST_LINES} dòng cho một sự kiện")
    rows = [draft.rows[0] for draft in drafts]
    return Draft(rows, {}, [row_problem(rows[0], "group", reason)])
