"""Lists become lines that know their row and their place."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from consumers.warehouse.faults import Fault
from consumers.warehouse.unnest import of_parents, unnest

LINE = pa.struct([("label", pa.string()), ("price", pa.int32())])
LISTS = pa.array(
    [[("x", 0)], [("a", 1), ("b", None)], [], None, [("c", 3), ("d", 4), ("e", 5)]],
    pa.list_(LINE),
)


def test_lines_keep_row_place_and_fields() -> None:
    lines = unnest(LISTS)
    assert lines.parents.to_pylist() == [0, 1, 1, 4, 4, 4]
    assert lines.line_no.to_pylist() == [1, 1, 2, 1, 2, 3]
    assert lines.columns["label"].to_pylist() == ["x", "a", "b", "c", "d", "e"]
    assert lines.columns["price"].to_pylist() == [0, 1, None, 3, 4, 5]


def test_a_slice_begins_at_its_own_first_row() -> None:
    lines = unnest(LISTS.slice(1))
    assert lines.parents.to_pylist() == [0, 0, 3, 3, 3]
    assert lines.columns["label"].to_pylist() == ["a", "b", "c", "d", "e"]


def test_a_writer_without_the_list_has_no_lines() -> None:
    for lists in (None, LISTS.slice(0, 0), pa.array([[], None], pa.list_(LINE))):
        lines = unnest(lists)
        assert (len(lines.parents), len(lines.line_no)) == (0, 0)


def test_a_fault_of_a_line_is_its_row_s() -> None:
    fault = Fault("lines.label", "is bad", "hỏng", np.array([False, False, True, False, True, True]))
    assert list(of_parents(fault, unnest(LISTS), rows=5).mask) == [False, True, False, False, True]
