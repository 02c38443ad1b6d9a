"""The schema registry, by its Confluent API (Apicurio serves it at `/apis/ccompat/v7`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import quote

import fastavro
import httpx

from infra.errors import OperatorError
from schemas.contract import Contract, Json
from schemas.versions import Released

FULL_TRANSITIVE = "FULL_TRANSITIVE"
SUBJECT_UNKNOWN = 40401
SCHEMA_UNKNOWN = 40403
TOO_MANY_REQUESTS = 429


class RegistryUnavailable(OperatorError):
    """The schema registry does not answer: try again; if this goes on, check SCHEMA_REGISTRY_URL, `hagiang status` and
    the registry's log.
    """

    retriable: ClassVar[bool] = True


class RegistryRefused(OperatorError):
    """The schema registry refused the request: check SCHEMA_REGISTRY_URL and what the registry said."""


class RegistryReadOnly(RegistryRefused):
    """The login in SCHEMA_REGISTRY_URL may read schemas and not register them: the platform's operator does that."""


class SchemaNotRegistered(OperatorError):
    """The platform has no version of the event with these fields: use the contracts that it publishes."""


class SchemaIncompatible(OperatorError):
    """The schema breaks readers or writers of an earlier version: make the change optional, or a new event name."""


class UnknownSchemaId(OperatorError):
    """The registry knows no schema of that id: the producer used another registry, or made the id up."""


class Registry:
    """One registry; may be shared by threads. `url` may carry a login: `http://user:password@host/path`.

    What can never change (schema of an id, id of a version) is kept.

    Every method raises RegistryUnavailable while the registry is away, and RegistryRefused for an answer that no
    retry will mend.
    """

    def __init__(self, url: str, *, timeout_s: float = 10.0) -> None:
        address = httpx.URL(url.rstrip("/") + "/")
        login = (address.username, address.password) if address.username else None
        # Apart from the address, which httpx writes into its log.
        self._client = httpx.Client(base_url=address.copy_with(userinfo=b""), auth=login, timeout=timeout_s)
        self._schema_of_id: dict[int, Json] = {}
        self._id_of_version: dict[tuple[str, int], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def register(self, subject: str, schema: Json) -> int:
        """The id of `schema` under `subject`, registered now if it was not; raises SchemaIncompatible.

        Apicurio compares what readers see: a schema that differs in documentation and rules alone keeps the id.
        """
        answer = self._ask("POST", f"subjects/{quote(subject)}/versions", {"schema": json.dumps(schema)})
        return int(answer["id"])

    def find(self, subject: str, schema: Json) -> int:
        """The id of the newest version of the subject that is written as `schema` is; raises SchemaNotRegistered.

        Documentation and rules may differ, names, types and their order not.
        """
        wanted = fastavro.schema.to_parsing_canonical_form(schema)
        for version in reversed(self.versions_of(subject)):
            schema_id = self._version_id(subject, version)
            if fastavro.schema.to_parsing_canonical_form(self.schema_by_id(schema_id)) == wanted:
                return schema_id
        raise SchemaNotRegistered(subject)

    def schema_by_id(self, schema_id: int) -> Json:
        """The schema of an id; raises UnknownSchemaId when the registry says that there is none."""
        if schema_id not in self._schema_of_id:
            answer = self._ask("GET", f"schemas/ids/{schema_id}")
            self._schema_of_id[schema_id] = json.loads(answer["schema"])
        return self._schema_of_id[schema_id]

    def ids_of(self, subject: str) -> set[int]:
        """The ids of all versions of the subject; empty when the registry has no such subject."""
        return {self._version_id(subject, version) for version in self.versions_of(subject)}

    def versions_of(self, subject: str) -> list[int]:
        """The registry's version numbers of the subject, oldest first; empty when there is no such subject."""
        answer = self._ask("GET", f"subjects/{quote(subject)}/versions", absent=SUBJECT_UNKNOWN)
        return sorted(answer or [])

    def set_compatibility(self, subject: str, level: str) -> None:
        """Make the registry hold every later version of the subject to `level`."""
        self._ask("PUT", f"config/{quote(subject)}", {"compatibility": level})

    def compatibility_of(self, subject: str) -> str | None:
        """The level set for this subject itself; None when it has none of its own."""
        answer = self._ask("GET", f"config/{quote(subject)}", absent=SUBJECT_UNKNOWN)
        return None if answer is None else str(answer["compatibilityLevel"])

    def is_compatible(self, subject: str, schema: Json) -> bool:
        """Whether the registry would take `schema` as the subject's next version, be it the first."""
        path = f"compatibility/subjects/{quote(subject)}/versions"
        answer = self._ask("POST", path, {"schema": json.dumps(schema)}, absent=SUBJECT_UNKNOWN)
        return answer is None or bool(answer["is_compatible"])

    def _version_id(self, subject: str, version: int) -> int:
        if (subject, version) not in self._id_of_version:
            answer = self._ask("GET", f"subjects/{quote(subject)}/versions/{version}")
            self._id_of_version[subject, version] = int(answer["id"])
        return self._id_of_version[subject, version]

    def _ask(self, method: str, path: str, body: Json | None = None, *, absent: int | None = None) -> Any:
        """The answer's JSON; None when the registry answers with the error code `absent`."""
        try:
            response = self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise RegistryUnavailable(f"{self._client.base_url.host}: {type(error).__name__} {error}") from error
        if response.is_success:
            return response.json()
        code, said = _error_of(response)
        if absent is not None and code == absent:
            return None
        raise _error_for(response.status_code, code, f"{method} {path}: {response.status_code} {said}")


def _error_of(response: httpx.Response) -> tuple[int | None, str]:
    """The registry's own error code and message; a page that is not the registry's has no code."""
    try:
        body = response.json()
        return int(body["error_code"]), str(body["message"])
    except (ValueError, KeyError, TypeError):
        return None, response.text[:200]


def _error_for(status: int, code: int | None, said: str) -> OperatorError:
    """Only the registry's own code makes an id unknown: a 404 of a proxy must not turn records into rejects."""
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == TOO_MANY_REQUESTS:
        return RegistryUnavailable(said)
    if status == httpx.codes.FORBIDDEN:
        return RegistryReadOnly(said)
    if status == httpx.codes.CONFLICT:
        return SchemaIncompatible(said)
    if code == SCHEMA_UNKNOWN:
        return UnknownSchemaId(said)
    return RegistryRefused(said)


def register_catalog(registry: Registry, contracts: Iterable[Contract], released: Released) -> dict[str, list[int]]:
    """Register every contract, held to FULL_TRANSITIVE; the ids by subject: released versions in order, then today's.

    Doing it again changes nothing. Raises SchemaIncompatible, before anything later in the list is registered.
    """
    return {contract.subject: _register(registry, contract, released) for contract in contracts}


def _register(registry: Registry, contract: Contract, released: Released) -> list[int]:
    registry.set_compatibility(contract.subject, FULL_TRANSITIVE)
    versions = [*released.get(contract.event, ()), contract]
    ids = [registry.register(version.subject, version.schema) for version in versions]
    return list(dict.fromkeys(ids))
