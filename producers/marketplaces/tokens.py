"""Access tokens of the shops: kept in one private file, refreshed by one caller at a time.

A refresh token is good for one use on some platforms, so two refreshes at once would lock the shop out: threads wait
for each other, and so do processes, and each looks again at what is kept before it refreshes.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from infra.errors import OperatorError

# Tokens of a platform are a kilobyte at most.
_SPARE_BYTES = 16_384
EARLY_S = 300
"""A token is refreshed this long before it ends."""


class AuthorisationEnded(OperatorError):
    """The shop must authorise the app again: put the new refresh_token in the file of marketplaces; pushes wait."""

    retriable: ClassVar[bool] = True


class TokensNotKept(OperatorError):
    """The file of tokens cannot be written: make room on its disk. No token was asked for, so that none is lost."""

    retriable: ClassVar[bool] = True


@dataclass(frozen=True)
class Token:
    """`expires_at` in seconds since 1970; `refresh` is None where a login is made anew instead."""

    access: str = field(repr=False)
    expires_at: float
    refresh: str | None = field(default=None, repr=False)
    # What the file of marketplaces said when this chain of tokens began: a new value there begins a new chain.
    first: str | None = field(default=None, repr=False)


class TokenFile:
    """Tokens by name of shop (`shopee:204118733`); may be shared by threads, and by processes through the file."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock

    def access(self, name: str, first: str | None, refresh: Callable[[str | None], Token], spent: str = "") -> str:
        """An access token that is not `spent` (one that the platform has just refused) and has time left.

        `refresh` is called with the refresh token when a new one is needed; what it raises is passed on. Raises
        TokensNotKept before it is called when there is no room for its answer.
        """
        token = self._read().get(name)
        if token and self._is_good(token, first, spent):
            return token.access
        with self._alone(name):
            token = self._read().get(name)
            if token and self._is_good(token, first, spent):
                return token.access
            with self._room() as draft:
                new = refresh(token.refresh if token and token.first == first else first)
                self._keep(name, Token(new.access, new.expires_at, new.refresh, first), draft)
            return new.access

    def _is_good(self, token: Token, first: str | None, spent: str) -> bool:
        return token.access != spent and token.first == first and token.expires_at - EARLY_S > self._clock()

    def _read(self) -> dict[str, Token]:
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {name: Token(**token) for name, token in document.items()}

    @contextmanager
    def _room(self) -> Iterator[Path]:
        """A draft that has its room on the disk already; mkstemp makes files of mode 0600. Raises TokensNotKept."""
        draft = None
        try:
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            draft = Path(name)
            with self._alone("file"), os.fdopen(descriptor, "wb") as file:
                file.write(b" " * ((self._path.stat().st_size if self._path.exists() else 0) + _SPARE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except (OSError, TokensNotKept) as error:
            if draft:
                draft.unlink(missing_ok=True)
            raise TokensNotKept(str(error)) from error
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _keep(self, name: str, token: Token, draft: Path) -> None:
        """Whole or not at all."""
        with self._alone("file"):
            tokens = {**self._read(), name: token}
            with draft.open("r+", encoding="utf-8") as file:
                json.dump({name: asdict(token) for name, token in tokens.items()}, file)
                file.truncate()
                os.fsync(file.fileno())
            draft.replace(self._path)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Each shop has a lock of its own, so that one whose platform is away holds up no other.

        The lock belongs to the open file: threads that open it each exclude one another as processes do.
        """
        lock = self._path.with_name(f"{self._path.stem}.{name}.lock")
        try:
            file = lock.open("a")
        except OSError as error:
            raise TokensNotKept(str(error)) from error
        with file:
            lock.chmod(0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
