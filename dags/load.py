"""One DAG for each contract of the catalogue: `load_<event>` = stage, check, publish.

Wiring only: the steps are plain functions of consumers/warehouse. They are imported inside the tasks, so that reading
this file stays quick; worker processes have the libraries loaded already.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, AssetOrTimeSchedule, get_parsing_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import landed, loaded
from dags.retries import RETRIES
from dags.standing import by_clock, standing
from schemas.catalog import catalog_folder, load_catalog
from schemas.contract import Contract

CLOCK_MINUTES = 15


@task(**RETRIES, execution_timeout=timedelta(minutes=15))
def stage(event: str, run_id: str | None = None) -> int:
    """Bring what the lake holds beyond the watermark into a staging table; skips the run when there is nothing."""
    from consumers.warehouse.stage import stage as stage_load
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        load_id = stage_load(at.engine, at.lake, at.catalog[event], run_id=str(run_id))
    if load_id is None:
        raise AirflowSkipException("the lake holds nothing beyond the watermark")
    return load_id


@task(**RETRIES, execution_timeout=timedelta(minutes=15))
def check(event: str, load_id: int) -> int:
    """Run the event's expectations on the staged rows; fails the run when the breaker opens."""
    from consumers.warehouse.check import check as check_load
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        check_load(at.engine, at.lake, at.catalog[event], load_id)
    return load_id


@task(**RETRIES, execution_timeout=timedelta(minutes=15))
def publish(event: str, load_id: int) -> dict[str, Any]:
    """Commit good rows, quarantine, ledger and watermark in one transaction."""
    from consumers.warehouse.publish import publish as publish_load
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        published = publish_load(at.engine, at.lake, at.catalog[event], load_id)
    if published.stale:
        raise AirflowSkipException(f"load {load_id} is stale: another load has published its offsets")
    return published.counts()


def load_dag(contract: Contract, clocked_at: int) -> DAG:
    """The DAG of one contract: woken by landing, and at its own minute of every quarter in case a wake-up was lost."""
    with DAG(
        dag_id=f"load_{contract.event}",
        description=contract.doc_vi,
        doc_md=_doc(contract),
        schedule=AssetOrTimeSchedule(
            timetable=by_clock(f"{clocked_at}/{CLOCK_MINUTES} * * * *"),
            assets=[landed(contract)],
        ),
        tags=["load", contract.domain],
        **standing(contract.owner),
    ) as dag:
        load_id = stage(contract.event, run_id="{{ run_id }}")
        checked = check(contract.event, load_id)
        publish.override(outlets=[loaded(contract)])(contract.event, checked)
    return dag


def _doc(contract: Contract) -> str:
    return f"""
### Load of `{contract.topic}` / Nạp dữ liệu `{contract.topic}`

{contract.doc}

{contract.doc_vi}

**Path**: `landing/{contract.topic}/` in the lake → `staging.{contract.event}__<load>` → checks of
`expectations/{contract.event}.json` → `core.{contract.event}`, `quarantine.event`, `ledger.batch`.

**When a run fails**
- *stage*: the message names what is missing in the lake or the warehouse; transient faults are retried by themselves.
- *check*: `BreakerOpen` means that more than {contract.breaker.share:.0%} and more than {contract.breaker.rows} of the
  rows break a rule. Nothing was written, and later runs fail in *stage* until somebody resumes them. Look at the rules
  it names, in the Data Docs too; mend the rule or the source; then trigger the DAG `resume_breaker`.
- *publish*: nothing was written either: the whole load is one transaction. Clear the task.

**Rows in quarantine**: `hagiang quarantine causes --event {contract.event}` says why. What only lacked a reference is
replayed by `replay_quarantine`; anything else, once it is mended, by the DAG `repair_quarantine`.

**Khi một lần chạy lỗi**: chưa có gì được ghi vào kho dữ liệu; sửa nguyên nhân nêu trong thông báo rồi chạy lại tác vụ.

Owner / Đơn vị phụ trách: `{contract.owner}`
"""


def load_dags(contracts: Sequence[Contract], wanted: str | None) -> list[DAG]:
    """The DAG of every contract; only `wanted` when a task of it is about to run, which need not know the others."""
    return [
        load_dag(contract, clocked_at=number % CLOCK_MINUTES)
        for number, contract in enumerate(contracts)
        if wanted in (None, f"load_{contract.event}")
    ]


load_dags(list(load_catalog(catalog_folder(os.environ)).values()), get_parsing_context().dag_id)
