"""`resume_breaker`: lets loads go on that wait behind an open breaker.

Wiring only: the work is consumers/warehouse/openings.py.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import RESUMED, landed
from dags.people import PATIENCE, ChooseOperator, responder
from dags.retries import RETRIES
from dags.standing import standing

DOC = """
### Open breakers / Cầu dao đang ngắt

When more than a set share and number of a load's rows break critical rules, nothing of it is written and all later
loads of the event wait: their runs fail with `BreakerOpen`. Find out why (Data Docs, `hagiang breaker list`), then
trigger this DAG; *choose* waits under **Required Actions**:
- `check`: the rule, the contract or the source is mended. The next load is judged anew.
- `quarantine`: the data is really so. What waits now loads, its bad rows into the quarantine; the breaker watches what
  comes after.

The load starts at once. By command: `hagiang breaker resume <event>`. Who resumed and why stands in `ledger.breaker`.

**When a run fails** nothing was resumed: mend what the message names and clear the task.

**Khi quá nhiều bản ghi lỗi**, việc nạp dừng lại. Chạy DAG này để cho tiếp tục: `check` (đã sửa quy tắc hoặc nguồn),
hoặc `quarantine` (nạp, bản ghi lỗi vào vùng cách ly). **Khi một lần chạy lỗi**: chưa có gì thay đổi;
sửa nguyên nhân rồi chạy lại.
"""


@task(**RETRIES, execution_timeout=timedelta(minutes=5))
def open_now() -> dict[str, Any]:
    """Events whose loads wait, the longest first; skips the run when there are none."""
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.desk_text import breakers_text
    from consumers.warehouse.openings import open_breakers
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at, warehouse_errors(), at.engine.connect() as connection:
        found = open_breakers(connection)
    if not found:
        raise AirflowSkipException("no breaker is open / không có cầu dao nào đang ngắt")
    return {"events": [each.event for each in found], "text": breakers_text(found)}


@task(**RETRIES, execution_timeout=timedelta(minutes=5), outlets=[RESUMED])
def resume(chosen: dict[str, Any], outlet_events: Any = None) -> str:
    """Let the event's loads go on, and wake them; returns the event."""
    from consumers.warehouse.openings import resume as let_go_on
    from dags.surroundings import open_surroundings

    (event,), form = chosen["chosen_options"], chosen["params_input"]
    with open_surroundings(os.environ) as at:
        let_go_on(at.engine, event, how=form["how"], by=responder(chosen), why=form["reason"])
        outlet_events[RESUMED].add(landed(at.catalog[event]))
    return str(event)


with DAG(
    dag_id="resume_breaker",
    description="Cho tiếp tục việc nạp đã dừng vì quá nhiều bản ghi lỗi",
    doc_md=DOC,
    schedule=None,
    tags=["quarantine"],
    **standing(max_active_runs=8),
):
    found = open_now()
    chosen = ChooseOperator(
        task_id="choose",
        subject="Which loads may go on? / Cho tiếp tục nạp loại sự kiện nào?",
        body=found["text"],
        options=found["events"],
        params={
            "how": Param(
                "check",
                type="string",
                enum=["check", "quarantine"],
                title="check: kiểm tra lại; quarantine: nạp, bản ghi lỗi vào vùng cách ly",
            ),
            "reason": Param("", type="string", title="Why? / Lý do"),
        },
        response_timeout=PATIENCE,
        **RETRIES,
    )
    resume(chosen.output)
