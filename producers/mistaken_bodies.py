"""What a body is that cannot be read as what was wanted: the mistakes of a first try with curl, told by name."""

from __future__ import annotations

import json
import re
from typing import Literal

from schemas.fitting import Reason

Wanted = Literal["JSON", "XML", "Avro"]

# Of a large body only its beginning is looked at: it is refused in any case.
LOOKED_AT = 1 << 18
BOM = b"\xef\xbb\xbf"
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "zip, xlsx"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"))
_CONTAINER = b"Obj\x01"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FILE = re.compile(r"[\w.,:~/\\ -]{1,200}\.(json|jsonl|ndjson|xml|edxml|avro|csv|txt|zip|gz|xlsx)", re.IGNORECASE)
_FORM = re.compile(r"[A-Za-z_][\w.%\[\]-]{0,80}=[^\n]*")
_BARE_KEY = re.compile(r"\{\s*[A-Za-z_]\w*\s*:")


def mistake_in(body: bytes, wanted: Wanted) -> Reason | None:
    """The end of a sentence about the body, with how to mend it; None when nothing usual is seen."""
    if not body:
        return Reason(f"is empty: send {wanted}", f"đang trống: hãy gửi {wanted}")
    return _binary(body, wanted) or (_not_utf8(body) if wanted != "Avro" else None) or _text(body, wanted)


def _binary(body: bytes, wanted: Wanted) -> Reason | None:
    for magic, name in _COMPRESSED:
        if body.startswith(magic):
            return Reason(
                f"is compressed ({name}): send {wanted} as it is, uncompressed",
                f"đang được nén ({name}): hãy gửi {wanted} không nén",
            )
    if body.startswith(_CONTAINER):
        said, said_vi = "is an Avro object container file", "là tệp Avro (object container file)"
        if wanted == "Avro":
            return Reason(
                f"{said}: send one datum a request, without the file's head and schema",
                f"{said_vi}: mỗi yêu cầu gửi một bản ghi Avro, không kèm phần đầu và lược đồ của tệp",
            )
        return Reason(f"{said}: send {wanted}", f"{said_vi}: hãy gửi {wanted}")
    return None


def _not_utf8(body: bytes) -> Reason | None:
    if body.startswith(_UTF16) or b"\0" in body[:2]:
        return Reason("is UTF-16: write it in UTF-8", "đang dùng bảng mã UTF-16: hãy ghi bằng UTF-8")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return Reason(
            f"is not UTF-8 at byte {error.start}: write it in UTF-8",
            f"không phải UTF-8 ở byte {error.start}: hãy ghi bằng UTF-8",
        )
    return None


def _text(body: bytes, wanted: Wanted) -> Reason | None:
    text = body[:LOOKED_AT].decode("utf-8-sig", "replace").strip()
    if not text:
        return Reason(f"holds nothing but spaces: send {wanted}", f"chỉ có khoảng trắng: hãy gửi {wanted}")
    if _FILE.fullmatch(text):
        return Reason(
            f"is the name of a file: with curl write --data-binary @{_shown(text)} to send what is in it",
            f"là tên tệp: với curl hãy viết --data-binary @{_shown(text)} để gửi nội dung của tệp",
        )
    if text.startswith("<") and wanted != "XML":
        return Reason(f"is XML or HTML: send {wanted}", f"là XML hoặc HTML: hãy gửi {wanted}")
    if text.startswith(("{", "[")) and wanted != "JSON" and _is_json(text):
        hint, hint_vi = ("", "")
        if wanted == "Avro":
            hint, hint_vi = ", or set Content-Type: application/json", ", hoặc đặt Content-Type: application/json"
        return Reason(f"is JSON: send {wanted}{hint}", f"là JSON: hãy gửi {wanted}{hint_vi}")
    if _FORM.fullmatch(text):
        return Reason(f"is a form (name=value): send {wanted}", f"là biểu mẫu (tên=giá trị): hãy gửi {wanted}")
    return _broken_json(text) if wanted == "JSON" else None


def _broken_json(text: str) -> Reason | None:
    if text.startswith(("'", "{'", "[{'")):
        return Reason(
            "has single quotes where JSON has double quotes: put it into a file and send --data-binary @file",
            "dùng dấu nháy đơn thay cho nháy kép của JSON: hãy ghi vào tệp rồi gửi --data-binary @tệp",
        )
    if _BARE_KEY.match(text):
        return Reason(
            "has keys without double quotes, maybe taken by the shell: put it into a file and send --data-binary @file",
            "có khóa không nằm trong nháy kép, có thể do dòng lệnh bỏ mất: hãy ghi vào tệp rồi gửi --data-binary @tệp",
        )
    if text[_end_of_first(text) :].lstrip(" \t\r\n,")[:1] in ("{", "["):
        return Reason(
            "holds several JSON values one after the other: send them as one list [...], or one a request",
            "có nhiều giá trị JSON nối tiếp nhau: hãy gửi thành một danh sách [...], hoặc mỗi yêu cầu một giá trị",
        )
    return None


def _end_of_first(text: str) -> int:
    """Where the first JSON value ends; the end of the text when it is none."""
    try:
        return json.JSONDecoder().raw_decode(text)[1]
    except (ValueError, RecursionError):
        return len(text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"
