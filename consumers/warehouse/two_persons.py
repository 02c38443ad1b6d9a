"""Who may have a repair done: one who says why, and another who approves. Light, since every DAG parse reads it."""

from __future__ import annotations

from infra.errors import OperatorError


class SecondPersonNeeded(OperatorError):
    """Who asks for a repair cannot approve it: have somebody else look at the dry run and decide."""


class ReasonNeeded(OperatorError):
    """What is done here is remembered with who asked for it and why: give both, and ask again."""


def require_reason(by: str, reason: str) -> None:
    """Raises ReasonNeeded."""
    if not by.strip() or not reason.strip():
        raise ReasonNeeded(f"by {by!r}, reason {reason!r}")


def require_second(by: str, asked_by: str) -> None:
    """Raises SecondPersonNeeded; capitals and spaces around a name do not make another person."""
    if by.strip().lower() == asked_by.strip().lower():
        raise SecondPersonNeeded(f"asked for by {asked_by}")
