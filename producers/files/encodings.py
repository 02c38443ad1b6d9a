"""Which encoding a text file is in, and its lines as Unicode (NFC).

The rule, in this order: a byte order mark decides; NUL in every second byte is UTF-16; a file that is UTF-8 from end to
end is UTF-8; of windows-1258, TCVN3 and VNI the one in which most words are Vietnamese syllables, when that share is
at least 60 % and above the others'. What is left is refused: the mapping's `encoding` then says it.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from producers.files.legacy import from_tcvn3, from_vni
from producers.files.refusal import FileRefused
from producers.files.spelling import share_of_syllables

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_LEAST_SHARE = 0.6
LONGEST_LINE = 1 << 20

# The encodings a mapping may name -> the codec that makes characters of bytes, and what is done to these afterwards.
ENCODINGS: Mapping[str, tuple[str, Callable[[str], str] | None]] = MappingProxyType(
    {
        "utf-8": ("utf-8-sig", None),
        "utf-16": ("utf-16", None),
        "utf-16-le": ("utf-16-le", None),
        "utf-16-be": ("utf-16-be", None),
        "windows-1258": ("cp1258", None),
        "tcvn3": ("latin-1", from_tcvn3),
        "vni": ("latin-1", from_vni),
    }
)
_LEGACY = ("windows-1258", "tcvn3", "vni")


def detect_encoding(path: Path) -> str:
    """One of ENCODINGS, by the rule above; raises FileRefused."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if utf_16 := _utf_16_without_mark(head):
            return utf_16
        file.seek(0)
        return "utf-8" if _is_utf_8(file) else _likeliest(_telling_part(path), path)


def decode(data: bytes, encoding: str) -> str:
    """The text of some bytes; raises UnicodeDecodeError."""
    codec, after = ENCODINGS[encoding]
    text = data.decode(codec)
    return unicodedata.normalize("NFC", after(text) if after else text)


def read_lines(file: BinaryIO, encoding: str, path: Path) -> Iterator[str]:
    """The lines with their ends; raises FileRefused for bytes that are not of that encoding, or a line without end."""
    codec, after = ENCODINGS[encoding]
    text = io.TextIOWrapper(file, encoding=codec, newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) >= LONGEST_LINE:
                raise _endless(path, number)
            if line.isascii():
                yield line
            else:
                yield unicodedata.normalize("NFC", after(line) if after else line)
    except UnicodeError as error:
        raise FileRefused(
            f"{path.name}, after line {number}: not {encoding} ({error}); save the file as CSV UTF-8",
            f"{path.name}, sau dòng {number}: không đúng bảng mã {encoding}; hãy lưu tệp dạng CSV UTF-8",
        ) from error
    finally:
        with suppress(ValueError):  # the file may be closed already; it is its opener's to close
            text.detach()


def _endless(path: Path, number: int) -> FileRefused:
    return FileRefused(
        f"{path.name}, line {number}: longer than {LONGEST_LINE} characters; this is no table of rows",
        f"{path.name}, dòng {number}: dài hơn {LONGEST_LINE} ký tự; tệp không phải là bảng dữ liệu",
    )


def _utf_16_without_mark(head: bytes) -> str | None:
    sample = head[:4096]
    if sample[1::2].count(0) * 2 > len(sample[1::2]):
        return "utf-16-le"
    if sample[::2].count(0) * 2 > len(sample[::2]):
        return "utf-16-be"
    return None


def _is_utf_8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_part(path: Path) -> bytes:
    """Lines that go beyond ASCII, up to a bound."""
    kept = bytearray()
    with path.open("rb") as file:
        while len(kept) < _SAMPLE and (line := file.readline(LONGEST_LINE)):
            if not line.isascii():
                kept += line
    return bytes(kept)


def _likeliest(sample: bytes, path: Path) -> str:
    shares = sorted(((_share(sample, name), name) for name in _LEGACY), reverse=True)
    (best, name), (second, _) = shares[:2]
    if best < _LEAST_SHARE or best == second:
        known = ", ".join(ENCODINGS)
        raise FileRefused(
            f"{path.name}: in no encoding that is recognised; save it as CSV UTF-8, or name the mapping's `encoding` "
            f"({known})",
            f"{path.name}: không nhận ra bảng mã; hãy lưu tệp dạng CSV UTF-8 hoặc ghi `encoding` trong tệp ánh xạ "
            f"({known})",
        )
    return name


def _share(sample: bytes, encoding: str) -> float:
    try:
        return share_of_syllables(decode(sample, encoding))
    except UnicodeDecodeError:
        return 0.0
