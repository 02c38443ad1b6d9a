"""What one server of the stack is: its command, its surroundings, how it is asked whether it is ready, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """`ready(since)` asks the server itself, not its log, whether a process started at `since` answers (UTC).

    It returns False or raises while the server is not there yet; `ready_seconds` bounds the wait. It is not asked
    before something listens on the loopback port `port`, since a client costs more to make than the server is worth.
    Parts of stop wave 0 are stopped first, those that they speak to in wave 1 or 2.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[datetime], object]
    directory: Path
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    before_start: Callable[[], None] | None = None
    user: str | None = None
    stop_wave: int = 0
    stop_signal: str = "TERM"
    stop_whole_group: bool = True
    stop_seconds: int = 20
    ready_seconds: int = 150
