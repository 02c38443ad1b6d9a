"""Values that Avro accepts and the warehouse cannot store: what they are, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

RULE = "storable"
CRITICAL = "critical"

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Fault:
    """Rows (`mask`, one boolean a row) whose `field` holds something that cannot be stored."""

    field: str
    what_en: str
    what_vi: str
    mask: Mask

    @property
    def reason_en(self) -> str:
        """For the quarantine."""
        return f"{self.field} {self.what_en}"

    @property
    def reason_vi(self) -> str:
        """For the quarantine."""
        return f"{self.field} {self.what_vi}"


def verdicts(faults: list[Fault], partition: int, offsets: pa.Array) -> pa.Table:
    """One row of the verdict table for each row and field at fault."""
    return pa.concat_tables([_VERDICT.empty_table(), *(_verdicts(fault, partition, offsets) for fault in faults)])


def _verdicts(fault: Fault, partition: int, offsets: pa.Array) -> pa.Table:
    positions = offsets.filter(pa.array(fault.mask))
    texts = (RULE, CRITICAL, fault.reason_en, fault.reason_vi, fault.field)
    columns = [pa.repeat(pa.scalar(partition, pa.int32()), len(positions)), positions]
    return pa.table([*columns, *(pa.repeat(text, len(positions)) for text in texts)], schema=_VERDICT)


_VERDICT = pa.schema(
    [
        ("kafka_partition", pa.int32()),
        ("kafka_offset", pa.int64()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("reason_en", pa.string()),
        ("reason_vi", pa.string()),
        ("field", pa.string()),
    ]
)
