"""Columns that the fixed tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, func, text


def moment(name: str, comment: str) -> Column[Any]:
    """A time that may not have come yet."""
    return Column(name, DateTime(timezone=True), comment=comment)


def entered_at(name: str, comment: str) -> Column[Any]:
    """The time at which the row was put in."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now(), comment=comment)


def count(name: str, comment: str) -> Column[Any]:
    """A number of rows, 0 until told."""
    return Column(name, BigInteger, nullable=False, server_default=text("0"), comment=comment)
