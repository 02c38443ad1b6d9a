"""`apply_retention`: every night removes what is past its contract's term from lake, quarantine and core.

Wiring only: the work is consumers/warehouse/retention.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing

DOC = """
### Retention / Xóa dữ liệu hết thời hạn lưu trữ

For the data engineer. Contracts say in `keep` how many days lake, quarantine and core keep an event; what they do not
say is kept for good. Every night whole batches of the lake that are loaded, sealed and past their term go, closed
entries of the quarantine, and rows of `core` of events that no mart is made from. Open entries never go. What went
stands in `ledger.expired`; `hagiang retention` tells beforehand what would go. See `consumers/warehouse/RETENTION.md`.

**When it fails**, nothing is lost: what went stays on record, and the next run goes on there. `RebuildRunning` passes
by itself. `MartsNeedCore`: a contract has a term for core, and marts are made from the event; take the term out.
`ManifestBroken` and `ObjectMissing`: the lake is damaged; restore its objects.

Mỗi đêm xóa các lô trong hồ dữ liệu, bản ghi cách ly đã xử lý và dữ liệu trong kho đã quá thời hạn ghi trong hợp đồng
dữ liệu; bản ghi cách ly chưa xử lý không bao giờ bị xóa. Nếu lỗi, dữ liệu không mất: lần chạy sau sẽ làm tiếp.
"""


@task(**RETRIES, execution_timeout=timedelta(hours=3))
def apply(run_id: str | None = None) -> dict[str, int]:
    """How many batches and rows of core and quarantine went."""
    from consumers.warehouse.marts.files import load_marts
    from consumers.warehouse.retention.run import remove
    from consumers.warehouse.retention.terms import refuse_mart_sources
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        refuse_mart_sources(at.catalog.values(), load_marts())
        gone = [
            each
            for contract in at.catalog.values()
            for each in remove(at.engine, at.lake, contract, datetime.now(UTC), str(run_id))
        ]
    return {
        "batches": sum(each.lake.batches for each in gone),
        "rows": sum(each.rows.loaded for each in gone),
        "entries": sum(each.rows.quarantined + each.rows.rejected for each in gone),
    }


with DAG(
    dag_id="apply_retention",
    description="Xóa dữ liệu đã hết thời hạn lưu trữ theo hợp đồng dữ liệu",
    doc_md=DOC,
    schedule=by_clock("10 2 * * *"),
    tags=["core"],
    **standing(),
):
    apply()
