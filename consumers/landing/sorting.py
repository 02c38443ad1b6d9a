"""A batch's records sorted by writer schema, those that have none set aside as rejects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from consumers.lake.seals import Numbers
from consumers.landing.records import OpenBatch
from consumers.landing.rejects import Reason, Reject
from consumers.landing.writer_schemas import HEADER_SIZE, Refusal, TopicSchemas

_NULL = Refusal(None, Reason.NULL_VALUE, "the record has a key and no value")


@dataclass(frozen=True)
class Datums:
    """Datums of one writer schema in the order of their offsets; `rows` are their places in the open batch."""

    schema_id: int
    rows: Sequence[int]
    datums: Sequence[bytes]
    offsets: Numbers
    timestamps: Numbers


def sort_records(
    batch: OpenBatch, schemas: TopicSchemas, refused: Mapping[int, Refusal]
) -> tuple[list[Datums], list[Reject]]:
    """Datums by writer schema, and the rejects, those `refused` already (by place) among them.

    Raises RegistryUnavailable.
    """
    rows_of = _rows_by_header(batch.values, refused)
    unknown = [header for header in rows_of if header is not None and header not in schemas.ids]
    refusals: dict[bytes | None, Refusal] = {None: _NULL}
    refusals.update(schemas.explain(unknown).items())
    datums, rejects = [], [reject_of(batch, row, refusal) for row, refusal in refused.items()]
    for header, rows in rows_of.items():
        if header is None or header in refusals:
            rejects += [reject_of(batch, row, refusals[header]) for row in rows]
        else:
            datums.append(datums_of(batch, schemas.ids[header], rows))
    return datums, rejects


def datums_of(batch: OpenBatch, schema_id: int, rows: Sequence[int]) -> Datums:
    """The datums at these places of the batch, which all have values."""
    values = batch.values
    offsets, timestamps = np.array(batch.offsets, np.int64), np.array(batch.timestamps, np.int64)
    return Datums(
        schema_id=schema_id,
        rows=rows,
        datums=[values[row][HEADER_SIZE:] for row in rows],  # type: ignore[index]
        offsets=offsets[rows],
        timestamps=timestamps[rows],
    )


def reject_of(batch: OpenBatch, row: int, refusal: Refusal) -> Reject:
    """The record at that place of the batch, whole."""
    return Reject(
        offset=batch.offsets[row],
        kafka_timestamp=batch.timestamps[row],
        key=batch.keys[row],
        value=batch.values[row],
        schema_id=refusal.schema_id,
        reason=refusal.reason,
        detail=refusal.detail,
        author=refusal.author,
    )


def _rows_by_header(values: Sequence[bytes | None], refused: Collection[int]) -> dict[bytes | None, Sequence[int]]:
    """Places of the values that are not refused, by their first five bytes."""
    headers = [None if value is None else value[:HEADER_SIZE] for value in values]
    if not refused and len(set(headers)) == 1:
        return {headers[0]: range(len(headers))}
    rows_of: defaultdict[bytes | None, list[int]] = defaultdict(list)
    for row, header in enumerate(headers):
        if row not in refused:
            rows_of[header].append(row)
    return dict(rows_of)
