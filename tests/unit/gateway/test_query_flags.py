"""A flag of the address means what its writer meant, or is refused: made-up data must never count as real."""

from __future__ import annotations

import pytest

from producers.gateway.adapted_records import Posted
from producers.gateway.problems import Problem
from producers.gateway.query_flags import flag


@pytest.mark.parametrize(
    ("said", "meant"),
    [("true", True), ("True", True), ("1", True), (" YES ", True), ("false", False), ("0", False), ("No", False)],
)
def test_usual_words_are_understood(said: str, meant: bool) -> None:
    assert flag({"synthetic": said}, "synthetic") is meant
    assert Posted(b"", {"synthetic": said}, None).synthetic is meant


def test_an_absent_flag_is_not_set() -> None:
    assert flag({}, "synthetic") is False


@pytest.mark.parametrize("said", ["maybe", "", "2", "t"])
def test_any_other_word_is_refused_with_what_to_write(said: str) -> None:
    with pytest.raises(Problem) as refused:
        flag({"synthetic": said}, "synthetic")
    assert refused.value.status == 400
    assert refused.value.detail == f"synthetic in the address must be true or false, is {said!r}."
