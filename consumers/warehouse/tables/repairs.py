"""Repairs of quarantined records, which two persons answer for. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from consumers.warehouse.tables.fixed_columns import entered_at
from consumers.warehouse.tables.naming import FIXED, QUARANTINE

REPLAY, DISCARD = "replay", "discard"
APPROVED, REFUSED = "approved", "refused"

repair = Table(
    "repair",
    FIXED,
    Column(
        "repair_id", BigInteger, Identity(), primary_key=True, comment="Number of the repair. / Số thứ tự lần xử lý."
    ),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column(
        "action",
        Text,
        nullable=False,
        comment="replay: load them after all; discard: close them for good. / Nạp lại hoặc loại bỏ.",
    ),
    Column(
        "choice",
        JSONB,
        nullable=False,
        comment="Which entries: cause, rules or numbers, and the last entry that was there. / Các bản ghi được chọn.",
    ),
    Column("entries", BigInteger, nullable=False, comment="How many open entries that were. / Số bản ghi được chọn."),
    Column(
        "rehearsal",
        JSONB,
        nullable=False,
        comment="What the dry run showed: rows that would load or fail again, marts and figures that would change. "
        "/ Kết quả chạy thử.",
    ),
    Column("asked_by", Text, nullable=False, comment="Who asked for it. / Người đề nghị."),
    entered_at("asked_at", "When. / Thời điểm đề nghị."),
    Column("reason", Text, nullable=False, comment="Why, in their words. / Lý do đề nghị."),
    Column(
        "run_id", Text, nullable=False, comment="Airflow run or command it belongs to. / Lượt chạy Airflow hoặc lệnh."
    ),
    Column("decision", Text, comment="approved or refused; null while nobody has decided. / Quyết định."),
    Column(
        "decided_by",
        Text,
        comment="Who decided; never the one who asked, when it is approved. / Người quyết định, khác người đề nghị.",
    ),
    Column("decided_at", DateTime(timezone=True), comment="When. / Thời điểm quyết định."),
    Column("decision_reason", Text, comment="Why, in their words. / Ý kiến của người quyết định."),
    Column("ended_at", DateTime(timezone=True), comment="When it was done. / Thời điểm hoàn thành."),
    Column("result", JSONB, comment="How many entries were loaded, duplicates, still open or discarded. / Kết quả."),
    CheckConstraint("action in ('replay', 'discard')", name="action"),
    CheckConstraint("decision in ('approved', 'refused')", name="decision"),
    CheckConstraint("num_nonnulls(decision, decided_by, decided_at) in (0, 3)", name="decided"),
    CheckConstraint(
        "decision is distinct from 'approved' or lower(trim(decided_by)) <> lower(trim(asked_by))", name="two_persons"
    ),
    CheckConstraint(
        "num_nonnulls(ended_at, result) in (0, 2) and (ended_at is null or decision is not distinct from 'approved')",
        name="ended",
    ),
    Index(None, "event", "asked_at"),
    schema=QUARANTINE,
    comment="Repairs of quarantined records: who asked for what, what the dry run showed, who approved it, what came "
    "of it. / Các lần xử lý bản ghi bị cách ly: ai đề nghị, kết quả chạy thử, ai phê duyệt, kết quả.",
)
