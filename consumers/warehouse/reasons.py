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
    "not_signed": (
        "The record does not say who wrote it",
        "Bản ghi không có chữ ký của bên gửi",
    ),
    "bad_signature": (
        "The signature is not that of the client it names",
        "Chữ ký không đúng với bên gửi được nêu",
    ),
    "unknown_client": (
        "The client has no access, or had none when it wrote this",
        "Bên gửi không có quyền, hoặc không có quyền tại thời điểm gửi",
    ),
    "event_not_granted": (
        "The client may not write this type of event",
        "Bên gửi không được cấp quyền ghi loại sự kiện này",
    ),
    "source_not_granted": (
        "The client may not speak for this source",
        "Bên gửi không được đại diện cho nguồn này",
    ),
}
