"""A few mutated documents for each adapter; tests/fuzz.py takes as many as wanted."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz import ADAPTERS, all_codecs, outcome_of


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_mutated_documents_are_taken_or_refused_with_a_reason(adapter: str) -> None:
    codecs, totals = all_codecs(), Counter[str]()
    for seed in range(400):
        totals += outcome_of(adapter, seed, codecs)
    assert totals["refused"] > 100
    assert totals["taken"] > 0
