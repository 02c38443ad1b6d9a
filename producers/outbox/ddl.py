"""The statements that make the outbox in an agency's database, for its administrator to read and run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.dialects import mssql, mysql, oracle, postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from producers.outbox.tables import metadata

# MariaDB takes MySQL's. None of them needs a driver.
DIALECTS: Mapping[str, type[Dialect]] = MappingProxyType(
    {
        "postgresql": postgresql.dialect,
        "mysql": mysql.dialect,
        "mssql": mssql.dialect,
        "oracle": oracle.dialect,
    }
)


def ddl_for(dialect: str) -> str:
    """The CREATE statements for a key of DIALECTS, each ended by a semicolon."""
    made = DIALECTS[dialect]()
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=made)))
        statements += [str(CreateIndex(index).compile(dialect=made)) for index in table.indexes]
    return "\n".join(f"{statement.strip()};\n" for statement in statements)
