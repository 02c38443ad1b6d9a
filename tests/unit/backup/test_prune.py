"""Old backups go, and what only they had; nothing that a newer one needs, and no word of an erasure."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.backup.books import LAKE, Backup, backups_in, furthest, kept_erasures, write_book
from infra.backup.hold import FolderBusy, held
from infra.backup.lake_files import Kept, contents_in
from infra.backup.prune import Pruned, prune
from infra.cli.main import main

NAMES = ("20261101T030000Z", "20261102T030000Z", "20261103T030000Z")


def content(folder: Path, letter: str) -> Kept:
    kept = Kept(f"landing/{letter}", letter, 3, letter * 64)
    path = folder / "objects" / kept.sha256[:2] / kept.sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(letter.encode() * 3)
    return kept


def backup(folder: Path, name: str, letters: str, erasures: tuple[int, ...] = ()) -> None:
    index = [content(folder, letter) for letter in letters]
    (folder / name).mkdir()
    (folder / name / LAKE).write_text("".join(json.dumps(asdict(each)) + "\n" for each in index))
    known = [{"erasure_id": number} for number in erasures]
    write_book(folder, Backup(name, name, {}, 0, [], len(index), 0, 0, known))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three backups, of which each lacks something of the one before; one that broke off, and a draft of a content."""
    backup(tmp_path, NAMES[0], "ab", erasures=(1,))
    backup(tmp_path, NAMES[1], "bc", erasures=(1, 2))
    backup(tmp_path, NAMES[2], "cd")
    (tmp_path / "20261102T040000Z").mkdir()
    (tmp_path / "objects" / ".draft").write_bytes(b"half")
    return tmp_path


def letters(folder: Path) -> list[str]:
    return sorted(path.name[0] for path in contents_in(folder))


def test_what_the_newest_need_stays(folder: Path) -> None:
    told = Pruned([NAMES[0]], ["20261102T040000Z"], 2, 3 + 4)
    assert prune(folder, 2, apply=False) == told
    assert letters(folder) == [".", "a", "b", "c", "d"]
    assert prune(folder, 2, apply=True) == told
    assert ([each.name for each in backups_in(folder)], letters(folder)) == (list(NAMES[1:]), ["b", "c", "d"])
    assert prune(folder, 2, apply=True) == Pruned([], [], 0, 0)
    assert prune(folder, 1, apply=True).contents == 1
    assert letters(folder) == ["c", "d"]


def test_erasures_that_only_a_removed_backup_knew_are_remembered(folder: Path) -> None:
    prune(folder, 1, apply=True)
    assert [each["erasure_id"] for each in kept_erasures(folder)] == [1, 2]


def test_the_word_in_which_an_erasure_has_come_furthest_counts() -> None:
    asked, begun, done = (
        {"erasure_id": 1, "started_at": at, "done_at": end} for at, end in ((None, None), (1, None), (1, 2))
    )
    assert furthest([begun], [asked]) == furthest([asked], [begun]) == {1: begun}
    assert furthest([asked, done], [begun]) == {1: done}


def test_who_dies_while_pruning_leaves_whole_backups_and_is_carried_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("infra.backup.prune.shutil.rmtree", die)
    with pytest.raises(KeyboardInterrupt):
        prune(folder, 1, apply=True)
    monkeypatch.undo()
    assert [each.name for each in backups_in(folder)] == [NAMES[2]]
    assert prune(folder, 1, apply=True).unfinished == [NAMES[0], NAMES[1], "20261102T040000Z"]
    assert letters(folder) == ["c", "d"]


def test_nobody_prunes_while_a_backup_is_made(folder: Path) -> None:
    with held(folder), pytest.raises(FolderBusy, match="try again"):
        prune(folder, 1, apply=True)
    assert len(backups_in(folder)) == 3


def test_the_command_says_what_would_go_until_it_is_told_to(folder: Path) -> None:
    said = CliRunner().invoke(main, ["backup", "prune", str(folder), "--keep", "1"])
    assert (said.exit_code, len(backups_in(folder))) == (0, 3)
    assert "4 backups" not in said.output
    assert "3 backups and 3 contents of 10 bytes would go" in said.output
    done = CliRunner().invoke(main, ["backup", "prune", str(folder), "--keep", "1", "--apply"])
    assert "3 backups and 3 contents of 10 bytes removed." in done.output
    assert sorted(path.name for path in folder.iterdir()) == [".lock", NAMES[2], "erasures.json", "objects"]
