"""Our offline check and the real registry, over the same pairs of versions."""

from __future__ import annotations

import pytest

from schemas.registry import FULL_TRANSITIVE, Registry
from tests.unit.schemas.version_pairs import PAIRS, Pair


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_registry_says_what_the_table_says(registry: Registry, subject: str, pair: Pair) -> None:
    registry.set_compatibility(subject, FULL_TRANSITIVE)
    registry.register(subject, pair.old)
    assert registry.is_compatible(subject, pair.new) == pair.compatible
