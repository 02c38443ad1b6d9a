"""The one home of bad data. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from consumers.warehouse.tables.fixed_columns import entered_at
from consumers.warehouse.tables.ledger import load
from consumers.warehouse.tables.naming import FIXED, QUARANTINE
from consumers.warehouse.tables.repairs import repair

LANDING, CHECK = "landing", "check"
OPEN, REPLAYED, DISCARDED = "open", "replayed", "discarded"
LOADED, DUPLICATE = "loaded", "duplicate"

event = Table(
    "event",
    FIXED,
    Column("id", BigInteger, Identity(), primary_key=True, comment="Number of the entry. / Số thứ tự."),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column("topic", Text, nullable=False, comment="Kafka topic. / Chủ đề Kafka."),
    Column("kafka_partition", Integer, nullable=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("kafka_offset", BigInteger, nullable=False, comment="Kafka offset. / Vị trí trong phân vùng."),
    Column("kafka_timestamp", DateTime(timezone=True), comment="When Kafka took it. / Thời điểm Kafka nhận."),
    Column("schema_id", Integer, comment="Writer schema in the registry. / Mã lược đồ của bên gửi."),
    Column("event_id", Uuid, comment="Event id, if it has a valid one. / Định danh sự kiện, nếu hợp lệ."),
    Column(
        "origin",
        Text,
        nullable=False,
        comment="landing: could not be decoded; check: broke a critical rule. / Bước phát hiện lỗi.",
    ),
    Column("severity", Text, nullable=False, comment="Severity of the rule. / Mức độ của quy tắc."),
    Column("rule", Text, nullable=False, comment="The first critical rule it broke. / Quy tắc đầu tiên bị vi phạm."),
    Column("reason_en", Text, nullable=False, comment="Why, in English. / Lý do bằng tiếng Anh."),
    Column("reason_vi", Text, nullable=False, comment="Why, in Vietnamese. / Lý do bằng tiếng Việt."),
    Column("rules", ARRAY(Text), nullable=False, comment="All rules it broke. / Tất cả các quy tắc bị vi phạm."),
    Column(
        "raw",
        LargeBinary,
        comment="Bytes as they came: the Avro datum, or the whole Kafka value when origin is landing; null when that "
        "was null, empty once its term had ended. / Dữ liệu gốc; để trống khi hết thời hạn lưu.",
    ),
    Column(
        "payload",
        JSONB,
        comment="Decoded row with its child lines; an empty object once its term had ended. / Nội dung đã giải mã, kèm "
        "các dòng con; để trống khi hết thời hạn lưu.",
    ),
    Column(
        "load_id", ForeignKey(load.c.load_id), nullable=False, comment="Load that put it here. / Lần nạp đã cách ly."
    ),
    entered_at("quarantined_at", "When it was put here. / Thời điểm cách ly."),
    Column(
        "status",
        Text,
        nullable=False,
        server_default=text("'open'"),
        comment="open, replayed or discarded. / Tình trạng xử lý.",
    ),
    Column(
        "missing_references",
        ARRAY(Text),
        nullable=False,
        server_default=text("'{}'"),
        comment="Reference lists that lacked a code of it, when nothing else is wrong: it is replayed once they have "
        "changed. / Danh mục còn thiếu mã; bản ghi sẽ được nạp lại khi danh mục thay đổi.",
    ),
    Column(
        "last_tried_load_id",
        ForeignKey(load.c.load_id),
        nullable=False,
        comment="Load that checked it last. / Lần nạp kiểm tra gần nhất.",
    ),
    entered_at("last_tried_at", "When it was checked last. / Thời điểm kiểm tra gần nhất."),
    Column(
        "tries",
        Integer,
        nullable=False,
        server_default=text("1"),
        comment="How often it was checked and failed. / Số lần kiểm tra không đạt.",
    ),
    Column("closed_at", DateTime(timezone=True), comment="When it was replayed or discarded. / Thời điểm xử lý xong."),
    Column("closed_by", Text, comment="Who had it replayed or discarded. / Người hoặc tác vụ xử lý."),
    Column("close_reason", Text, comment="Why, in their words. / Lý do xử lý."),
    Column("closed_load_id", ForeignKey(load.c.load_id), comment="Replay that closed it. / Lần nạp lại đã xử lý."),
    Column(
        "outcome",
        Text,
        comment="Of a replayed one: loaded, or duplicate of an event that core had already. "
        "/ Đã nạp, hoặc trùng với sự kiện đã có.",
    ),
    Column(
        "field",
        Text,
        comment="Field that the first rule is about; null when it is about several. "
        "/ Trường dữ liệu mà quy tắc đề cập.",
    ),
    Column(
        "closed_repair_id",
        ForeignKey(repair.c.repair_id),
        comment="Repair that closed it, which says who approved that. / Lần xử lý đã đóng bản ghi.",
    ),
    CheckConstraint("origin in ('landing', 'check')", name="origin"),
    CheckConstraint("status in ('open', 'replayed', 'discarded')", name="status"),
    CheckConstraint("origin = 'landing' or (raw is not null and payload is not null)", name="whole"),
    CheckConstraint("outcome in ('loaded', 'duplicate')", name="outcomes"),
    CheckConstraint(
        "num_nonnulls(closed_at, closed_by, close_reason) = case when status = 'open' then 0 else 3 end", name="closed"
    ),
    CheckConstraint(
        "num_nonnulls(outcome, closed_load_id) = case when status = 'replayed' then 2 else 0 end", name="replayed"
    ),
    CheckConstraint("closed_repair_id is null or status <> 'open'", name="repaired"),
    UniqueConstraint("topic", "kafka_partition", "kafka_offset"),
    Index(None, "event", "status", "quarantined_at"),
    Index(None, "event_id"),
    Index(
        "event_waiting_idx", "event", postgresql_where=text("status = 'open' and missing_references <> '{}'::text[]")
    ),
    schema=QUARANTINE,
    comment="Every record that was not loaded because something was wrong with it. / Mọi bản ghi không được nạp vì có "
    "lỗi, kèm lý do.",
)
