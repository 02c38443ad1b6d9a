"""`seal_batches`: seals every published batch once an hour, so that receipts can be given.

Wiring only: the work is consumers/warehouse/sealing.
"""

from __future__ import annotations

import os
from datetime import timedelta

from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing

DOC = """
### Seals / Niêm phong các lô đã nạp

Signs a hash tree over every batch that was published and has no seal yet (`ledger.seal`), so that `hagiang receipt`
can prove to whoever sent an event that it was received. Loads do not wait for it. See
`consumers/warehouse/RECEIPTS.md`.

**When it fails**, nothing is lost: what was sealed stays, the next run goes on. `LakeMiscounted` and `LakeShort` say
that the lake no longer holds what was loaded: restore its objects. `SealKeyMissing`: restore `seal-key.pem` from the
backup, or set `SEAL_KEY`; do not make a new key while there is a copy of the old one.

Mỗi giờ ký niêm phong các lô đã ghi vào kho để cấp biên nhận cho bên gửi. Nếu lỗi, dữ liệu không mất: lần chạy sau sẽ
tiếp tục; thông báo nêu rõ việc cần làm.
"""


@task(**RETRIES, execution_timeout=timedelta(minutes=50))
def seal() -> dict[str, int]:
    """How many batches and records were sealed."""
    from consumers.warehouse.sealing.sealing import seal_published
    from consumers.warehouse.sealing.surroundings import sealer_of
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        return vars(seal_published(at.engine, at.lake, sealer_of(at.settings.seal_key)))


with DAG(
    dag_id="seal_batches",
    description="Niêm phong các lô đã nạp mỗi giờ",
    doc_md=DOC,
    schedule=by_clock("25 * * * *"),
    tags=["core"],
    **standing(),
):
    seal()
