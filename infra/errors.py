"""The root of all errors the platform raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class OperatorError(Exception):
    """Something the operator can mend. The class docstring says what to do; the message says what was found.

    `retriable` tells loops and Airflow whether the same call may succeed later without anyone's help.
    """

    retriable: ClassVar[bool] = False

    def __init__(self, found: str = "") -> None:
        self.found = found
        super().__init__(found)

    def __str__(self) -> str:
        advice = " ".join((type(self).__doc__ or "").split())
        return f"{self.found} ({advice})" if self.found and advice else self.found or advice
