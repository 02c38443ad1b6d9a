from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest

from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.registry import (
    FULL_TRANSITIVE,
    Registry,
    RegistryReadOnly,
    RegistryRefused,
    RegistryUnavailable,
    SchemaIncompatible,
    SchemaNotRegistered,
    UnknownSchemaId,
    register_catalog,
)
from schemas.versions import load_released
from tests.unit.schemas.small_contract import avro_field, avro_schema, contract_with


def test_a_schema_has_one_id_however_often_it_is_registered(registry: Registry, subject: str) -> None:
    schema_id = registry.register(subject, avro_schema())
    assert registry.register(subject, avro_schema()) == schema_id
    assert registry.ids_of(subject) == {schema_id}
    assert registry.versions_of(subject) == [1]


def test_a_schema_comes_back_by_its_id_with_our_attributes(registry_url: str, registry: Registry, subject: str) -> None:
    schema = avro_schema(avro_field("phone", "string", personal_data="basic", rules={"max_length": 12}))
    schema_id = registry.register(subject, schema)
    with Registry(registry_url) as other:
        assert other.schema_by_id(schema_id) == schema


def test_ids_of_a_subject_are_those_of_all_its_versions(registry: Registry, subject: str) -> None:
    first = registry.register(subject, avro_schema())
    assert registry.ids_of(subject) == {first}
    second = registry.register(subject, avro_schema(avro_field("note", ["null", "string"])))
    assert registry.ids_of(subject) == {first, second}


def test_a_breaking_version_is_refused_and_the_error_says_what_the_registry_said(
    registry: Registry, subject: str
) -> None:
    registry.set_compatibility(subject, FULL_TRANSITIVE)
    registry.register(subject, avro_schema())
    with pytest.raises(SchemaIncompatible, match="/fields/4") as caught:
        registry.register(subject, avro_schema(avro_field("note", "string")))
    assert not caught.value.retriable
    assert registry.versions_of(subject) == [1]


def test_what_is_not_there_is_told_apart(registry: Registry, subject: str) -> None:
    with pytest.raises(UnknownSchemaId):
        registry.schema_by_id(2**31 - 1)
    assert registry.ids_of(subject) == set()
    assert registry.compatibility_of(subject) is None
    assert registry.is_compatible(subject, avro_schema())


def test_no_schema_at_all_is_refused(registry: Registry, subject: str) -> None:
    with pytest.raises(RegistryRefused, match="422"):
        registry.register(subject, {"type": "no such type"})


def test_the_catalogue_is_registered_in_order_and_again_without_a_change(registry: Registry) -> None:
    contracts, released = load_catalog(), load_released()
    ids = register_catalog(registry, contracts.values(), released)
    assert list(ids) == [contract.subject for contract in contracts.values()]
    assert register_catalog(registry, contracts.values(), released) == ids
    dossier = contracts["dossier_status_changed"]
    sizes = [len(version.schema["fields"]) for version in released[dossier.event]]
    assert [len(registry.schema_by_id(each)["fields"]) for each in ids[dossier.subject]] == sizes
    assert {registry.compatibility_of(subject) for subject in ids} == {FULL_TRANSITIVE}
    assert all(registry.ids_of(subject) == set(known) for subject, known in ids.items())


def test_a_breaking_contract_is_not_registered_over_its_released_version(registry: Registry) -> None:
    event = f"thing_{uuid4().hex}"
    released = replace(contract_with(version=1), event=event)
    current = replace(contract_with(avro_field("note", "string"), version=2), event=event)
    with pytest.raises(SchemaIncompatible):
        register_catalog(registry, [current], {current.event: [released]})
    assert len(registry.ids_of(current.subject)) == 1


def test_a_registry_that_is_away_is_a_transient_error() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with Registry(url) as registry, pytest.raises(RegistryUnavailable) as caught:
            registry.schema_by_id(1)
    assert caught.value.retriable


class _BrokenGateway(BaseHTTPRequestHandler):
    """What a proxy before the registry may answer: `/404/...` and so on give that status and no JSON."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()
        self.wfile.write(b"<html>gateway</html>")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def gateway_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _BrokenGateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_a_transient_error(gateway_url: str, status: int) -> None:
    with Registry(f"{gateway_url}/{status}") as registry, pytest.raises(RegistryUnavailable):
        registry.schema_by_id(1)


@pytest.mark.parametrize("status", [404, 403])
def test_a_gateway_that_does_not_know_the_registry_never_makes_an_id_unknown(gateway_url: str, status: int) -> None:
    with Registry(f"{gateway_url}/{status}") as registry:
        with pytest.raises(RegistryRefused):
            registry.schema_by_id(1)
        with pytest.raises(RegistryRefused):
            registry.ids_of("government.dossier_status_changed-value")


def test_a_client_s_login_reads_and_finds_and_changes_nothing(
    servers: Settings, registry: Registry, subject: str
) -> None:
    schema = avro_schema()
    schema_id = registry.register(subject, schema)
    documented = {**schema, "doc": "Another word for it."}
    with Registry(servers.registry_reader_url or "") as reader:
        assert reader.find(subject, documented) == schema_id
        assert reader.schema_by_id(schema_id)["name"] == schema["name"]
        for change in (
            lambda: reader.register(subject, schema),
            lambda: reader.register(f"a/{subject}", schema),
            lambda: reader.set_compatibility(subject, "NONE"),
        ):
            with pytest.raises(RegistryReadOnly):
                change()
        with pytest.raises(SchemaNotRegistered):
            reader.find(subject, {**schema, "fields": []})
