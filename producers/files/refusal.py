"""Why a whole file is not imported."""

from __future__ import annotations

from infra.errors import OperatorError


class FileRefused(OperatorError):
    """Nothing of the file was imported: mend what is named in the file, or in its mapping, and import it again."""

    def __init__(self, found: str, found_vi: str) -> None:
        self.found_vi = found_vi
        super().__init__(f"{found} / {found_vi}")
        self.found_en = found
