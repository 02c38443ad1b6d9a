"""The tables of schema `access`, as far as statements name them; migration 0008 makes and describes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, Text, column, table
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "access"

_WHEN = DateTime(timezone=True)

client = table(
    "client",
    column("name", Text),
    column("organisation", Text),
    column("kind", Text),
    column("created_at", _WHEN),
    column("revoked_at", _WHEN),
    schema=SCHEMA,
)
granted_event = table(
    "granted_event",
    column("name", Text),
    column("event", Text),
    column("granted_at", _WHEN),
    column("revoked_at", _WHEN),
    schema=SCHEMA,
)
granted_source = table(
    "granted_source",
    column("name", Text),
    column("source", Text),
    column("granted_at", _WHEN),
    column("revoked_at", _WHEN),
    schema=SCHEMA,
)
signing_key = table(
    "signing_key",
    column("name", Text),
    column("version", Integer),
    column("granted_at", _WHEN),
    column("revoked_at", _WHEN),
    schema=SCHEMA,
)
api_key = table(
    "api_key",
    column("key_id", Text),
    column("name", Text),
    column("hash", LargeBinary),
    column("granted_at", _WHEN),
    column("revoked_at", _WHEN),
    schema=SCHEMA,
)
revision = table("revision", column("revision", BigInteger), column("changed_at", _WHEN), schema=SCHEMA)
audit = table(
    "audit",
    column("entry_id", BigInteger),
    column("at", _WHEN),
    column("actor", Text),
    column("action", Text),
    column("subject", Text),
    column("detail", JSONB),
    column("previous_hash", LargeBinary),
    column("hash", LargeBinary),
    schema=SCHEMA,
)
audit_head = table("audit_head", column("entry_id", BigInteger), column("hash", LargeBinary), schema=SCHEMA)
