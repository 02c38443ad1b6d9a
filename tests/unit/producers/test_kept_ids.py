"""Schema ids that are kept for when the registry is away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from producers.schema_ids import KeptIds
from schemas.catalog import load_catalog
from schemas.contract import Json
from schemas.registry import Registry, RegistryUnavailable

CONTRACT = load_catalog()["dossier_status_changed"]


class Numbering:
    """A registry that gives every schema the same id."""

    def __init__(self, number: int) -> None:
        self.number: int | None = number

    def register(self, _subject: str, _schema: Json) -> int:
        if self.number is None:
            raise RegistryUnavailable("away")
        return self.number


def kept(registry: Numbering, folder: Path) -> KeptIds:
    return KeptIds(cast("Registry", cast("Any", registry)), folder / "ids.json")


def test_while_the_registry_is_away_the_kept_id_holds(tmp_path: Path) -> None:
    registry = Numbering(7)
    assert kept(registry, tmp_path).id_of(CONTRACT) == 7
    registry.number = None
    assert kept(registry, tmp_path).id_of(CONTRACT) == 7
    with pytest.raises(RegistryUnavailable):
        kept(registry, tmp_path / "new").id_of(CONTRACT)


def test_a_registry_that_was_set_up_anew_has_the_last_word(tmp_path: Path) -> None:
    kept(Numbering(7), tmp_path).id_of(CONTRACT)
    ids = kept(Numbering(9), tmp_path)
    assert ids.known_id(CONTRACT) == 7
    ids.hear([CONTRACT])
    assert (ids.known_id(CONTRACT), ids.changed) == (9, True)
