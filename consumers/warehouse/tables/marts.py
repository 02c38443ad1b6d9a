"""What is known of the marts themselves, which their SQL files make. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from consumers.warehouse.tables.naming import FIXED, LEDGER

WHOLE, CHANGED, UNCHANGED = "whole", "changed", "unchanged"

mart_build = Table(
    "mart_build",
    FIXED,
    Column("build_id", BigInteger, Identity(), primary_key=True, comment="Number of the build. / Số thứ tự lần dựng."),
    Column("mart", Text, nullable=False, comment="Table in schema mart. / Bảng số liệu."),
    Column(
        "built_at",
        DateTime(timezone=True),
        nullable=False,
        comment="When the build was done. / Thời điểm dựng xong.",
    ),
    Column("seconds", Double, nullable=False, comment="How long it took. / Thời gian dựng (giây)."),
    Column("rows", BigInteger, nullable=False, comment="Rows of the mart afterwards. / Số dòng của bảng số liệu."),
    Column(
        "loads",
        JSONB,
        nullable=False,
        comment="The last published load of each event that the mart is made from. / Lần nạp cuối cùng của từng loại "
        "sự kiện được tính.",
    ),
    Column(
        "kind",
        Text,
        nullable=False,
        server_default=text("'whole'"),
        comment="whole, changed (only what new loads touched was filled anew), unchanged (nothing it is made from had "
        "changed). / Cách dựng: toàn bộ, chỉ phần thay đổi, hoặc không đổi.",
    ),
    Column(
        "days",
        ARRAY(Date),
        comment="Days whose figures may have changed; null for any day, empty for none. / Các ngày có số liệu có thể "
        "đã thay đổi; trống là mọi ngày.",
    ),
    Column(
        "publications",
        JSONB,
        nullable=False,
        server_default=text("'{}'"),
        comment="How many published loads of each event are in it (ledger.load.publication). / Số lần nạp đã ghi của "
        "từng loại sự kiện được tính.",
    ),
    Column(
        "inputs",
        JSONB,
        nullable=False,
        server_default=text("'{}'"),
        comment="What else it was made from: its file, the migration, and what it watches. / Các đầu vào khác: tệp "
        "SQL, phiên bản kho, dữ liệu được theo dõi.",
    ),
    Column(
        "content",
        Text,
        comment="Hash of the rows of a small mart, to see whether a build changed anything. / Mã băm nội dung của "
        "bảng nhỏ.",
    ),
    CheckConstraint("kind in ('whole', 'changed', 'unchanged')", name="kind"),
    Index(None, "mart", "built_at"),
    Index(None, "mart", "build_id"),
    schema=LEDGER,
    comment="One row for each build of a mart. / Mỗi dòng là một lần dựng lại bảng số liệu.",
)
