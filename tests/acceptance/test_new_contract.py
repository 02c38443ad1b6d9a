"""One new contract file makes a new event type work end to end, on a running stack."""

from __future__ import annotations

import json
from typing import Any

from tests.acceptance.platform import Platform, json_lines, wait_for

EVENT = "library_card_issued"
FIELD = {"personal_data": "none"}


def contract() -> dict[str, Any]:
    """A contract as somebody would write it who has read only README and an existing one."""
    return {
        "type": "record",
        "name": "LibraryCardIssued",
        "namespace": "vn.hagiang.society",
        "doc": "A library has issued a card; one event is one card.",
        "doc_vi": "Thư viện cấp một thẻ; mỗi sự kiện là một thẻ.",
        "owner": "libraries",
        "key": "card_number",
        "producers": ["agency"],
        "retention_days": 30,
        "partitions": 1,
        "version": 1,
        "fields": [
            {"name": "event_id", "type": {"type": "string", "logicalType": "uuid"}, **doc("Identity.", "Định danh.")},
            {
                "name": "occurred_at",
                "type": {"type": "long", "logicalType": "timestamp-millis"},
                "unit": "UTC ms",
                **doc("When it was issued.", "Thời điểm cấp."),
            },
            {"name": "source", "type": "string", "rules": {"max_length": 60}, **doc("Library.", "Thư viện.")},
            {"name": "synthetic", "type": "boolean", **doc("Made up.", "Dữ liệu minh họa.")},
            {
                "name": "card_number",
                "type": "string",
                "rules": {"pattern": r"^T\d{4}$", "max_length": 5},
                **doc("Number on the card.", "Số thẻ."),
            },
            {
                "name": "commune_code",
                "type": "string",
                "rules": {"pattern": r"^\d{5}$", "ref": "admin_unit"},
                **doc("Commune of the library.", "Xã của thư viện."),
            },
        ],
    }


def doc(english: str, vietnamese: str) -> dict[str, str]:
    return {"doc": english, "doc_vi": vietnamese, **FIELD}


def card(number: int, commune: str = "00691") -> dict[str, Any]:
    return {
        "event_id": f"01790000-0000-7000-8000-000000000c{number:02d}",
        "occurred_at": "2021-06-23T08:00:00+07:00",
        "source": "H22",
        "synthetic": True,
        "card_number": f"T{number:04d}",
        "commune_code": commune,
    }


def test_a_contract_file_is_all_it_takes(platform: Platform) -> None:
    path = platform.contracts / "avro" / "society" / f"{EVENT}.avsc"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(contract(), ensure_ascii=False), encoding="utf-8")
    up = platform.hagiang("up")
    assert up.returncode == 0, up.stderr

    sent = platform.hagiang("publish", EVENT, "-", given=json_lines([card(1), card(2), card(3, commune="99999")]))
    assert sent.returncode == 0, sent.stderr
    wait_for("the load of the new event", lambda: watermark(platform) == [(3,)])

    cards = platform.sql(f"SELECT card_number, commune_code FROM core.{EVENT} ORDER BY 1", as_dashboard=True)
    assert cards == [("T0001", "00691"), ("T0002", "00691")]
    quarantined = platform.sql("SELECT rule FROM quarantine.event WHERE event = :event", event=EVENT)
    assert quarantined == [("commune_code_ref",)]
    assert platform.airflow(f"dags/load_{EVENT}")["owners"] == ["libraries"]
    comment = platform.sql("SELECT obj_description(CAST(:table AS regclass))", table=f"core.{EVENT}")
    assert "Thư viện cấp một thẻ" in comment[0][0]
    described = platform.hagiang("contracts", "docs", EVENT)
    assert described.returncode == 0, described.stderr
    assert "Number on the card." in described.stdout


def watermark(platform: Platform) -> list[tuple[Any, ...]]:
    return platform.sql("SELECT next_offset FROM ledger.watermark WHERE topic = :topic", topic=f"society.{EVENT}")
