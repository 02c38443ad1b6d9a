"""Apache Kafka as one KRaft node, broker and controller, with SASL/SCRAM for clients and an authorizer."""

from __future__ import annotations

import base64
import shutil
import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path

from infra.errors import OperatorError
from infra.kafka.admin import open_admin
from infra.local.certificates import Certificates, certificates_in, ensure_certificates
from infra.local.jars import JAVA_SERVERS
from infra.local.part import Part
from infra.local.ports import HOST
from infra.local.private_file import write_private
from infra.local.properties import render_properties
from infra.local.stack import Stack, java
from infra.settings import Kafka, Login

HEAP = ("-Xms256m", "-Xmx768m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    # Whom the authorizer refused: landing reads it for the audit (infra/access/broker_denials.py).
    "-Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=info",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.network.Selector=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss",
)


class BrokerNotFormatted(OperatorError):
    """Kafka's data folder could not be made: mend what StorageTool says, then run `hagiang up` again."""


def kafka_part(stack: Stack) -> Part:
    """The broker."""
    folder, properties = stack.home.folder("kafka"), properties_file(stack)
    return Part(
        name="kafka",
        command=(java(), *HEAP, *LOGGING, "-cp", f"{stack.jars.kafka}/*", "kafka.Kafka", str(properties)),
        ready=lambda _since: ping(stack),
        before_start=lambda: make_broker(stack),
        port=stack.ports["kafka"],
        needs=(JAVA_SERVERS,),
        stop_wave=2,
        directory=folder,
        stop_seconds=60,
    )


def kafka_settings(stack: Stack) -> Kafka:
    """Address and logins of this stack's broker."""
    secrets = stack.credentials
    return Kafka(
        bootstrap_servers=stack.address("kafka"),
        security_protocol=_protocol(stack),
        sasl_mechanism="SCRAM-SHA-512",
        admin=Login("admin", secrets.kafka_admin),
        landing=Login("landing", secrets.kafka_landing),
        publisher=Login("publisher", secrets.kafka_publisher),
        ssl_cafile=str(certificates_in(stack.home.folder("kafka")).authority) if stack.tls else None,
    )


def properties_file(stack: Stack) -> Path:
    """The broker's configuration; one with TLS has another name, so that turning it on restarts the broker."""
    return stack.home.folder("kafka") / ("server-tls.properties" if stack.tls else "server.properties")


def ping(stack: Stack) -> bool:
    """Whether the administrator can log in and the broker has joined; raises KafkaError while it cannot."""
    with open_admin(kafka_settings(stack), timeout_ms=3000) as admin:
        return bool(admin.describe_cluster()["brokers"])


def make_broker(stack: Stack) -> None:
    """Write the configuration; on the first start format the data folder with the administrator's credential."""
    folder = stack.home.folder("kafka")
    if stack.tls:
        ensure_certificates(certificates_in(folder), HOST, datetime.now(UTC))
    write_private(properties_file(stack), render_properties(broker_properties(stack)))
    if (folder / "data" / "meta.properties").exists():
        return
    shutil.rmtree(folder / "data", ignore_errors=True)  # a format that was cut off
    _format(stack)


def broker_properties(stack: Stack) -> dict[str, str]:
    """The contents of `server.properties`; it holds the administrator's password."""
    admin = f'username="admin" password="{stack.credentials.kafka_admin}"'
    scram = f"org.apache.kafka.common.security.scram.ScramLoginModule required {admin};"
    plain = (
        f"org.apache.kafka.common.security.plain.PlainLoginModule required {admin} "
        f'user_admin="{stack.credentials.kafka_admin}";'
    )
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{stack.address('kafka_controller')}",
        "listeners": f"CLIENT://{stack.address('kafka')},CONTROLLER://{stack.address('kafka_controller')}",
        "advertised.listeners": f"CLIENT://{stack.address('kafka')}",
        "listener.security.protocol.map": f"CLIENT:{_protocol(stack)},CONTROLLER:SASL_PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.client.scram-sha-512.sasl.jaas.config": scram,
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": plain,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin",
        "log.dirs": str(stack.home.folder("kafka") / "data"),
        "auto.create.topics.enable": "false",
        "num.network.threads": "3",
        "num.io.threads": "4",
        "offsets.topic.num.partitions": "8",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "8",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # One broker has no replica to recover from: what a power cut can take is bounded to about a second.
        "log.flush.interval.ms": "1000",
        "log.flush.scheduler.interval.ms": "500",
        **(_tls_properties(certificates_in(stack.home.folder("kafka"))) if stack.tls else {}),
    }


def _protocol(stack: Stack) -> str:
    return "SASL_SSL" if stack.tls else "SASL_PLAINTEXT"


def _tls_properties(certificates: Certificates) -> dict[str, str]:
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificates.server),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.authority),
    }


def _format(stack: Stack) -> None:
    """Run StorageTool; its arguments hold a password, so they go through a private file, not the process list."""
    folder = stack.home.folder("kafka")
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    scram = f"SCRAM-SHA-512=[name=admin,password={stack.credentials.kafka_admin}]"
    words = ["-cp", f"{stack.jars.kafka}/*", "kafka.tools.StorageTool", "format"]
    # One word: an id that begins with a hyphen, as every 64th does, would be taken for an option.
    words += [f"--cluster-id={cluster}", "-c", str(properties_file(stack)), "--add-scram", scram]
    arguments = folder / "format.arguments"
    write_private(arguments, "".join(f'"{word}"\n' for word in words))
    environment = {"LC_ALL": "C.UTF-8"}
    try:
        command = [java(), f"@{arguments}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    finally:
        arguments.unlink()
    if done.returncode != 0:
        raise BrokerNotFormatted((done.stderr or done.stdout).strip())
