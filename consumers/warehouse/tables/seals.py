"""Seals over published batches. Migrations make this table."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from consumers.warehouse.tables.fixed_columns import count
from consumers.warehouse.tables.naming import FIXED, LEDGER

seal = Table(
    "seal",
    FIXED,
    Column("topic", Text, primary_key=True, comment="Kafka topic. / Chủ đề Kafka."),
    Column("partition", Integer, primary_key=True, autoincrement=False, comment="Kafka partition. / Phân vùng Kafka."),
    Column("from_offset", BigInteger, nullable=False, comment="First offset of the batch. / Vị trí đầu của lô."),
    Column(
        "next_offset",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="First offset after it. / Vị trí kế tiếp.",
    ),
    count("leaves", "Records under the root. / Số bản ghi dưới gốc cây băm."),
    count("consumed", "Records of the batch when it was sealed. / Số bản ghi của lô khi niêm phong."),
    count("loaded", "New in core, as the ledger had it then. / Số dòng mới ghi vào kho."),
    count("duplicate", "Repeats, as the ledger had it then. / Số bản ghi trùng."),
    count("quarantined", "Quarantined, as the ledger had it then. / Số dòng bị cách ly."),
    count("rejected", "Undecodable, as the ledger had it then. / Số bản ghi không giải mã được."),
    count("erased", "Erased, as the ledger had it then. / Số bản ghi đã xóa."),
    Column("root", LargeBinary, nullable=False, comment="Merkle root over the records. / Gốc cây băm Merkle."),
    Column(
        "previous",
        LargeBinary,
        nullable=False,
        comment="Hash of the partition's seal before; zeros for the first. / Mã băm của niêm phong trước.",
    ),
    Column("hash", LargeBinary, nullable=False, comment="SHA-256 of what is signed. / Mã băm của nội dung đã ký."),
    Column("sealed_at", DateTime(timezone=True), nullable=False, comment="When. / Thời điểm niêm phong."),
    Column("key_id", Text, nullable=False, comment="Which key signed. / Mã khóa ký."),
    Column("signature", LargeBinary, nullable=False, comment="Ed25519 signature. / Chữ ký Ed25519."),
    CheckConstraint(
        "octet_length(root) = 32 and octet_length(previous) = 32 and octet_length(hash) = 32 "
        "and octet_length(signature) = 64",
        name="sizes",
    ),
    CheckConstraint("consumed = loaded + duplicate + quarantined + rejected + erased", name="conservation"),
    UniqueConstraint("topic", "partition", "from_offset"),
    UniqueConstraint("topic", "partition", "previous"),
    ForeignKeyConstraint(
        ["topic", "partition", "next_offset"],
        ["ledger.batch.topic", "ledger.batch.partition", "ledger.batch.next_offset"],
    ),
    schema=LEDGER,
    comment="One signed seal for each published batch; rows are only added. / Mỗi dòng là một niêm phong có chữ ký cho "
    "một lô đã ghi; chỉ được thêm, không sửa, không xóa.",
)
