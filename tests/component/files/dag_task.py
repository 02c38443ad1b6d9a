"""The task of the DAG `import_files`, twice, as Airflow calls it: `python -m tests.component.files.dag_task`."""

from __future__ import annotations

import json

from airflow.sdk.exceptions import AirflowSkipException

from dags.import_files import import_dropped


def run_task() -> str:
    try:
        return json.dumps(import_dropped.function())
    except AirflowSkipException:
        return "skipped"


if __name__ == "__main__":
    print(run_task())
    print(run_task())
