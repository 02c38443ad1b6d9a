"""What is known of rebuilds. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from consumers.warehouse.tables.fixed_columns import count, entered_at, moment
from consumers.warehouse.tables.naming import FIXED, LEDGER

RUNNING, EQUAL, DIFFERENT, SWAPPED, ABANDONED = "running", "equal", "different", "swapped", "abandoned"
STATES = (RUNNING, EQUAL, DIFFERENT, SWAPPED, ABANDONED)


rebuild = Table(
    "rebuild",
    FIXED,
    Column("rebuild_id", BigInteger, Identity(), primary_key=True, comment="Number of the rebuild. / Số thứ tự."),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column("run_id", Text, nullable=False, comment="Airflow run or person that asked for it. / Lượt chạy."),
    Column(
        "state",
        Text,
        nullable=False,
        comment="running; equal, different: what the comparison found; swapped: core was made what the lake says; "
        "abandoned (it died). / Trạng thái.",
    ),
    Column(
        "first_publication",
        BigInteger,
        nullable=False,
        comment="First load it went over (ledger.load.publication). / Lần nạp đầu tiên được dựng lại.",
    ),
    Column("last_publication", BigInteger, nullable=False, comment="Last load it went over. / Lần nạp cuối cùng."),
    entered_at("started_at", "When it began. / Thời điểm bắt đầu."),
    moment("ended_at", "When it ended. / Thời điểm kết thúc."),
    count("records", "Records read from the lake. / Số bản ghi đọc từ hồ dữ liệu."),
    count("swapped_rows", "Rows of core it put in. / Số dòng đã thay vào kho."),
    Column(
        "found",
        JSONB,
        nullable=False,
        server_default=text("'{}'"),
        comment="Rows and hash of each table on both sides, and where they differ. / Số dòng, mã băm hai bên và chỗ "
        "lệch.",
    ),
    CheckConstraint("state in ('" + "', '".join(STATES) + "')", name="state"),
    CheckConstraint("last_publication >= first_publication", name="range"),
    Index(None, "event", "state"),
    schema=LEDGER,
    comment="One row for each rebuild of an event's core table from the lake. / Mỗi dòng là một lần dựng lại bảng từ "
    "hồ dữ liệu để đối chiếu.",
)
