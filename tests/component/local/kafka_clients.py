"""Options of a kafka-python client for one login."""

from __future__ import annotations

from typing import Any

from infra.settings import Kafka, Login


def client_options(kafka: Kafka, login: Login) -> dict[str, Any]:
    return {
        "bootstrap_servers": kafka.bootstrap_servers,
        "security_protocol": kafka.security_protocol,
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_plain_username": login.user,
        "sasl_plain_password": login.password,
    }
