"""One relay at a time: a row of the database says who, and until when."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from producers.outbox.tables import lease

NAME = "relay"


def ensure_lease_row(engine: Engine) -> None:
    """The row that relays compete for; two that make it at once make one."""
    with engine.begin() as connection:
        if connection.scalar(select(lease.c.name).where(lease.c.name == NAME)) is not None:
            return
    try:
        with engine.begin() as connection:
            connection.execute(insert(lease).values(name=NAME, holder="", expires_ms=0))
    except IntegrityError:
        return  # another relay was quicker


def take_lease(connection: Connection, holder: str, now_ms: int, expires_ms: int) -> bool:
    """Take or prolong the lease until `expires_ms`; False while another holds it.

    Relays compare with clocks of their own. When these disagree two may publish at once: rows then come twice, with
    the same event_id.
    """
    free = lease.c.name == NAME, or_(lease.c.holder == holder, lease.c.expires_ms < now_ms)
    taken = connection.execute(update(lease).where(*free).values(holder=holder, expires_ms=expires_ms))
    return taken.rowcount == 1


def release_lease(connection: Connection, holder: str) -> None:
    """Let the next relay begin at once."""
    mine = lease.c.name == NAME, lease.c.holder == holder
    connection.execute(update(lease).where(*mine).values(expires_ms=0))
