"""`replay_quarantine`: replays what waited in quarantine for an entry of a reference list, once the list has changed.

Wiring only: the work is consumers/warehouse/replay.py.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from airflow.sdk import DAG, AssetOrTimeSchedule, task

from consumers.warehouse.references import REFERENCE_EVENTS
from dags.assets import REPLAYED, loaded
from dags.retries import RETRIES
from dags.standing import by_clock, standing
from schemas.catalog import catalog_folder, load_catalog

DOC = """
### Replay of what lacked a reference / Nạp lại bản ghi thiếu dữ liệu tham chiếu

An event that names an agency, a procedure, a product or a commune nobody knew on its day is quarantined as *reference
missing*. This DAG runs after each load of `agency_registered`, `procedure_published` and `ocop_product_rated`, and
every half hour for the seeded lists. It replays the open entries that wait for a list which has changed since their
last check: *due* names their events, *replay* stages, checks and publishes them like any load. What passes is in `core`
and its entry closed as `replayed`; what fails stays open with the reasons of today.

**When a run fails** nothing of that replay was written and the entries are open as before: mend what the message names
and clear the task. Other entries are repaired by the DAG `repair_quarantine`.

**Khi một lần chạy lỗi**: chưa có gì được ghi, các bản ghi vẫn được giữ ở vùng cách ly; sửa nguyên nhân nêu trong thông
báo rồi chạy lại tác vụ.
"""


@task(**RETRIES, execution_timeout=timedelta(minutes=5))
def due() -> list[str]:
    """Events with entries whose reference list has changed; those that bring references themselves come first."""
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.replay_choice import due_events
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at, warehouse_errors(), at.engine.connect() as connection:
        return [event for event in due_events(connection) if event in at.catalog]


@task(**RETRIES, execution_timeout=timedelta(minutes=15), max_active_tis_per_dag=1, outlets=[REPLAYED])
def replay(event: str, run_id: str | None = None, outlet_events: Any = None) -> dict[str, int]:
    """Replay the event's entries that are due; how many were tried, loaded, duplicates, and are open still."""
    from consumers.warehouse.closing import Closing
    from consumers.warehouse.replay import Desk, replay_all, total
    from consumers.warehouse.replay_choice import Choice
    from dags.surroundings import open_surroundings
    from schemas.registry import Registry

    closing = Closing(by="replay_quarantine", reason="reference list changed / danh mục đã thay đổi")
    with open_surroundings(os.environ) as at, Registry(at.settings.registry_url) as registry:
        desk = Desk(at.engine, at.lake, registry.schema_by_id, closing)
        counts = total(replay_all(desk, at.catalog[event], Choice(reference_changed=True), str(run_id)))
        if counts["loaded"] + counts["duplicate"]:
            outlet_events[REPLAYED].add(loaded(at.catalog[event]))
    return counts


def _references() -> Any:
    """The assets of the events that bring references."""
    catalog = load_catalog(catalog_folder(os.environ))
    return reduce(or_, (loaded(catalog[event]) for event in REFERENCE_EVENTS if event in catalog))


with DAG(
    dag_id="replay_quarantine",
    description="Nạp lại bản ghi bị cách ly khi danh mục tham chiếu thay đổi",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(timetable=by_clock("7/30 * * * *"), assets=_references()),
    tags=["quarantine"],
    **standing(),
):
    replay.expand(event=due())
