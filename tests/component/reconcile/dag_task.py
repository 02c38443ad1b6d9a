"""The task of the DAG `reconcile`, as Airflow calls it: `python -m tests.component.reconcile.dag_task`."""

from __future__ import annotations

import json

from dags.reconcile import reconcile

if __name__ == "__main__":
    print(json.dumps(reconcile.function()))
