"""Opens a file by what it is, not by what it is called."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from producers.files.csv_table import open_csv
from producers.files.mapping import FileMapping
from producers.files.refusal import FileRefused
from producers.files.tables import Table
from producers.files.xlsx_table import open_xlsx

LARGEST_FILE = 4 << 30
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(path: Path, mapping: FileMapping) -> AbstractContextManager[Table]:
    """The file's rows, closed with the context; raises FileRefused."""
    refuse_too_large(path.name, path.stat().st_size)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_ZIP):
        return open_xlsx(path, mapping.sheet)
    if head.startswith(_OLE):
        raise FileRefused(
            f"{path.name}: an Excel file of the old kind (.xls) or one with a password; save it as .xlsx or CSV UTF-8",
            f"{path.name}: tệp Excel kiểu cũ (.xls) hoặc có mật khẩu; hãy lưu lại dạng .xlsx hoặc CSV UTF-8",
        )
    return open_csv(path, mapping.encoding, mapping.delimiter)


def refuse_too_large(name: str, size: int) -> None:
    """Raises FileRefused for more bytes than are read."""
    if size > LARGEST_FILE:
        raise FileRefused(f"{name}: {size >> 20} MB, split it", f"{name}: {size >> 20} MB, hãy chia nhỏ tệp")
