"""Nobody gets in from outside the machine, without a login, or further than his rights go."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import httpx
import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from infra.object_store import open_lake
from infra.settings import Login
from tests.component.local.kafka_clients import client_options
from tests.component.local.kept_stack import KeptStack

TOPIC = "government.dossier_status_changed"


def secrets_of(stack: KeptStack) -> set[str]:
    return set(json.loads((stack.home / "credentials.json").read_text()).values())


def test_every_socket_is_on_loopback(stack: KeptStack) -> None:
    sockets = [one for process in stack.processes() for one in process.net_connections() if one.status == "LISTEN"]
    assert len(sockets) >= 6
    assert {one.laddr.ip.removeprefix("::ffff:") for one in sockets} == {"127.0.0.1"}


def test_no_secret_is_on_a_command_line(stack: KeptStack) -> None:
    lines = [" ".join(process.cmdline()) for process in stack.processes()]
    assert len(lines) >= 5
    assert not [line for line in lines if any(secret in line for secret in secrets_of(stack))]


def test_every_file_with_a_secret_is_private(stack: KeptStack) -> None:
    secrets = {secret.encode() for secret in secrets_of(stack)}
    files = [path for path in stack.home.rglob("*") if path.is_file() and path.stat().st_size < 1_000_000]
    with_secrets = [path for path in files if any(secret in path.read_bytes() for secret in secrets)]
    assert {"credentials.json", "stack.env", "supervisord.conf"} <= {path.name for path in with_secrets}
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in with_secrets} == {0}


def test_no_log_holds_a_secret(stack: KeptStack) -> None:
    logs = "".join(path.read_text(errors="replace") for path in (stack.home / "logs").iterdir())
    assert not [secret for secret in secrets_of(stack) if secret in logs]


def test_publisher_writes_but_does_not_read(stack: KeptStack) -> None:
    kafka = stack.settings.kafka
    producer = KafkaProducer(**client_options(kafka, kafka.publisher), acks="all", enable_idempotence=True)
    assert producer.send(TOPIC, b"x").get(timeout=20).topic == TOPIC
    producer.close()
    consumer = KafkaConsumer(TOPIC, **client_options(kafka, kafka.publisher), group_id="landing")
    with pytest.raises(GroupAuthorizationFailedError):
        consumer.poll(timeout_ms=10000)
    consumer.close(autocommit=False)


def test_landing_reads_but_does_not_write(stack: KeptStack) -> None:
    kafka = stack.settings.kafka
    producer = KafkaProducer(**client_options(kafka, kafka.landing), enable_idempotence=False)
    with pytest.raises(TopicAuthorizationFailedError):
        producer.send(TOPIC, b"x").get(timeout=20)
    producer.close(timeout=1)


@pytest.mark.parametrize("login", [Login("publisher", "wrong"), Login("stranger", "sesame")])
def test_unknown_kafka_login_is_refused(stack: KeptStack, login: Login) -> None:
    with pytest.raises(KafkaError):
        KafkaAdminClient(**client_options(stack.settings.kafka, login), bootstrap_timeout_ms=3000)


def test_registry_wants_a_login(stack: KeptStack) -> None:
    url = httpx.URL(stack.settings.registry_url)
    assert httpx.get(f"{url}/subjects").status_code == 200
    for userinfo in (b"", b"registry:wrong"):
        assert httpx.get(f"{url.copy_with(userinfo=userinfo)}/subjects").status_code == 401
    assert httpx.get(f"http://{url.host}:{url.port}/apis/registry/v3/system/info").status_code == 401


def test_store_wants_the_key(stack: KeptStack) -> None:
    lake = stack.settings.lake
    open_lake(lake).put("guarded", b"x")
    with pytest.raises(Exception, match=r"SignatureDoesNotMatch|403|AccessDenied"):
        open_lake(replace(lake, login=Login(lake.login.user, "wrong"))).get("guarded")
    assert httpx.get(f"{lake.endpoint_url}/{lake.bucket}/guarded").status_code == 403


def test_dashboard_cannot_write_nor_enter_other_databases(stack: KeptStack) -> None:
    url = stack.settings.warehouse.dashboard_url
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("CREATE TABLE public.mine (a int)")
    for database in ("airflow", "registry", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(url.replace("/warehouse", f"/{database}"))


def test_database_wants_a_password(stack: KeptStack) -> None:
    url = stack.settings.warehouse.owner_url
    name, _, rest = url.partition("@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{name.rpartition(':')[0]}:wrong@{rest}")
