"""`erase_persons`: every hour carries out what was approved, and fails while a request is overdue.

Wiring only: the work is consumers/warehouse/erasure.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing
from infra.errors import OperatorError

DOC = """
### Persons who asked to be erased / Xóa dữ liệu cá nhân theo yêu cầu

Carries out every request that a second person has approved (`hagiang erase request`, `hagiang erase approve`): lake,
core, quarantine, marts. `hagiang erase report NUMBER` tells what went where. See `consumers/warehouse/README.md`.

**When it fails** with `ErasureOverdue`, requests stand in the message that are past their due date: most wait for an
approval, `hagiang erase list` shows all. With anything else nothing is lost: what was erased stays erased, and the next
run goes on there. `StillLanding` and `RebuildRunning` pass by themselves.

Mỗi giờ thực hiện các yêu cầu xóa đã được người thứ hai phê duyệt. Nếu lỗi `ErasureOverdue`: có yêu cầu quá hạn, thường
là do chưa phê duyệt (`hagiang erase list`); lỗi khác: lần chạy sau sẽ làm tiếp.
"""


class ErasureOverdue(OperatorError):
    """Requests to erase a person are past their due date: approve them, or say to whom they belong."""


@task(**RETRIES, execution_timeout=timedelta(minutes=50))
def erase() -> list[int]:
    """Numbers of the requests that were carried out; raises ErasureOverdue for those that are late."""
    from consumers.warehouse.erasure.due import run_approved
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        worked = run_approved(at.engine, at.lake, at.catalog, lambda: datetime.now(UTC))
    if worked.overdue:
        raise ErasureOverdue(", ".join(f"request {each.erasure_id} ({each.reference})" for each in worked.overdue))
    return [each.erasure_id for each in worked.done]


with DAG(
    dag_id="erase_persons",
    description="Thực hiện yêu cầu xóa dữ liệu cá nhân đã được phê duyệt",
    doc_md=DOC,
    schedule=by_clock("50 * * * *"),
    tags=["core"],
    **standing(),
):
    erase()
