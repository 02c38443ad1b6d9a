"""Requests to erase a person, and the records that were. Migrations make these tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Identity, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from consumers.warehouse.tables.fixed_columns import entered_at, moment
from consumers.warehouse.tables.naming import FIXED, LEDGER

LOADED, DUPLICATE, QUARANTINED, REJECTED = "loaded", "duplicate", "quarantined", "rejected"

erasure = Table(
    "erasure",
    FIXED,
    Column(
        "erasure_id", BigInteger, Identity(), primary_key=True, comment="Number of the request. / Số thứ tự yêu cầu."
    ),
    Column(
        "reference",
        Text,
        nullable=False,
        comment="File number of the person's request; never who he is. / Số hồ sơ của yêu cầu, không ghi danh tính.",
    ),
    Column(
        "traces",
        ARRAY(Text),
        nullable=False,
        comment="SHA-256 of each pseudonym the person has had: tells them again, and cannot be turned back. / Dấu vết "
        "một chiều của các mã băm, để nhận ra và không nạp lại.",
    ),
    Column("asked_by", Text, nullable=False, comment="Who put the request on record. / Người ghi nhận yêu cầu."),
    entered_at("asked_at", "When. / Thời điểm ghi nhận."),
    Column("due_at", DateTime(timezone=True), nullable=False, comment="To be done until then. / Hạn hoàn thành."),
    Column("approved_by", Text, comment="Who approved it, never who asked. / Người phê duyệt, khác người ghi nhận."),
    moment("approved_at", "When. / Thời điểm phê duyệt."),
    moment(
        "started_at", "Since when records of the person are kept out. / Thời điểm bắt đầu xóa và chặn không nạp lại."
    ),
    moment("done_at", "When nothing was left. / Thời điểm xóa xong."),
    Column("report", JSONB, comment="What was erased where, and until when the topic holds it. / Biên bản xóa."),
    CheckConstraint("num_nonnulls(approved_by, approved_at) in (0, 2)", name="approved"),
    CheckConstraint("lower(trim(approved_by)) <> lower(trim(asked_by))", name="two_persons"),
    CheckConstraint("started_at is null or approved_at is not null", name="started"),
    CheckConstraint(
        "num_nonnulls(done_at, report) in (0, 2) and (done_at is null or started_at is not null)", name="done"
    ),
    CheckConstraint("cardinality(traces) > 0", name="traces"),
    schema=LEDGER,
    comment="Requests to erase a person: who recorded it, who approved it, when it is due and what was done. / Yêu cầu "
    "xóa dữ liệu cá nhân: người ghi nhận, người phê duyệt, hạn và kết quả.",
)

erased_record = Table(
    "erased_record",
    FIXED,
    Column("topic", Text, primary_key=True, comment="Kafka topic. / Chủ đề Kafka."),
    Column(
        "kafka_partition", Integer, primary_key=True, autoincrement=False, comment="Kafka partition. / Phân vùng Kafka."
    ),
    Column(
        "kafka_offset",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="Kafka offset. / Vị trí trong phân vùng.",
    ),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column(
        "erasure_id",
        ForeignKey(erasure.c.erasure_id),
        comment="Request that took it out; null when a load kept it out. / Yêu cầu đã xóa; trống nếu bị chặn khi nạp.",
    ),
    Column(
        "outcome",
        Text,
        comment="What the ledger had counted it as: loaded, duplicate, quarantined, rejected; null when it had not "
        "been published. / Kết quả trước khi xóa.",
    ),
    entered_at("erased_at", "When. / Thời điểm xóa."),
    CheckConstraint("outcome in ('loaded', 'duplicate', 'quarantined', 'rejected')", name="outcome"),
    Index(None, "event"),
    schema=LEDGER,
    comment="Positions of erased records, which are never loaded again. / Vị trí các bản ghi đã xóa, không bao giờ nạp "
    "lại.",
)
