"""The recount's task without a shop, and its day."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from dags.recount_marketplaces import recount
from infra.local.home import make_home
from infra.local.stack import load_stack
from infra.local.stack_env import write_stack_env


def test_without_a_configured_shop_it_is_skipped_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_stack_env(load_stack(make_home(tmp_path), {}))
    monkeypatch.setenv("HAGIANG_HOME", str(tmp_path))
    with pytest.raises(AirflowSkipException, match="no marketplace shop is configured"):
        recount.function("2026-03-02T04:30:00+07:00")
