"""Container files decoded into columns.

What the decoder accepts is wider than what PostgreSQL holds. A landed file that decodes may still carry:
NUL characters in strings; timestamps (any long is taken) and doubles (NaN, infinities) outside what a column takes;
decimals of more digits than their precision says, as long as they fit 16 bytes. They are kept in the lake as they came;
whoever loads them must sort them out as bad rows. What it refuses, so that landing has made it a reject, is: invalid
UTF-8, strings that are no UUID where one is due (with or without braces or hyphens is fine), enum indexes and union
branches that do not exist, decimals beyond 16 bytes, numbers beyond their type, and anything cut short.

Types: string/uuid -> fixed_size_binary[16], timestamp-millis -> timestamp[ms, UTC], date -> date32, enum -> dictionary
of strings, decimal -> decimal128 (decimal256 beyond 38 digits), array of records -> list of struct.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from datafusion import SessionConfig, SessionContext

from infra.errors import OperatorError


class NotDecodable(OperatorError):
    """The file's records cannot be decoded with its schema: landing verifies files, so the object was damaged since."""


class SchemaNotReadable(OperatorError):
    """The columnar decoder cannot use the writer's schema: write it with the types of schemas/contract.py only."""


class DecoderFailed(OperatorError):
    """The columnar decoder failed for a reason outside the data (disk full, memory): mend that and start again."""


def to_arrow(container: bytes) -> pa.Table:
    """All records of a container file in their order, `_seal` first; raises NotDecodable, SchemaNotReadable.

    One core; a temporary copy of the file is made, since the decoder reads files only.
    """
    with tempfile.TemporaryDirectory(prefix="hagiang-") as folder:
        path = Path(folder) / "container.avro"
        path.write_bytes(container)
        return _read(path)


def _read(path: Path) -> pa.Table:
    # One partition, else the row order is not the file's.
    context = SessionContext(SessionConfig().with_target_partitions(1))
    try:
        frame = context.read_avro(path)
    except Exception as error:
        raise SchemaNotReadable(str(error)) from error
    try:
        return frame.to_arrow_table()
    except Exception as error:
        if "Arrow error" not in str(error):
            raise DecoderFailed(str(error)) from error
        raise NotDecodable(str(error)) from error
