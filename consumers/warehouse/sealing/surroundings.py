"""The key, the clock and the randomness with which the platform seals."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from consumers.warehouse.sealing.keys import load_private_key
from consumers.warehouse.sealing.leaf import SALT_BYTES
from consumers.warehouse.sealing.sealing import Sealer


def sealer_of(key: Path) -> Sealer:
    """Raises SealKeyMissing, SealKeyOpenToOthers."""
    return Sealer(load_private_key(key), lambda: datetime.now(UTC), lambda: secrets.token_bytes(SALT_BYTES))
