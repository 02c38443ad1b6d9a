"""What the adapters' paths answer about records that cannot be taken."""

from __future__ import annotations

import json
from typing import Any

from tests.sync_records import sync_record
from tests.unit.gateway.in_memory import InMemory, post


def errors_of(path: str, body: Any) -> list[dict[str, Any]]:
    status, _, answer = post(InMemory(), path, body if isinstance(body, bytes) else json.dumps(body).encode())
    assert status == 422, answer
    found: list[dict[str, Any]] = json.loads(answer)["errors"]
    return found


def test_what_the_contract_refuses_is_told_with_what_the_format_refuses() -> None:
    errors = errors_of("/dossier-sync", sync_record(MaXa="688", MaTTHC="x", KenhThucHien="9", NgayHenTra="x"))
    assert {each["field"] for each in errors} == {"KenhThucHien", "NgayHenTra", "MaXa", "MaTTHC"}
    assert len(errors) == 4
    (commune,) = [each for each in errors if each["field"] == "MaXa"]
    assert commune["message"].startswith("MaXa must match ")
    assert commune["message_vi"].startswith("MaXa phải theo mẫu ")


def test_what_only_the_contract_refuses_has_the_senders_names() -> None:
    (error,) = errors_of("/dossier-sync", sync_record(MaXa="688"))
    assert (error["field"], error["message"][:10]) == ("MaXa", "MaXa must ")
