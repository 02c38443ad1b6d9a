"""`rebuild_sample`: rebuilds a sample of one event a day from the lake and fails when core is not what the lake says.

Wiring only: the work is consumers/warehouse/rebuild.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pendulum
from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.retries import RETRIES
from dags.standing import VIETNAM, by_clock, standing
from infra.errors import OperatorError

MAX_RECORDS = 200_000
DOC = """
### Rebuild of a sample / Dựng lại mẫu từ hồ dữ liệu

Every night one event in turn: some of its loads are decoded, resolved and checked anew from the lake into side tables,
and a hash of their content is compared with `core` and `quarantine`. Loads go on meanwhile and nothing is changed. With
each turn of an event its next loads come, so that in time all of history is gone over. What was found stands in
`ledger.rebuild`. A run with the parameter `event` takes that one.

**When it fails** with `RebuildDiffers`, rows of the warehouse are not what the lake says: changed, lost or doubled by
hand or by a fault. The message names the tables and records. `hagiang rebuild <event>` goes over all of the event and
names each kind of difference; with `--swap` it makes the warehouse what the lake says, and the marts follow.

Mỗi đêm dựng lại một phần dữ liệu của một loại sự kiện từ hồ dữ liệu và đối chiếu mã băm với kho; nếu lỗi, thông báo nêu
rõ bảng và bản ghi bị sai khác.
"""


class RebuildDiffers(OperatorError):
    """The warehouse is not what the lake says: `hagiang rebuild <event>` names what differs, `--swap` mends it."""


@task(**RETRIES, execution_timeout=timedelta(minutes=30))
def sample(run_after: str, run_id: str | None = None, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the rebuild found; raises RebuildDiffers."""
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.rebuild.rebuild import rebuild
    from consumers.warehouse.rebuild.sample import event_of, events_loaded, window_of
    from dags.surroundings import open_surroundings

    wanted, day = dict(params or {}), _day_of(run_after)
    with open_surroundings(os.environ) as at:
        with warehouse_errors(), at.engine.connect() as connection:
            events = [event for event in events_loaded(connection) if event in at.catalog]
            if not events:
                raise AirflowSkipException("nothing has been loaded yet / chưa có dữ liệu")
            event = wanted.get("event") or event_of(day, events)
            turn = day.toordinal() // len(events)
            loads = window_of(connection, at.catalog[event], turn, int(wanted.get("max_records") or MAX_RECORDS))
        if loads is None:
            raise AirflowSkipException(f"{event}: the lake keeps none of its loads any more / đã hết thời hạn lưu")
        found = rebuild(at.engine, at.lake, at.catalog[event], loads, str(run_id))
    if found is None:
        raise AirflowSkipException(f"{event} has no load / chưa có lần nạp")
    if found.differs:
        raise RebuildDiffers(f"rebuild {found.rebuild_id}: {'; '.join(map(str, found.found.differences))}")
    return found.as_json()


def _day_of(run_after: str) -> date:
    return pendulum.instance(datetime.fromisoformat(run_after)).in_timezone(VIETNAM).date()


with DAG(
    dag_id="rebuild_sample",
    description="Dựng lại mẫu từ hồ dữ liệu và đối chiếu với kho",
    doc_md=DOC,
    schedule=by_clock("10 3 * * *"),
    params={
        "event": Param(default=None, type=["null", "string"], description="Loại sự kiện / Event; empty: in turn"),
        "max_records": Param(default=MAX_RECORDS, type="integer", minimum=1, description="Số bản ghi / Records"),
    },
    tags=["core"],
    **standing(),
):
    sample("{{ dag_run.run_after.isoformat() }}")
