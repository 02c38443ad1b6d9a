"""What a client's developer is handed, once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from infra.access.clients import Client
from infra.access.own_rights import rights_as_variables
from infra.settings import Settings
from schemas.signature import client_id, signing_key_of


@dataclass(frozen=True, repr=False)
class ClientCredentials:
    """`client` is the value of the header hg-client, `signing_key` in hexadecimal digits, `rights` those as of now."""

    client: str
    api_key: str
    signing_key: str
    kafka_user: str
    kafka_password: str
    rights: Client | None = None

    def variables(self, settings: Settings) -> Mapping[str, str]:
        """All that a client's process needs, by the names that the SDK reads, and its API key."""
        return {
            "GATEWAY_URL": settings.gateway.url,
            "HAGIANG_API_KEY": self.api_key,
            "HAGIANG_CLIENT": self.client,
            "HAGIANG_SIGNING_KEY": self.signing_key,
            "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
            "KAFKA_SECURITY_PROTOCOL": settings.kafka.security_protocol,
            **({"KAFKA_SSL_CAFILE": settings.kafka.ssl_cafile} if settings.kafka.ssl_cafile else {}),
            "KAFKA_SASL_MECHANISM": settings.kafka.sasl_mechanism,
            "KAFKA_PUBLISHER_USER": self.kafka_user,
            "KAFKA_PUBLISHER_PASSWORD": self.kafka_password,
            **({"SCHEMA_REGISTRY_URL": settings.registry_reader_url} if settings.registry_reader_url else {}),
            **(rights_as_variables(self.rights) if self.rights else {}),
        }


def made_for(settings: Settings, name: str, api_key: str, version: int) -> ClientCredentials:
    """A client's credentials, with a fresh password for Kafka."""
    client = client_id(name, version)
    key = signing_key_of(settings.access.signing_master, client)
    return ClientCredentials(client, api_key, key.hex(), name, secrets.token_hex(24))


def as_env(variables: Mapping[str, str]) -> str:
    """Lines NAME=value."""
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def as_json(variables: Mapping[str, str]) -> str:
    """One JSON object."""
    return json.dumps(dict(variables), indent=1) + "\n"
