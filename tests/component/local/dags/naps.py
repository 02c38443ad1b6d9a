"""DAGs for the tests of Airflow's part of the stack."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task

RETRIES: dict[str, Any] = {"retries": 3, "retry_delay": timedelta(seconds=1)}


@task(**RETRIES)  # type: ignore[untyped-decorator]  # Airflow is not followed by mypy
def nap(seconds: float) -> None:
    time.sleep(seconds)


@task(**RETRIES)  # type: ignore[untyped-decorator]
def loaded() -> list[str]:
    """Which of the heavy libraries this process has without having imported them."""
    heavy = ("great_expectations", "datafusion", "pyarrow", "adbc_driver_postgresql", "boto3")
    return [name for name in heavy if name in sys.modules]


with DAG("short_nap", schedule=None):
    nap(0)

with DAG("long_nap", schedule=None):
    nap(6)

with DAG("preloaded", schedule=None):
    loaded()
