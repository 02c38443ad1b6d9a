"""What a first try with curl sends by mistake is told by name, with what to send in its place."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from schemas.example_files import load_examples
from tests.unit.gateway.in_memory import InMemory, post

EVENT = next(each.payload for each in load_examples()["dossier_status_changed"] if each.accepted)
EVENTS = "/events/government.dossier_status_changed"
JSON = json.dumps(EVENT, ensure_ascii=False).encode()
BOM = b"\xef\xbb\xbf"


def refused(body: bytes, path: str = EVENTS, **headers: str) -> tuple[int, dict[str, Any]]:
    gateway = InMemory()
    status, told, answer = post(gateway, path, body, **headers)
    assert told["content-type"] == "application/problem+json", answer
    assert gateway.records == []
    return status, json.loads(answer)


@pytest.mark.parametrize("path", [EVENTS, "/dossier-sync"])
@pytest.mark.parametrize(
    ("body", "said", "said_vi"),
    [
        (b"", "is empty: send JSON", "đang trống: hãy gửi JSON"),
        (b" \n", "holds nothing but spaces", "chỉ có khoảng trắng"),
        (gzip.compress(JSON), "is compressed (gzip): send JSON as it is", "đang được nén (gzip)"),
        (JSON.decode().encode("utf-16"), "is UTF-16: write it in UTF-8", "bảng mã UTF-16"),
        (JSON.decode().encode("utf-16-le"), "is UTF-16: write it in UTF-8", "bảng mã UTF-16"),
        (b'{"a": "\xe9"}', "is not UTF-8 at byte 7: write it in UTF-8", "không phải UTF-8 ở byte 7"),
        (b"<x/>", "is XML or HTML: send JSON", "là XML hoặc HTML"),
        (b"Obj\x01\x04", "is an Avro object container file: send JSON", "là tệp Avro"),
        (b"ho-so/event.json", "write --data-binary @ho-so/event.json", "viết --data-binary @ho-so/event.json"),
        (b"dossier_code=H22.21", "is a form (name=value): send JSON", "là biểu mẫu"),
        (b"{'a': 1}", "has single quotes where JSON has double quotes", "dấu nháy đơn"),
        (b"{a: 1}", "has keys without double quotes", "không nằm trong nháy kép"),
        (JSON + b"\n" + JSON, "as one list [...], or one a request", "thành một danh sách [...]"),
        (JSON + b"," + JSON, "as one list [...], or one a request", "thành một danh sách [...]"),
        (b'{"a": 1,\n x}', "is no JSON at line 2, column 2", "dòng 2, cột 2"),
        (b'{"a": 1, "a": 2}', "has the key 'a' twice in one object", "có khóa 'a' hai lần"),
        (b'[{"b": [{"a": {}, "a" :2}]}]', "has the key 'a' twice in one object", "có khóa 'a' hai lần"),
        (b'{"a": "\\u003a", "a": ":"}', "has the key 'a' twice in one object", "có khóa 'a' hai lần"),
        (b"[]", "list", "rỗng"),
        (b"7", "an object or a list", "đối tượng"),
    ],
)
def test_a_body_that_is_no_json_is_told_what_it_is(path: str, body: bytes, said: str, said_vi: str) -> None:
    status, problem = refused(body, path)
    assert (status, problem["type"]) == (400, "/docs/problems#unreadable")
    assert said in problem["detail"]
    assert said_vi in problem["detail_vi"]


@pytest.mark.parametrize("path", [EVENTS, "/dossier-sync", "/partners/fpt/programme"])
def test_a_mark_of_byte_order_at_the_start_changes_nothing(path: str) -> None:
    plain, marked = (post(InMemory(), path, start + JSON) for start in (b"", BOM))
    assert marked == plain
    if path == EVENTS:
        assert marked[0] == 202


@pytest.mark.parametrize(("old", "new"), [('":', '" \n: '), (":00+07", "\\u003a00+07"), ("H22.21", "H22\\u002e21")])
def test_spaces_and_escapes_are_no_repeated_keys(old: str, new: str) -> None:
    body = json.dumps({**EVENT, "source": "H22.21", "occurred_at": "2021-06-23T18:00:00+07:00"}, separators=(",", ":"))
    assert old in body
    assert post(InMemory(), EVENTS, body.replace(old, new).encode())[0] == 202
