"""`build_marts`: brings the marts up to date after each load, and every ten minutes in case a wake-up was lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from airflow.sdk import DAG, AssetOrTimeSchedule, Param, task

from dags.assets import loaded
from dags.retries import RETRIES
from dags.standing import by_clock, standing
from schemas.catalog import catalog_folder, load_catalog

DOC = """
### Marts / Bảng số liệu

Brings every table of schema `mart` up to date with `core`, one transaction a table, so that a reader always sees a
whole state. A table is left alone when nothing it is made from has changed; large ones are filled for the days that
changed. The SQL of each mart stands in `consumers/warehouse/marts/<mart>.sql`, what each build did in
`ledger.mart_build`. When it fails, the marts keep their former content: mend what the message names and clear the task.
A run with the parameter `whole` builds all of them from all of `core`: for rows that came or went without a load, and
for doubts.

Cập nhật mọi bảng của `mart` từ `core`, chỉ phần có thay đổi; nếu lỗi, số liệu cũ vẫn giữ nguyên. Tham số `whole`: dựng
lại toàn bộ.
"""


@task(**RETRIES)
def build(params: Mapping[str, Any] | None = None) -> dict[str, int | str]:
    """Bring all marts up to date; returns the rows of each that was built, and `unchanged` for the others."""
    from consumers.warehouse.marts.build import build_marts
    from consumers.warehouse.tables.marts import UNCHANGED
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        builds = build_marts(at.engine, catalog=at.catalog, whole=bool((params or {}).get("whole")))
    return {each.mart: UNCHANGED if each.kind == UNCHANGED else each.rows for each in builds}


with DAG(
    dag_id="build_marts",
    description="Dựng lại các bảng số liệu sau mỗi lần nạp",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=by_clock("*/10 * * * *"),
        assets=reduce(or_, map(loaded, load_catalog(catalog_folder(os.environ)).values())),
    ),
    params={"whole": Param(default=False, type="boolean", description="Dựng lại toàn bộ / Build all from all of core")},
    tags=["mart"],
    **standing(),
):
    build()
