"""What is known of the marts themselves, which their SQL files make. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Double, Identity, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from consumers.warehouse.tables.naming import FIXED, LEDGER

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
    Index(None, "mart", "built_at"),
    schema=LEDGER,
    comment="One row for each build of a mart. / Mỗi dòng là một lần dựng lại bảng số liệu.",
)
