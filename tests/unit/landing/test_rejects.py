from __future__ import annotations

from consumers.lake.decode import to_arrow
from consumers.landing.rejects import Reason, Reject, rejects_container
from tests.unit.lake.made_files import SYNC


def test_rejects_are_kept_whole() -> None:
    rejects = [
        Reject(5, 1_624_000_000_000, b"key", b"\x00\xff", 9, Reason.UNDECODABLE, "3 bytes are left over"),
        Reject(6, 0, None, None, None, Reason.NULL_VALUE, ""),
    ]
    table = to_arrow(rejects_container(rejects, SYNC))
    assert table.column("kafka_timestamp").cast("int64").to_pylist() == [1_624_000_000_000, 0]
    assert table.drop_columns("kafka_timestamp").to_pylist() == [
        {
            "offset": 5,
            "key": b"key",
            "value": b"\x00\xff",
            "schema_id": 9,
            "reason": "undecodable_datum",
            "detail": "3 bytes are left over",
        },
        {"offset": 6, "key": None, "value": None, "schema_id": None, "reason": "null_value", "detail": ""},
    ]


def test_a_timestamp_that_is_no_date_is_kept() -> None:
    far = [Reject(n, t, None, b"", None, Reason.NOT_FRAMED, "") for n, t in enumerate([2**63 - 1, -(2**63), -1])]
    table = to_arrow(rejects_container(far, SYNC))
    assert table.column("kafka_timestamp").cast("int64").to_pylist() == [2**63 - 1, -(2**63), -1]


def test_more_rejects_than_a_block_holds_keep_their_order() -> None:
    many = [Reject(offset, 0, None, b"x", None, Reason.NOT_FRAMED, "") for offset in range(2500)]
    assert to_arrow(rejects_container(many, SYNC)).column("offset").to_pylist() == list(range(2500))
