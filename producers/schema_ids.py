"""Ids of contracts' schemas: asked of the registry, kept in a file for the times when it is away."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from schemas.contract import Contract
from schemas.registry import Registry, RegistryReadOnly, RegistryUnavailable

log = logging.getLogger(__name__)


class SchemaIds(Protocol):
    """Whoever knows schema ids."""

    def id_of(self, contract: Contract) -> int:
        """The id of the contract's schema.

        Raises RegistryUnavailable, SchemaIncompatible, SchemaNotRegistered, RegistryRefused.
        """


def id_in(registry: Registry, contract: Contract) -> int:
    """The id of the contract's schema, registered now if the login may; a client's login reads it."""
    try:
        return registry.register(contract.subject, contract.schema)
    except RegistryReadOnly:
        return registry.find(contract.subject, contract.schema)


class RegistryIds:
    """Asks the registry each time."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def id_of(self, contract: Contract) -> int:
        """See SchemaIds."""
        return id_in(self._registry, contract)


class KeptIds:
    """Remembers ids in `file`; an id from there is used only while the registry has not been heard.

    A registry that was set up anew gives other ids: its word replaces the kept one as soon as it answers.
    """

    def __init__(self, registry: Registry, file: Path) -> None:
        self._registry, self._file = registry, file
        self._kept = _read(file)
        self._heard: dict[str, int] = {}
        self.changed = False  # whether the registry has given another id than the kept one
        self._lock = threading.Lock()

    def id_of(self, contract: Contract) -> int:
        """See SchemaIds; raises RegistryUnavailable only for a schema whose id was never heard."""
        name = _name_of(contract)
        if name not in self._heard:
            try:
                self.hear([contract])
            except RegistryUnavailable:
                if name not in self._kept:
                    raise
                return self._kept[name]
        return self._heard[name]

    def known_id(self, contract: Contract) -> int | None:
        """The id without asking anybody; None when it was never heard."""
        name = _name_of(contract)
        return self._heard.get(name, self._kept.get(name))

    def hear(self, contracts: Iterable[Contract]) -> None:
        """Ask the registry for the ids and keep them; raises as `id_of`."""
        heard = {_name_of(each): id_in(self._registry, each) for each in contracts}
        with self._lock:
            self.changed |= any(self._kept.get(name, number) != number for name, number in heard.items())
            self._heard |= heard
            self._kept |= heard
            self._write_down()

    def _write_down(self) -> None:
        """For the next start; this process knows them without."""
        try:
            _write(self._file, self._kept)
        except OSError as error:
            found = {"action": "schema_ids_not_kept", "found": str(error)}
            log.warning("Schema ids cannot be written down for the next start", extra=found)


class KnownIds:
    """Kept ids for whoever must not wait for the registry."""

    def __init__(self, ids: KeptIds) -> None:
        self._ids = ids

    def id_of(self, contract: Contract) -> int:
        """See SchemaIds; raises RegistryUnavailable at once for an id that was never heard."""
        known = self._ids.known_id(contract)
        if known is None:
            raise RegistryUnavailable(f"the schema id of {contract.topic} was never heard")
        return known


def _name_of(contract: Contract) -> str:
    text = json.dumps(contract.schema, sort_keys=True, ensure_ascii=False)
    return f"{contract.subject}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _read(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(schema_id) for name, schema_id in json.loads(file.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError) as error:
        log.warning("Kept schema ids cannot be read", extra={"action": "schema_ids_unreadable", "found": str(error)})
        return {}


def _write(file: Path, ids: dict[str, int]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(ids, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(file)
