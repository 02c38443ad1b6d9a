"""How soon a connection to PostgreSQL is given up whose other end is gone without a word: a minute or so, not hours."""

from __future__ import annotations

from collections.abc import Mapping

# libpq's names. The first three are for an end that owes us an answer, the last for one that does not take our bytes.
KEEPALIVE: Mapping[str, int] = {
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "tcp_user_timeout": 60_000,
}
