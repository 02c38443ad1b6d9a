"""`reconcile`: every hour compares topic, lake and warehouse, and fails with what is missing between them.

Wiring only: the work is consumers/reconcile.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing
from infra.errors import OperatorError

NAMED = 20
DOC = """
### Reconciliation / Đối soát dữ liệu

For the data engineer. Every hour, for every partition: what Kafka holds, what the lake holds, what the ledger says was
loaded, and, by hour, the rows in `core` and `quarantine`. Nothing is changed. The report lies in the lake under
`reports/reconcile/<yyyy-mm-dd>/<hh>.json`, hours of Vietnam.

**When it fails** with `Unreconciled`, the message has a line for each finding: kind, topic and partition, offsets,
since when, what to do.

| kind | means |
|---|---|
| `not_landed` | in Kafka for more than 5 minutes and not in the lake: landing stands |
| `retention_near` | Kafka deletes records that have not landed soon: act now |
| `lost` | Kafka deleted records before they landed |
| `topic_shrunk` | Kafka ends before the lake does: the topic was made anew |
| `missing_in_lake` | no batch holds these offsets: objects were deleted |
| `landed_not_loaded` | in the lake for more than 30 minutes and not loaded: a load fails, or its breaker is open |
| `missing_in_ledger` | below the watermark, but in no range of the ledger |
| `counts_differ` | lake, ledger, core and quarantine count otherwise |
| `source_differs` | the newest recount of a marketplace has other orders |

`hagiang reconcile [EVENT...]` says at once whether all is well again. `hagiang reconcile --metrics FILE` writes the
same for Prometheus.

Mỗi giờ đối soát Kafka, hồ dữ liệu và kho dữ liệu theo từng phân vùng; nếu lỗi, thông báo nêu rõ thiếu gì, ở đâu, từ khi
nào và cách xử lý.
"""


class Unreconciled(OperatorError):
    """Topic, lake and warehouse do not agree: each line says what to do; `hagiang reconcile` asks again at once."""


@task(**RETRIES, execution_timeout=timedelta(minutes=30))
def reconcile() -> dict[str, Any]:
    """How much was compared; raises Unreconciled with the findings."""
    from consumers.reconcile.survey import keep_report, survey
    from consumers.reconcile.thresholds import DEFAULT_THRESHOLDS
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        found = survey(
            at.settings.kafka, at.catalog.values(), at.engine, at.lake, pendulum.now("UTC"), DEFAULT_THRESHOLDS
        )
        key = keep_report(at.lake, found)
    if found.findings:
        lines = "\n".join(finding.line for finding in found.findings[:NAMED])
        raise Unreconciled(f"{len(found.findings)} findings, report {key}:\n{lines}\n")
    return {"partitions": len(found.partitions), "report": key}


with DAG(
    dag_id="reconcile",
    description="Đối soát Kafka, hồ dữ liệu và kho dữ liệu mỗi giờ",
    doc_md=DOC,
    schedule=by_clock("40 * * * *"),
    tags=["core"],
    **standing(),
):
    reconcile()
