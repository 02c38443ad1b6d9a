"""Lists of records, taken out of their events into rows of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consumers.warehouse.faults import Fault, Mask


@dataclass(frozen=True)
class Lines:
    """The records of all lists of a column, in order: which row each is of, its place there from 1, its fields."""

    parents: pa.Array
    line_no: pa.Array
    columns: dict[str, pa.Array]


def unnest(lists: pa.Array | None) -> Lines:
    """Take a list column apart; a writer that does not know the list (None) has no lines."""
    if lists is None or not len(lists):
        return Lines(pa.array([], pa.int64()), pa.array([], pa.int32()), {})
    parents = pc.list_parent_indices(lists)
    records = pc.list_flatten(lists)
    columns = {field.name: pc.struct_field(records, [at]) for at, field in enumerate(records.type)}
    return Lines(parents, pa.array(_places(parents), pa.int32()), columns)


def _places(parents: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """1, 2, 3 ... anew for each parent; parents come in order."""
    ids = parents.to_numpy()
    starts = np.searchsorted(ids, ids, side="left")
    places: np.ndarray[Any, np.dtype[np.int64]] = np.arange(len(ids)) - starts + 1
    return places


def of_parents(fault: Fault, lines: Lines, rows: int) -> Fault:
    """A fault of lines as a fault of the events that hold them."""
    mask: Mask = np.zeros(rows, dtype=np.bool_)
    mask[lines.parents.to_numpy()[fault.mask]] = True
    return Fault(fault.field, fault.what_en, fault.what_vi, mask)
