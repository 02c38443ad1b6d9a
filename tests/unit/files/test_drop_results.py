"""Where results stand, and what becomes of unusual keys."""

from __future__ import annotations

import pytest

from infra.object_store import StoredObject
from producers.files.drop import _plain_name
from producers.files.drop_results import mapping_in, report_key, result_key


@pytest.mark.parametrize(
    ("key", "mapping"),
    [("drop/tourism/f.csv", "tourism"), ("drop/tourism/2021/f.csv", "tourism"), ("drop/f.csv", ""), ("drop//f", "")],
)
def test_the_folder_names_the_mapping(key: str, mapping: str) -> None:
    assert mapping_in(key) == mapping


def test_a_result_stands_beside_its_file_and_is_another_one_for_other_content() -> None:
    first, second = (StoredObject("drop/tourism/2021/f.csv", etag, 1) for etag in "ab")
    assert result_key(first).startswith("drop-results/tourism/2021/f.csv.")
    assert report_key(first) == result_key(first).removesuffix(".json") + ".bad-rows.csv"
    assert result_key(first) != result_key(second)
    assert result_key(first) == result_key(StoredObject(first.key, first.etag, 2))


def test_long_names_of_many_bytes_keep_results_apart() -> None:
    names = ["ề" * 300 + end for end in ("a", "b")]
    keys = [result_key(StoredObject(f"drop/tourism/{name}", "e", 1)) for name in names]
    assert keys[0] != keys[1]
    assert max(len(key.rpartition("/")[2].encode()) for key in keys) < 200


@pytest.mark.parametrize("key", ["drop/t/..", "drop/t/.", "drop/t/bad-rows.csv", "drop/t/a\0b", "drop/t/" + "ề" * 300])
def test_a_key_gives_a_harmless_file_name(key: str) -> None:
    name = _plain_name(key)
    assert name not in ("", ".", "..", "bad-rows.csv")
    assert "/" not in name
    assert "\0" not in name
    assert len(name.encode()) <= 255
