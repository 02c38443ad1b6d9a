"""Why a whole file is not imported."""

from __future__ import annotations

from infra.errors import OperatorError


class FileRefused(OperatorError):
    """The file cannot be read, or not to its end: mend what is named, in the file or its mapping, and import it again.
    Rows that were sent before count once.
    """

    def __init__(self, found: str, found_vi: str) -> None:
        self.found_vi = found_vi
        super().__init__(f"{found} / {found_vi}")
        self.found_en = found
