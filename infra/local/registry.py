"""Apicurio Registry with its state in PostgreSQL, asked through its Confluent-compatible API."""

from __future__ import annotations

from sqlalchemy import URL

from infra.local.jars import JAVA_SERVERS
from infra.local.part import Part
from infra.local.ports import HOST
from infra.local.stack import Stack, java

USER, READER = "registry", "reader"
HEAP = ("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
API = "/apis/ccompat/v7"


def registry_part(stack: Stack) -> Part:
    """The registry; its tables are its own affair."""
    return Part(
        name="registry",
        command=(java(), *HEAP, "-jar", str(stack.jars.apicurio)),
        ready=lambda _since: ping(stack),
        port=stack.ports["registry"],
        stop_wave=1,
        directory=stack.home.folder("registry"),
        environment=registry_environment(stack),
        needs=(JAVA_SERVERS, "databases"),
    )


def registry_url(stack: Stack) -> str:
    """Address of the Confluent-compatible API, with the login."""
    return f"http://{USER}:{stack.credentials.registry}@{stack.address('registry')}{API}"


def reader_url(stack: Stack) -> str:
    """The same for those who may only read, as clients that write straight to Kafka."""
    return f"http://{READER}:{stack.credentials.registry_reader}@{stack.address('registry')}{API}"


def database_url(stack: Stack) -> URL:
    """Where its state is."""
    host, _, port = stack.address("postgres").partition(":")
    return URL.create("postgresql", "registry", stack.credentials.registry_database, host, int(port), "registry")


def registry_environment(stack: Stack) -> dict[str, str]:
    """Configuration of Quarkus and Apicurio; it holds the database password."""
    return {
        "QUARKUS_HTTP_HOST": HOST,
        "QUARKUS_HTTP_PORT": str(stack.ports["registry"]),
        "QUARKUS_MANAGEMENT_HOST": HOST,
        "QUARKUS_MANAGEMENT_PORT": str(stack.ports["registry_management"]),
        "QUARKUS_HTTP_ACCESS_LOG_ENABLED": "false",
        # Basic authentication by Quarkus's embedded user list: needs no OpenID server (infra/decisions/0104).
        "QUARKUS_HTTP_AUTH_BASIC": "true",
        "QUARKUS_SECURITY_USERS_EMBEDDED_PLAIN_TEXT": "true",
        f"QUARKUS_SECURITY_USERS_EMBEDDED_USERS_{USER.upper()}": stack.credentials.registry,
        f"QUARKUS_SECURITY_USERS_EMBEDDED_ROLES_{USER.upper()}": "sr-admin",
        f"QUARKUS_SECURITY_USERS_EMBEDDED_USERS_{READER.upper()}": stack.credentials.registry_reader,
        f"QUARKUS_SECURITY_USERS_EMBEDDED_ROLES_{READER.upper()}": "sr-readonly",
        **_permissions(),
        "APICURIO_STORAGE_KIND": "sql",
        "APICURIO_STORAGE_SQL_KIND": "postgresql",
        "APICURIO_DATASOURCE_URL": f"jdbc:postgresql://{stack.address('postgres')}/registry",
        "APICURIO_DATASOURCE_USERNAME": "registry",
        "APICURIO_DATASOURCE_PASSWORD": stack.credentials.registry_database,
    }


def _permissions() -> dict[str, str]:
    """By HTTP method, since Apicurio knows roles with an OpenID server only (infra/decisions/0608): whoever has a login
    may read; the rest is the administrator's."""
    return {
        "QUARKUS_HTTP_AUTH_POLICY_WRITERS_ROLES_ALLOWED": "sr-admin",
        "QUARKUS_HTTP_AUTH_PERMISSION_READ_PATHS": "/*",
        "QUARKUS_HTTP_AUTH_PERMISSION_READ_METHODS": "GET,HEAD,OPTIONS",
        "QUARKUS_HTTP_AUTH_PERMISSION_READ_POLICY": "authenticated",
        "QUARKUS_HTTP_AUTH_PERMISSION_WRITE_PATHS": "/*",
        "QUARKUS_HTTP_AUTH_PERMISSION_WRITE_METHODS": "POST,PUT,PATCH,DELETE",
        "QUARKUS_HTTP_AUTH_PERMISSION_WRITE_POLICY": "writers",
    }


def ping(stack: Stack) -> bool:
    """Whether the registry can list its subjects, which takes its database too."""
    from schemas.registry import Registry

    with Registry(registry_url(stack), timeout_s=3) as registry:
        return registry.versions_of("never-registered") == []
