"""Where the readers of the contracts' fields lie: stages that the contracts themselves know nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.usage.readers import ReaderFolders


def reader_folders() -> ReaderFolders:
    """The project's own expectations and marts."""
    from consumers.warehouse.marts import files
    from expectations import suite_files
    from schemas.usage.readers import ReaderFolders

    return ReaderFolders(expectations=suite_files.FOLDER, marts=files.FOLDER)
