"""What was removed because its term had ended. Migrations make these tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Integer, Table, Text, Uuid

from consumers.warehouse.tables.fixed_columns import count, entered_at, moment
from consumers.warehouse.tables.naming import FIXED, LEDGER

expired = Table(
    "expired",
    FIXED,
    Column("expired_id", BigInteger, Identity(), primary_key=True, comment="Number of the entry. / Số thứ tự."),
    Column("topic", Text, nullable=False, comment="Kafka topic. / Chủ đề Kafka."),
    Column("partition", Integer, nullable=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column(
        "next_offset",
        BigInteger,
        nullable=False,
        comment="Horizon: the lake keeps nothing below this offset any more. / Hồ dữ liệu không còn giữ gì trước vị "
        "trí này.",
    ),
    moment("lake_before", "Batches that Kafka took before this went. / Đã xóa các lô Kafka nhận trước thời điểm này."),
    moment(
        "quarantine_before",
        "Closed entries that Kafka took before this went; null: all are kept. / Đã xóa bản ghi cách ly đã xử lý trước "
        "thời điểm này.",
    ),
    moment(
        "core_before",
        "Rows that Kafka took before this went; null: all are kept. / Đã xóa các dòng Kafka nhận trước thời điểm này.",
    ),
    count("batches", "Batches removed from the lake. / Số lô đã xóa khỏi hồ dữ liệu."),
    count("records", "Records they held. / Số bản ghi trong các lô đó."),
    count("loaded", "Rows removed from core. / Số dòng đã xóa khỏi kho."),
    count("replayed", "Those of them that a replay had loaded. / Trong đó: do nạp lại."),
    count("quarantined", "Entries removed that had broken a rule. / Số bản ghi cách ly vi phạm quy tắc đã xóa."),
    count("rejected", "Entries removed that had not been decoded. / Số bản ghi không giải mã được đã xóa."),
    count(
        "emptied",
        "Entries that keep their line as long as the row they became, without content. / Số bản ghi chỉ còn dòng ghi "
        "chú, không còn nội dung.",
    ),
    Column("run_id", Text, nullable=False, comment="Airflow run or person that asked for it. / Lượt chạy."),
    entered_at("expired_at", "When. / Thời điểm xóa."),
    CheckConstraint(
        "least(next_offset, batches, records, loaded, replayed, quarantined, rejected, emptied) >= 0", name="counts"
    ),
    CheckConstraint("replayed <= loaded", name="replayed"),
    Index(None, "topic", "partition", "next_offset"),
    schema=LEDGER,
    comment="What was removed because the term of the contract had ended. / Những gì đã xóa do hết thời hạn lưu trữ "
    "ghi trong hợp đồng dữ liệu.",
)

expired_event = Table(
    "expired_event",
    FIXED,
    Column("event", Text, primary_key=True, comment="Event type. / Loại sự kiện."),
    Column("event_id", Uuid, primary_key=True, comment="Identity of the event. / Định danh sự kiện."),
    schema=LEDGER,
    comment="Events that left core when their term had ended: one that comes again is a repeat. / Các sự kiện đã hết "
    "hạn lưu trong kho; nếu gửi lại sẽ tính là trùng.",
)
