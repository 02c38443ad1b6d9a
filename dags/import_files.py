"""`import_files`: publishes the files that agencies have dropped into the object store, every five minutes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.retries import RETRIES
from dags.standing import by_clock, standing

DOC = """
### Dropped files / Tệp do cơ quan gửi

Reads what clients have put below `clients/<client>/<mapping>/` of the drop bucket, and the operator below
`drop/<mapping>/`, publishes the good rows, and writes beside it, below `drop-results/`, what became of the file and
which rows are bad. A client's files are held to its rights (`hagiang access list`). Rows count once, however often a
file is read.

**When a run fails**
- `DropRefused`: nothing of the files it names could be imported. Each has a result that tells the agency why; the next
  run passes them over. If the message is about a mapping, mend or add the mapping and drop the file again.
- anything else: the files without a result are read again by the next run. Clear the task once the cause is mended.

**Khi một lần chạy lỗi**: xem thông báo nêu tệp nào bị từ chối và lý do; kết quả của từng tệp nằm trong `drop-results/`.
Các tệp khác không bị ảnh hưởng.
"""


def _now() -> datetime:
    return datetime.now(UTC)


@task(**RETRIES, execution_timeout=timedelta(hours=1))
def import_dropped() -> dict[str, int]:
    """Import the files without a result; skips the run when there are none. Returns the events sent of each file."""
    from contextlib import closing

    from expectations.record_rules import rules_before_sending
    from infra.access.connect import open_access
    from infra.access.read import read_snapshot
    from infra.access.refusals import RefusalLog, audit_writer
    from infra.settings import load_settings
    from producers.client import open_producer
    from producers.files.drop import Desk, open_drop, waiting_files
    from producers.files.drop import import_dropped as import_files
    from producers.files.mapping import mappings_folder
    from producers.presend_checks import rules_check
    from schemas.catalog import catalog_folder, load_catalog

    settings, catalog = load_settings(os.environ), load_catalog(catalog_folder(os.environ))
    store = open_drop(settings.lake)
    files = waiting_files(store)
    if not files:
        raise AirflowSkipException("no file waits in the drop folder")
    engine = open_access(settings.warehouse.owner_url)
    clients = read_snapshot(engine, None, with_api_keys=False).clients
    with closing(RefusalLog(audit_writer(engine, "files"))) as refusals, open_producer(settings, catalog) as producer:
        rules = rules_check(catalog, rules_before_sending, _now)
        desk = Desk(store, catalog, mappings_folder(os.environ), _now, clients.get, refusals.refused, rules)
        return {result.key: result.events for result in import_files(desk, files, producer.send)}


with DAG(
    dag_id="import_files",
    description="Nhập các tệp do cơ quan gửi vào kho đối tượng",
    doc_md=DOC,
    schedule=by_clock("4/5 * * * *"),
    tags=["import"],
    **standing(),
):
    import_dropped()
