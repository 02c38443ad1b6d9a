"""Tokens of shops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from producers.marketplaces.tokens import Token, TokenFile


class Refreshes:
    """Counts refreshes, and what they were asked with."""

    def __init__(self, seconds: float = 1000.0) -> None:
        self.asked: list[str | None] = []
        self._seconds = seconds

    def __call__(self, old: str | None) -> Token:
        self.asked.append(old)
        number = len(self.asked)
        return Token(f"access-{number}", self._seconds, f"refresh-{number}")


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def tokens(tmp_path: Path, clock: list[float]) -> TokenFile:
    return TokenFile(tmp_path / "tokens.json", lambda: clock[0])


def test_a_token_is_used_until_shortly_before_its_end(tokens: TokenFile, clock: list[float]) -> None:
    refresh = Refreshes()
    assert [tokens.access("shopee:1", "first", refresh) for _ in range(3)] == ["access-1"] * 3
    clock[0] = 699.0
    assert tokens.access("shopee:1", "first", refresh) == "access-1"
    clock[0] = 701.0
    assert tokens.access("shopee:1", "first", refresh) == "access-2"
    assert refresh.asked == ["first", "refresh-1"]


def test_a_refused_token_is_replaced_once(tokens: TokenFile) -> None:
    refresh = Refreshes()
    tokens.access("shopee:1", "first", refresh)
    assert tokens.access("shopee:1", "first", refresh, spent="access-1") == "access-2"
    assert tokens.access("shopee:1", "first", refresh, spent="access-1") == "access-2"


def test_a_new_authorisation_in_the_settings_begins_a_new_chain(tokens: TokenFile) -> None:
    refresh = Refreshes()
    tokens.access("shopee:1", "first", refresh)
    assert tokens.access("shopee:1", "second", refresh) == "access-2"
    assert refresh.asked == ["first", "second"]


def test_shops_do_not_share_tokens_and_a_file_is_shared_by_processes(tokens: TokenFile, tmp_path: Path) -> None:
    refresh = Refreshes()
    tokens.access("shopee:1", "first", refresh)
    tokens.access("lazada:1", "first", refresh)
    again = TokenFile(tmp_path / "tokens.json", lambda: 0.0)
    assert again.access("shopee:1", "first", refresh) == "access-1"
    assert again.access("lazada:1", "first", refresh) == "access-2"
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_shop_whose_platform_is_away_holds_up_no_other(tokens: TokenFile) -> None:
    asked, answered = threading.Event(), threading.Event()

    def away(old: str | None) -> Token:
        asked.set()
        assert answered.wait(10)
        return Token("late", 1000.0, old)

    waiting = threading.Thread(target=tokens.access, args=("shopee:1", "first", away))
    waiting.start()
    assert asked.wait(10)
    other = _within(5, lambda: tokens.access("lazada:1", "first", Refreshes()))
    answered.set()
    waiting.join(10)
    assert other == ["access-1"]
    assert tokens.access("shopee:1", "first", Refreshes()) == "late"


def _within(seconds: float, call: Callable[[], str]) -> list[str]:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(call()), daemon=True)
    thread.start()
    thread.join(seconds)
    return found
