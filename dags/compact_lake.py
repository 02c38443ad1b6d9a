"""`compact_lake`: every night merges the lake's small batches of days that have passed.

Wiring only: the work is consumers/lake/compact.py and consumers/warehouse/compaction.py.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing

DOC = """
### Compaction / Gộp các lô nhỏ trong hồ dữ liệu

For the data engineer. Landing writes a batch every second; every night those of a day that has passed and is loaded are
merged into one for each partition, and what was merged the night before is removed. Offsets, counts and the bytes of
records stay as they are; loads, landing and readers go on meanwhile. `hagiang compact` does it at once.

**When it fails**, nothing is lost: what was merged stands beside its parts until a later run removes these.
`RebuildRunning` passes by itself. `MergeMiscounted`, `FileDamaged` and `ContainerBroken`: a landed file is damaged;
restore it from a backup.

Mỗi đêm gộp các lô nhỏ của những ngày đã qua và đã nạp thành một lô cho mỗi phân vùng; nội dung bản ghi không đổi. Nếu
lỗi, dữ liệu không mất: lần chạy sau sẽ làm tiếp.
"""


@task(**RETRIES, execution_timeout=timedelta(hours=3))
def compact() -> dict[str, int]:
    """How many batches were merged into how many, and how many objects of earlier ones were removed."""
    from consumers.lake.compact import Compacted
    from consumers.warehouse.compaction import compact_event
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        done = [compact_event(at.engine, at.lake, each, datetime.now(UTC)) for each in at.catalog.values()]
    return dict(vars(sum(done, Compacted())))


with DAG(
    dag_id="compact_lake",
    description="Gộp các lô nhỏ trong hồ dữ liệu mỗi đêm",
    doc_md=DOC,
    schedule=by_clock("10 1 * * *"),
    tags=["core"],
    **standing(),
):
    compact()
