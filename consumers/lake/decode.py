"""Container files decoded into columns.

What the decoder accepts is wider than what PostgreSQL holds. A landed file that decodes may still carry:
NUL characters in strings; timestamps (any long is taken) and doubles (NaN, infinities) outside what a column takes;
decimals of more digits than their precision says, as long as they fit 16 bytes. They are kept in the lake as they came;
whoever loads them must sort them out as bad rows. In a [null, type] union any branch index but null's is read as the
type. What it refuses, so that landing has made it a reject, is: invalid
UTF-8, strings that are no UUID where one is due (with or without braces or hyphens is fine), enum indexes that
do not exist, decimals beyond 16 bytes, numbers beyond their type, and anything cut short.

Types: string/uuid -> fixed_size_binary[16], timestamp-millis -> timestamp[ms, UTC], date -> date32, enum -> dictionary
of strings, decimal -> decimal128 (decimal256 beyond 38 digits), array of records -> list of struct.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
from datafusion import DataFrame, SessionConfig, SessionContext

from infra.errors import OperatorError


class NotDecodable(OperatorError):
    """The file's records cannot be decoded with its schema: landing verifies files, so the object was damaged since."""


class SchemaNotReadable(OperatorError):
    """The columnar decoder cannot use the writer's schema: write it with the types of schemas/contract.py only."""


class DecoderFailed(OperatorError):
    """The columnar decoder failed for a reason outside the data, such as memory: mend that and start again."""


class NoTemporaryFile(OperatorError):
    """The decoder's temporary file cannot be written or read: make room on the disk of TMPDIR. It is tried again."""

    retriable: ClassVar[bool] = True


# How DataFusion begins when it could not get at the file: its content may stand behind that, never before it.
_FILE_TROUBLE = (
    "DataFusion error: Object Store error",
    "DataFusion error: IO error",
    "DataFusion error: Error during planning: No files found",
)


def to_arrow(container: bytes) -> pa.Table:
    """All records of a file that landing wrote, in their order, `_seal` first.

    Raises NotDecodable, SchemaNotReadable, NoTemporaryFile, DecoderFailed.

    One core; a temporary copy of the file is made, since the decoder reads files only. Give it verified files only
    (what read_file gave): on a block with bytes beyond its last record the decoder loops for ever (ADR 0302).
    """
    return _decode(container, None)


def first_rows(container: bytes, rows: int) -> pa.Table:
    """The first records of a file of one block; as to_arrow, but safe for any bytes: it stops after `rows` records."""
    return _decode(container, rows)


def _decode(container: bytes, rows: int | None) -> pa.Table:
    with _as_file(container) as path:
        # One partition, else the row order is not the file's.
        config = SessionConfig().with_target_partitions(1)
        # The decoder fills one batch of that many rows, and the limit keeps it from looking for a second one.
        frame = _open(SessionContext(config.with_batch_size(rows) if rows else config), path)
        return _collect(frame.limit(rows) if rows else frame)


@contextmanager
def _as_file(container: bytes) -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="hagiang-")
    except OSError as error:
        raise NoTemporaryFile(str(error)) from error
    with folder as name:
        path = Path(name) / "container.avro"
        try:
            path.write_bytes(container)
        except OSError as error:
            raise NoTemporaryFile(str(error)) from error
        yield path


def _open(context: SessionContext, path: Path) -> DataFrame:
    try:
        return context.read_avro(path)
    except Exception as error:
        _refuse_file_trouble(error)
        raise SchemaNotReadable(str(error)) from error


def _collect(frame: DataFrame) -> pa.Table:
    try:
        return frame.to_arrow_table()
    except Exception as error:
        _refuse_file_trouble(error)
        if "Arrow error" not in str(error):
            raise DecoderFailed(str(error)) from error
        raise NotDecodable(str(error)) from error


def _refuse_file_trouble(error: Exception) -> None:
    """Raises NoTemporaryFile when the disk or the process is to blame, and not what the file holds."""
    if str(error).startswith(_FILE_TROUBLE):
        raise NoTemporaryFile(str(error)) from error
