from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest

from infra.local import kafka
from infra.local.home import make_home
from infra.local.stack import load_stack


def test_an_id_that_begins_with_a_hyphen_is_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka.uuid, "uuid4", lambda: UUID(bytes=b"\xfb" * 16))
    stack = load_stack(make_home(tmp_path), os.environ)
    kafka.make_broker(stack)
    assert "cluster.id=-_v7" in (tmp_path / "kafka" / "data" / "meta.properties").read_text()
