"""The outbox as two tables that PostgreSQL, MySQL, MariaDB, SQL Server and Oracle can all hold."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Unicode,
    UnicodeText,
    func,
    text,
)
from sqlalchemy.dialects import mssql, mysql

REASON_CHARACTERS = 1000


class State(IntEnum):
    """Where a row stands. Whoever puts it back to WAITING has it tried again."""

    WAITING = 0
    PUBLISHED = 1
    REFUSED = 2


metadata = MetaData()

# MySQL's TEXT ends at 64 KiB; SQL Server's NTEXT is deprecated.
payload_type = (
    UnicodeText().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb").with_variant(mssql.NVARCHAR(), "mssql")
)

outbox = Table(
    "event_outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", String(36), nullable=False),
    Column("event", String(80), nullable=False),
    Column("payload", payload_type, nullable=False),
    Column("created_at", DateTime, nullable=False, server_default=func.current_timestamp()),
    Column("state", SmallInteger, nullable=False, server_default=text("0")),
    Column("settled_at", DateTime),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("reason", Unicode(REASON_CHARACTERS)),
    Index("event_outbox_state", "state", "id"),
    mysql_engine="InnoDB",
    mysql_charset="utf8mb4",
    mariadb_engine="InnoDB",
    mariadb_charset="utf8mb4",
)

lease = Table(
    "event_outbox_lease",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    mysql_engine="InnoDB",
    mariadb_engine="InnoDB",
)
