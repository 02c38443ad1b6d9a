"""`build_data_docs`: brings the pages on the latest checks up to date, every five minutes.

A DAG of its own, so that no load waits until its pages are written.
"""

from __future__ import annotations

import os

from airflow.sdk import DAG, task

from dags.retries import RETRIES
from dags.standing import by_clock, standing

DOC = """
### Data Docs / Trang kết quả kiểm tra

Writes the pages behind *Data Docs* in the menu from the results of the latest checks, passed or failed, that the lake
keeps. When it fails, the pages are older than the loads and nothing else is touched: mend what the message names.

Cập nhật trang kết quả kiểm tra dữ liệu; nếu lỗi, chỉ trang kết quả bị cũ, số liệu không bị ảnh hưởng.
"""


@task(**RETRIES)
def document() -> None:
    """Add the checks that have no page yet."""
    from dags.surroundings import open_surroundings
    from expectations.data_docs import document as document_checks

    with open_surroundings(os.environ) as at:
        for contract in at.catalog.values():
            document_checks(at.lake, contract, at.settings.home / "data_docs")


with DAG(
    dag_id="build_data_docs",
    description="Cập nhật trang kết quả kiểm tra dữ liệu",
    doc_md=DOC,
    schedule=by_clock("2/5 * * * *"),
    tags=["docs"],
    **standing(),
):
    document()
