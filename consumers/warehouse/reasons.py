"""Why landing rejected a record, in words for the quarantine."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, str]] = {
    "not_confluent_framed": (
        "The value is not in the Confluent wire format",
        "Giá trị không theo định dạng truyền Confluent",
    ),
    "unknown_schema_id": (
        "The registry does not know the schema id",
        "Sổ đăng ký không có mã lược đồ này",
    ),
    "foreign_schema_id": (
        "The schema id belongs to another topic",
        "Mã lược đồ thuộc về một chủ đề khác",
    ),
    "undecodable_datum": (
        "The datum cannot be decoded with its schema",
        "Không giải mã được dữ liệu theo lược đồ của nó",
    ),
    "null_value": (
        "The record has no value",
        "Bản ghi không có giá trị",
    ),
}
