"""The recount's task without a shop, and its day."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from dags.recount_marketplaces import recount

NAMES = (
    "KAFKA_BOOTSTRAP_SERVERS KAFKA_SECURITY_PROTOCOL KAFKA_SASL_MECHANISM KAFKA_ADMIN_USER KAFKA_ADMIN_PASSWORD "
    "KAFKA_LANDING_USER KAFKA_LANDING_PASSWORD KAFKA_PUBLISHER_USER KAFKA_PUBLISHER_PASSWORD SCHEMA_REGISTRY_URL "
    "AWS_REGION LAKE_BUCKET AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AIRFLOW_URL AIRFLOW_ADMIN_USER "
    "AIRFLOW_ADMIN_PASSWORD AIRFLOW_LANDING_USER AIRFLOW_LANDING_PASSWORD"
).split()


def test_without_a_configured_shop_it_is_skipped_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql+psycopg://x:x@127.0.0.1:1/x")
    monkeypatch.setenv("DASHBOARD_URL", "postgresql+psycopg://x:x@127.0.0.1:1/x")
    monkeypatch.setenv("HAGIANG_HOME", str(tmp_path))
    with pytest.raises(AirflowSkipException, match="no marketplace shop is configured"):
        recount.function("2026-03-02T04:30:00+07:00")
