"""Addresses and credentials of every outside system, read once from the environment.

The embedded stack writes the same variables to ``$HAGIANG_HOME/stack.env`` (mode 0600). A variable that is set in the
environment wins over the file, so that in production each address points at the province's own cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.errors import OperatorError

STACK_ENV = "stack.env"
DEFAULT_HOME = ".hagiang"


class SettingMissing(OperatorError):
    """A setting is missing: start the embedded stack with `hagiang up`, or set the variable to your own server's."""


@dataclass(frozen=True, repr=False)
class Login:
    """A user name and password; its repr shows the name alone, so that a log line never carries a password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user})"


@dataclass(frozen=True)
class Kafka:
    """The brokers, and one user for each duty: making topics, reading for landing, publishing all topics."""

    bootstrap_servers: str
    security_protocol: str
    sasl_mechanism: str
    admin: Login
    landing: Login
    publisher: Login


@dataclass(frozen=True)
class Lake:
    """The S3 object store and the bucket that holds every landed batch."""

    endpoint_url: str
    region: str
    bucket: str
    login: Login

    @property
    def drop_bucket(self) -> str:
        """The bucket agencies put files into: one of its own, so that their rights end where the lake begins."""
        return f"{self.bucket}-drop"


@dataclass(frozen=True)
class Airflow:
    """The API server; `landing` may create asset events, `admin` everything."""

    url: str
    admin: Login
    landing: Login


@dataclass(frozen=True, repr=False)
class Warehouse:
    """SQLAlchemy-style URLs, with passwords: `owner_url` may do everything, `dashboard_url` may read mart and core."""

    owner_url: str
    dashboard_url: str


@dataclass(frozen=True)
class Settings:
    """Everything the platform knows of its surroundings; passed to whoever needs a part of it."""

    home: Path
    kafka: Kafka
    registry_url: str
    lake: Lake
    airflow: Airflow
    warehouse: Warehouse


def home_of(environ: Mapping[str, str]) -> Path:
    """The state folder: HAGIANG_HOME, else `.hagiang` in the working directory."""
    return Path(environ.get("HAGIANG_HOME") or DEFAULT_HOME).resolve()


def read_env_file(path: Path) -> dict[str, str]:
    """KEY=value lines of the file; empty when there is no such file."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment over the embedded stack's file; raises SettingMissing that names the variable."""
    home = home_of(environ)
    values = {**read_env_file(home / STACK_ENV), **environ}

    def need(name: str) -> str:
        if not values.get(name):
            raise SettingMissing(f"{name} is not set, and {home / STACK_ENV} does not give it")
        return values[name]

    def login(part: str) -> Login:
        return Login(need(f"{part}_USER"), need(f"{part}_PASSWORD"))

    return Settings(
        home=home,
        kafka=Kafka(
            bootstrap_servers=need("KAFKA_BOOTSTRAP_SERVERS"),
            security_protocol=need("KAFKA_SECURITY_PROTOCOL"),
            sasl_mechanism=need("KAFKA_SASL_MECHANISM"),
            admin=login("KAFKA_ADMIN"),
            landing=login("KAFKA_LANDING"),
            publisher=login("KAFKA_PUBLISHER"),
        ),
        registry_url=need("SCHEMA_REGISTRY_URL"),
        lake=Lake(
            endpoint_url=need("AWS_ENDPOINT_URL_S3"),
            region=need("AWS_REGION"),
            bucket=need("LAKE_BUCKET"),
            login=Login(need("AWS_ACCESS_KEY_ID"), need("AWS_SECRET_ACCESS_KEY")),
        ),
        airflow=Airflow(url=need("AIRFLOW_URL"), admin=login("AIRFLOW_ADMIN"), landing=login("AIRFLOW_LANDING")),
        warehouse=Warehouse(owner_url=need("WAREHOUSE_URL"), dashboard_url=need("DASHBOARD_URL")),
    )
