"""`stack.env`: the variables of infra/settings.py with this stack's addresses and credentials."""

from __future__ import annotations

from infra.access.clients import PLATFORM
from infra.local.kafka import kafka_settings
from infra.local.ports import HOST
from infra.local.private_file import write_private
from infra.local.registry import reader_url, registry_url
from infra.local.stack import Stack
from infra.local.store import lake_settings
from infra.settings import Access, Signer, Warehouse
from schemas.signature import client_id, signing_key_of


def variables(stack: Stack) -> dict[str, str]:
    """Every variable that `load_settings` needs, and the folder they came from."""
    kafka, lake, warehouse = kafka_settings(stack), lake_settings(stack), warehouse_settings(stack)
    access, signer = access_settings(stack), platform_signer(stack)
    secrets = stack.credentials
    return {
        "HAGIANG_HOME": str(stack.home.root),
        "HAGIANG_CONTRACTS": str(stack.contracts),
        "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA_SECURITY_PROTOCOL": kafka.security_protocol,
        **({"KAFKA_SSL_CAFILE": kafka.ssl_cafile} if kafka.ssl_cafile else {}),
        "KAFKA_SASL_MECHANISM": kafka.sasl_mechanism,
        "KAFKA_ADMIN_USER": kafka.admin.user,
        "KAFKA_ADMIN_PASSWORD": kafka.admin.password,
        "KAFKA_LANDING_USER": kafka.landing.user,
        "KAFKA_LANDING_PASSWORD": kafka.landing.password,
        "KAFKA_PUBLISHER_USER": kafka.publisher.user,
        "KAFKA_PUBLISHER_PASSWORD": kafka.publisher.password,
        "SCHEMA_REGISTRY_URL": registry_url(stack),
        "SCHEMA_REGISTRY_READER_URL": reader_url(stack),
        "AWS_ENDPOINT_URL_S3": lake.endpoint_url,
        "AWS_REGION": lake.region,
        "AWS_ACCESS_KEY_ID": lake.login.user,
        "AWS_SECRET_ACCESS_KEY": lake.login.password,
        "LAKE_BUCKET": lake.bucket,
        "AIRFLOW_URL": stack.url("airflow"),
        "AIRFLOW_ADMIN_USER": "admin",
        "AIRFLOW_ADMIN_PASSWORD": secrets.airflow_admin,
        "AIRFLOW_REVIEWER_USER": "reviewer",
        "AIRFLOW_REVIEWER_PASSWORD": secrets.airflow_reviewer,
        "AIRFLOW_LANDING_USER": "landing",
        "AIRFLOW_LANDING_PASSWORD": secrets.airflow_landing,
        "GATEWAY_URL": stack.url("gateway"),
        "WAREHOUSE_URL": warehouse.owner_url,
        "DASHBOARD_URL": warehouse.dashboard_url,
        "GATEWAY_DATABASE_URL": access.gateway_url,
        "LANDING_DATABASE_URL": access.landing_url,
        "KAFKA_AUTHORIZER_LOG": str(access.broker_log),
        "HAGIANG_SIGNING_MASTER": access.signing_master.hex(),
        "HAGIANG_CLIENT": signer.client,
        "HAGIANG_SIGNING_KEY": signer.signing_key.hex(),
    }


def write_stack_env(stack: Stack) -> None:
    """Write the file that load_settings reads."""
    lines = [f"{name}={value}\n" for name, value in variables(stack).items()]
    write_private(stack.home.stack_env, "".join(lines))


def warehouse_settings(stack: Stack) -> Warehouse:
    """The owner's and the dashboards' way into the warehouse."""
    secrets = stack.credentials
    return Warehouse(_url(stack, "warehouse", secrets.warehouse), _url(stack, "dashboard", secrets.dashboard))


def access_settings(stack: Stack) -> Access:
    """How the gateway and landing learn who may write."""
    secrets = stack.credentials
    return Access(
        gateway_url=_url(stack, "gateway", secrets.gateway_database),
        landing_url=_url(stack, "landing", secrets.landing_database),
        signing_master=bytes.fromhex(secrets.signing_master),
        signatures_required=True,
        broker_log=stack.home.log_of("kafka"),
    )


def platform_signer(stack: Stack) -> Signer:
    """As whom the platform's own parts write."""
    client = client_id(PLATFORM, 1)
    return Signer(client, signing_key_of(access_settings(stack).signing_master, client))


def _url(stack: Stack, role: str, password: str) -> str:
    return f"postgresql://{role}:{password}@{HOST}:{stack.ports['postgres']}/warehouse"
