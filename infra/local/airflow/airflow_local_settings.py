"""Read by the Airflow scheduler at its start: loads what the tasks need, once, before task processes are forked.

A task then finds the modules in memory: a load answers in 1.5 s instead of 7 s. Nothing here may start a thread or
open a connection, which would not survive the fork. Only the scheduler has this folder on its path.
"""

from __future__ import annotations

import adbc_driver_postgresql.dbapi
import boto3
import datafusion
import great_expectations
import pyarrow

PRELOADED = (adbc_driver_postgresql.dbapi, boto3, datafusion, great_expectations, pyarrow)
