"""A full disk below the file of tokens must not cost a shop its authorisation: a refresh token is good for one use."""

from __future__ import annotations

import json
import stat
import time

import pytest

from producers.marketplaces.tokens import Token, TokenFile, TokensNotKept
from tests.small_disk import small_disk


def test_no_token_is_asked_for_that_could_not_be_kept() -> None:
    asked: list[str | None] = []

    def refresh(old: str | None) -> Token:
        asked.append(old)
        return Token(f"access {len(asked)}", time.time() + 3600, f"refresh {len(asked)}")

    with small_disk("1m") as disk:
        path = disk.folder / "tokens.json"
        tokens = TokenFile(path, time.time)
        assert tokens.access("shopee:1", "first", refresh) == "access 1"
        disk.fill()
        assert tokens.access("shopee:1", "first", refresh) == "access 1"
        with pytest.raises(TokensNotKept, match="No space left") as raised:
            tokens.access("shopee:1", "first", refresh, spent="access 1")
        assert raised.value.retriable
        assert asked == ["first"]
        disk.free()
        assert tokens.access("shopee:1", "first", refresh, spent="access 1") == "access 2"
        assert asked == ["first", "refresh 1"]
        assert json.loads(path.read_text())["shopee:1"]["refresh"] == "refresh 2"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not [each.name for each in disk.folder.iterdir() if each.name.startswith(".")]
