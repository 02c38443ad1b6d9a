"""`build_marts`: rebuilds the marts after each load, and every ten minutes in case a wake-up was lost."""

from __future__ import annotations

import os
from functools import reduce
from operator import or_

import pendulum
from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, task

from dags.assets import loaded
from dags.retries import RETRIES
from schemas.catalog import catalog_folder, load_catalog

DOC = """
### Marts / Bảng số liệu

Rebuilds every table of schema `mart` from `core`, one transaction a table, so that a reader always sees a whole state.
The SQL of each mart stands in `consumers/warehouse/marts/<mart>.sql`. When it fails, the marts keep their former
content: mend what the message names and clear the task.

Dựng lại mọi bảng của `mart` từ `core`; nếu lỗi, số liệu cũ vẫn giữ nguyên.
"""


@task(**RETRIES)
def build() -> dict[str, int]:
    """Rebuild all marts; returns the rows of each."""
    from consumers.warehouse.marts.build import build_marts
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        return {mart.name: mart.rows for mart in build_marts(at.engine, catalog=at.catalog)}


with DAG(
    dag_id="build_marts",
    description="Dựng lại các bảng số liệu sau mỗi lần nạp",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Ho_Chi_Minh"),
        assets=reduce(or_, map(loaded, load_catalog(catalog_folder(os.environ)).values())),
    ),
    start_date=pendulum.datetime(2021, 6, 1, tz="Asia/Ho_Chi_Minh"),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["mart"],
    default_args={"owner": "digital-transformation-board"},
):
    build()
