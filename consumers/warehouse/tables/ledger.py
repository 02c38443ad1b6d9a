"""The ledger: what each load took from the lake and what became of every record. Migrations make these tables."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from consumers.warehouse.tables.fixed_columns import count, entered_at, moment
from consumers.warehouse.tables.naming import FIXED, LEDGER

STAGING, STAGED, CHECKED, PUBLISHED = "staging", "staged", "checked", "published"
STALE, BROKEN, ABANDONED = "stale", "broken", "abandoned"
FRUITLESS, REHEARSED = "fruitless", "rehearsed"
STATES = (STAGING, STAGED, CHECKED, PUBLISHED, STALE, BROKEN, ABANDONED, FRUITLESS, REHEARSED)

LOAD, REPLAY = "load", "replay"
KINDS = (LOAD, REPLAY)

WITH_QUARANTINE, WITH_CHECK, PASSED = "quarantine", "check", "passed"
"""How loads go on behind an open breaker: see the comment of `breaker.resumed_how`."""


load = Table(
    "load",
    FIXED,
    Column("load_id", BigInteger, Identity(), primary_key=True, comment="Number of the load. / Số thứ tự lần nạp."),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column("topic", Text, nullable=False, comment="Kafka topic. / Chủ đề Kafka."),
    Column("run_id", Text, nullable=False, comment="Airflow run that started it. / Lượt chạy Airflow đã khởi tạo."),
    Column(
        "state",
        Text,
        nullable=False,
        comment="staging, staged, checked, published; or stale (another load was first), broken (too many bad rows), "
        "abandoned (its run died), fruitless (a replay of which no row passed), rehearsed (a dry run). "
        "/ Trạng thái của lần nạp.",
    ),
    entered_at("started_at", "When it began. / Thời điểm bắt đầu."),
    moment("staged_at", "When its rows were in staging. / Thời điểm đưa xong vào bảng tạm."),
    moment("checked_at", "When its checks were done. / Thời điểm kiểm tra xong."),
    moment("published_at", "When it was committed to core. / Thời điểm ghi vào kho."),
    count("consumed", "Records taken from the lake. / Số bản ghi lấy từ hồ dữ liệu."),
    count("loaded", "Rows new in core. / Số dòng mới ghi vào kho."),
    count("duplicate", "Repeats of an event that core had already. / Số bản ghi trùng."),
    count("quarantined", "Rows that broke a critical rule. / Số dòng bị cách ly do vi phạm quy tắc."),
    count("rejected", "Records that could not be decoded. / Số bản ghi không giải mã được."),
    Column(
        "kind",
        Text,
        nullable=False,
        server_default=text("'load'"),
        comment="load: records new in the lake; replay: records that were in quarantine. / Nạp mới hay nạp lại từ vùng "
        "cách ly.",
    ),
    Column(
        "reference_state",
        JSONB,
        comment="What the reference lists held when its rows were checked, a mark for each list. "
        "/ Dấu hiệu nội dung các danh mục tại thời điểm kiểm tra.",
    ),
    Column(
        "publication",
        BigInteger,
        comment="Place among the published loads of the event, in the order they were committed, without gaps. / Thứ "
        "tự ghi vào kho trong các lần nạp của loại sự kiện.",
    ),
    count("erased", "Records that an erasure keeps out. / Số bản ghi bị xóa theo yêu cầu, không nạp."),
    CheckConstraint("state in ('" + "', '".join(STATES) + "')", name="state"),
    CheckConstraint("(state = 'published') = (publication is not null)", name="publication"),
    UniqueConstraint("event", "publication"),
    CheckConstraint("kind in ('" + "', '".join(KINDS) + "')", name="kind"),
    CheckConstraint(
        "kind = 'load' or state <> 'published' or consumed = loaded + duplicate + quarantined", name="replay"
    ),
    Index(None, "event", "state"),
    schema=LEDGER,
    comment="One row for each attempt to load an event type. / Mỗi dòng là một lần nạp một loại sự kiện.",
)

load_range = Table(
    "load_range",
    FIXED,
    Column("load_id", ForeignKey(load.c.load_id), primary_key=True, comment="The load. / Lần nạp."),
    Column("topic", Text, nullable=False, comment="Kafka topic. / Chủ đề Kafka."),
    Column("partition", Integer, primary_key=True, autoincrement=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("from_offset", BigInteger, nullable=False, comment="First offset taken. / Vị trí đầu tiên."),
    Column("next_offset", BigInteger, nullable=False, comment="First offset left. / Vị trí kế tiếp chưa lấy."),
    Column("records", BigInteger, nullable=False, comment="Records in the range. / Số bản ghi trong khoảng."),
    Column(
        "rejected", BigInteger, nullable=False, comment="Undecodable ones of them. / Số bản ghi không giải mã được."
    ),
    CheckConstraint("next_offset > from_offset", name="forward"),
    CheckConstraint("rejected between 0 and records", name="rejected"),
    schema=LEDGER,
    comment="Offsets a load means to publish. / Khoảng vị trí mà lần nạp sẽ ghi.",
)

load_batch = Table(
    "load_batch",
    FIXED,
    Column("load_id", ForeignKey(load.c.load_id), primary_key=True, comment="The load. / Lần nạp."),
    Column("manifest_key", Text, primary_key=True, comment="Manifest in the lake. / Tệp kê khai trong hồ dữ liệu."),
    Column("partition", Integer, nullable=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("from_offset", BigInteger, nullable=False, comment="First offset taken of it. / Vị trí đầu tiên lấy ra."),
    Column("next_offset", BigInteger, nullable=False, comment="End of the batch. / Vị trí kết thúc lô."),
    schema=LEDGER,
    comment="Lake batches a load was made of. / Các lô trong hồ dữ liệu tạo nên lần nạp.",
)

batch = Table(
    "batch",
    FIXED,
    Column("topic", Text, primary_key=True, comment="Kafka topic. / Chủ đề Kafka."),
    Column("partition", Integer, primary_key=True, autoincrement=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("from_offset", BigInteger, comment="First offset; null for the start. / Vị trí đầu; trống ở điểm khởi đầu."),
    Column(
        "next_offset",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="First offset after it. / Vị trí kế tiếp.",
    ),
    Column("load_id", ForeignKey(load.c.load_id), comment="Load that published it. / Lần nạp đã ghi."),
    count("consumed", "Records in the range. / Số bản ghi trong khoảng."),
    count("loaded", "Rows new in core. / Số dòng mới ghi vào kho."),
    count("duplicate", "Repeats of an event that core had already. / Số bản ghi trùng."),
    count("quarantined", "Rows that broke a critical rule. / Số dòng bị cách ly do vi phạm quy tắc."),
    count("rejected", "Records that could not be decoded. / Số bản ghi không giải mã được."),
    count("erased", "Records erased on a citizen's request. / Số bản ghi đã xóa theo yêu cầu của công dân."),
    entered_at("published_at", "When it was committed. / Thời điểm ghi."),
    CheckConstraint("consumed = loaded + duplicate + quarantined + rejected + erased", name="conservation"),
    CheckConstraint("least(loaded, duplicate, quarantined, rejected, erased) >= 0", name="counts"),
    CheckConstraint(
        "case when from_offset is null then next_offset = 0 and consumed = 0 and load_id is null "
        "else next_offset > from_offset and consumed <= next_offset - from_offset and load_id is not null end",
        name="range",
    ),
    UniqueConstraint("topic", "partition", "from_offset"),
    ForeignKeyConstraint(
        ["topic", "partition", "from_offset"],
        ["ledger.batch.topic", "ledger.batch.partition", "ledger.batch.next_offset"],
        name="batch_chain_fkey",
    ),
    schema=LEDGER,
    comment="Published offset ranges: in each, consumed = loaded + duplicate + quarantined + rejected + erased, and "
    "each begins where one before it ends. / Các khoảng đã ghi, nối tiếp nhau, không mất và không đếm hai lần.",
)

watermark = Table(
    "watermark",
    FIXED,
    Column("topic", Text, primary_key=True, comment="Kafka topic. / Chủ đề Kafka."),
    Column("partition", Integer, primary_key=True, autoincrement=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("next_offset", BigInteger, nullable=False, comment="First offset not yet published. / Vị trí kế tiếp."),
    ForeignKeyConstraint(
        ["topic", "partition", "next_offset"],
        ["ledger.batch.topic", "ledger.batch.partition", "ledger.batch.next_offset"],
    ),
    schema=LEDGER,
    comment="How far each partition has been published. / Mức đã ghi của từng phân vùng.",
)

check = Table(
    "check",
    FIXED,
    Column("load_id", ForeignKey(load.c.load_id), primary_key=True, comment="The load. / Lần nạp."),
    Column("rule", Text, primary_key=True, comment="Short name of the rule. / Tên ngắn của quy tắc."),
    Column("expectation", Text, nullable=False, comment="Great Expectations type. / Loại kiểm tra."),
    Column("severity", Text, nullable=False, comment="critical or warning. / Mức độ."),
    Column("evaluated", BigInteger, nullable=False, comment="Rows looked at. / Số dòng đã kiểm tra."),
    Column("unexpected", BigInteger, nullable=False, comment="Rows that broke it. / Số dòng vi phạm."),
    Column(
        "unexpected_share",
        Double,
        comment="unexpected / evaluated, null when no row was looked at. / Tỷ lệ vi phạm.",
    ),
    Column("success", Boolean, nullable=False, comment="Whether no row broke it. / Đạt hay không."),
    Column("reason_en", Text, comment="What the rule asks, in English. / Nội dung quy tắc bằng tiếng Anh."),
    Column("reason_vi", Text, comment="What the rule asks, in Vietnamese. / Nội dung quy tắc bằng tiếng Việt."),
    entered_at("checked_at", "When. / Thời điểm kiểm tra."),
    schema=LEDGER,
    comment="Result of each rule on each load. / Kết quả từng quy tắc ở từng lần nạp.",
)

breaker = Table(
    "breaker",
    FIXED,
    Column("opening_id", BigInteger, Identity(), primary_key=True, comment="Number of the opening. / Số thứ tự."),
    Column("event", Text, nullable=False, comment="Event type. / Loại sự kiện."),
    Column(
        "load_id",
        ForeignKey(load.c.load_id),
        nullable=False,
        comment="The load that was too bad. / Lần nạp có quá nhiều lỗi.",
    ),
    entered_at("opened_at", "Since when. / Thời điểm dừng."),
    Column("failed", BigInteger, nullable=False, comment="Records of the load that fail. / Số bản ghi lỗi."),
    Column("total", BigInteger, nullable=False, comment="All records of the load. / Tổng số bản ghi."),
    Column(
        "by_rule",
        JSONB,
        nullable=False,
        comment="Failed records by rule; one that broke two rules counts in both. / Số bản ghi lỗi theo quy tắc.",
    ),
    moment("resumed_at", "When loads went on; null while they wait. / Thời điểm cho tiếp tục."),
    Column("resumed_by", Text, comment="Who said so. / Người cho tiếp tục."),
    Column("resume_reason", Text, comment="Why, in their words. / Lý do."),
    Column(
        "resumed_how",
        Text,
        comment="quarantine: this load goes in, its bad rows into quarantine; check: it is checked anew; passed: it "
        "passed when its check was repeated. / Cách tiếp tục.",
    ),
    CheckConstraint("resumed_how in ('quarantine', 'check', 'passed')", name="how"),
    CheckConstraint("num_nonnulls(resumed_at, resumed_by, resume_reason, resumed_how) in (0, 4)", name="resumed"),
    Index("breaker_open_idx", "event", unique=True, postgresql_where=text("resumed_at is null")),
    schema=LEDGER,
    comment="Each time too much of a load was bad: loads of the event wait until somebody resumes them. / Mỗi lần quá "
    "nhiều bản ghi lỗi: việc nạp dừng lại cho đến khi có người cho tiếp tục.",
)
