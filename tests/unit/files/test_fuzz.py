"""Mutated files: each is read or refused with a reason; nothing else is raised and memory does not grow.

HAGIANG_FUZZ sets how many files are made; 100 000 were, before a release.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from random import Random

import psutil
import pytest

from producers.files.importing import Import, check_file
from producers.files.refusal import FileRefused
from producers.files.tally import Tally
from tests.unit.files.legacy_writers import to_tcvn3
from tests.unit.files.written_files import TOURISM, import_of, visit, write_csv, write_xlsx

FILES = int(os.environ.get("HAGIANG_FUZZ", "120"))
SAMPLES = Path(__file__).parents[3] / "producers" / "files" / "samples"
PIECES = [
    b'"',
    b"\n",
    b"\r",
    b";",
    b",",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xb5",
    b"=1+1",
    b"9" * 400,
    b"PK\x03\x04",
]
PIECES += [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b'r="99999999999"', b'r="ZZZ1"', b"</row>", b"<c/>", b"1e999"]
MEMORY_LIMIT = 48 << 20


def resident() -> int:
    return int(psutil.Process().memory_info().rss)


def mutated(rng: Random, content: bytes) -> bytes:
    """A few bytes changed, dropped, doubled, or put in."""
    found = bytearray(content)
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(len(found) + 1)
        end = min(len(found), place + rng.choice((1, 2, 8, 64)))
        found[place:end] = rng.choice(
            (
                b"",
                rng.randbytes(end - place),
                rng.choice(PIECES),
                bytes(found[place:end]) * 2,
                bytes(found[end:place:-1]),
            )
        )
    return bytes(found[: rng.randrange(len(found) + 1)]) if rng.random() < 0.05 else bytes(found)


def repacked(rng: Random, content: bytes) -> bytes:
    """A workbook with one mutated part, so that mutations get past the ZIP's checksums."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w") as changed:
        victim = rng.choice(parts.namelist())
        for name in parts.namelist():
            part = parts.read(name)
            changed.writestr(name, mutated(rng, part) if name == victim else part)
    return out.getvalue()


@pytest.fixture
def seeds(tmp_path: Path) -> list[tuple[str, bytes]]:
    rows = [TOURISM, *(visit(day) for day in range(1, 4))]
    files = {
        "tourism": [write_csv(tmp_path / "a", rows), write_xlsx(tmp_path / "b", rows)],
        "voso": [SAMPLES / "don_hang_voso.csv"],
    }
    found = [(mapping, path.read_bytes()) for mapping, paths in files.items() for path in paths]
    text = (tmp_path / "a").read_text(encoding="utf-8")
    return [*found, ("tourism", to_tcvn3(text)), ("tourism", text.encode("utf-16"))]


def judge(work: Import) -> str:
    """`read`, or `refused` when a reason was given."""
    try:
        check_file(work, Tally(), lambda _rows, _share: None)
    except FileRefused as error:
        return "refused" if error.found_en and error.found_vi else "refused without a reason"
    return "read"


def test_a_mutated_file_is_read_or_refused_with_a_reason(tmp_path: Path, seeds: list[tuple[str, bytes]]) -> None:
    rng = Random(20_210_623)
    path = tmp_path / "mutated"
    works = {mapping: import_of(path, mapping) for mapping in ("tourism", "voso")}
    outcomes = {"read": 0, "refused": 0}
    settled = 0
    for number in range(FILES):
        mapping, content = rng.choice(seeds)
        is_book = content.startswith(b"PK") and rng.random() < 0.8
        path.write_bytes(repacked(rng, content) if is_book else mutated(rng, content))
        outcomes[judge(works[mapping])] += 1
        if number == FILES // 3:
            settled = resident()
    assert min(outcomes.values()) > FILES // 20, outcomes
    assert resident() - settled < MEMORY_LIMIT
