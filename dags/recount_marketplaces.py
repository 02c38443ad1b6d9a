"""`recount_marketplaces`: compares yesterday's orders of every marketplace shop with the warehouse's."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import pendulum
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.retries import RETRIES
from dags.standing import VIETNAM, by_clock, standing

DOC = """
### Recount of marketplaces / Đối chiếu đơn hàng với sàn

Asks each platform for the orders made yesterday (Vietnam time) and compares number and total, order by order, with
`core.order_status_changed`. The report is kept in the lake under `reports/marketplaces/recount/<day>.json`. The task is
skipped while no shop is configured (`marketplaces.toml`).

When it fails, orders are missing here or have another total, or a platform could not be asked: the message and the
report name them. Look at `hagiang marketplaces status` and `refused`, and at quarantine; then
`hagiang marketplaces recount --day D` shows whether all is well again. Nothing is changed by the recount itself.

Đối chiếu số đơn và tổng tiền từng đơn hàng hôm qua giữa sàn và kho dữ liệu; nếu lỗi, báo cáo nêu rõ đơn bị thiếu hoặc
lệch tiền.
"""


@task(**RETRIES)
def recount(run_after: str) -> dict[str, Any]:
    """The report of the day before; raises RecountDiffers when a person should look."""
    from dags.surroundings import open_surroundings
    from producers.marketplaces.recount import RecountDiffers, keep_report
    from producers.marketplaces.recount import recount as count
    from producers.marketplaces.sessions import open_sessions
    from producers.marketplaces.shops import load_marketplaces, marketplaces_file

    yesterday = pendulum.instance(datetime.fromisoformat(run_after)).in_timezone(VIETNAM).subtract(days=1).date()
    with open_surroundings(os.environ) as at:
        shops = load_marketplaces(marketplaces_file(os.environ, at.settings.home))
        if not shops.apps:
            raise AirflowSkipException("no marketplace shop is configured / chưa cấu hình gian hàng nào")
        sessions = open_sessions(shops, at.settings.home)
        with sessions.http:
            found = count(sessions, at.engine, yesterday)
        key = keep_report(at.lake, found)
    if found.differs:
        raise RecountDiffers(f"{found.summary} ({key})")
    return found.as_json()


with DAG(
    dag_id="recount_marketplaces",
    description="Đối chiếu đơn hàng hôm qua với các sàn thương mại điện tử",
    doc_md=DOC,
    schedule=by_clock("30 4 * * *"),
    tags=["marketplace"],
    **standing("trade-promotion"),
):
    recount("{{ dag_run.run_after.isoformat() }}")
