"""Addresses and credentials of every outside system, read once from the environment.

The embedded stack writes the same variables to ``$HAGIANG_HOME/stack.env`` (mode 0600). A variable that is set in the
environment wins over the file, so that in production each address points at the province's own cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from infra.errors import OperatorError

STACK_ENV = "stack.env"
DEFAULT_HOME = ".hagiang"


class SettingMissing(OperatorError):
    """A setting is missing: a client has it in the file of `hagiang access grant` (`set -a; . ./client.env; set +a`);
    else start the embedded stack with `hagiang up`, or set the variable to your own server's.
    """


class SettingWrong(OperatorError):
    """A setting has a value that is not of its kind: mend the variable."""


@dataclass(frozen=True, repr=False)
class Login:
    """A user name and password; its repr shows the name alone, so that a log line never carries a password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user})"


@dataclass(frozen=True, kw_only=True)
class Broker:
    """The brokers, and the user as whom this process publishes.

    `ssl_cafile` is the PEM file of who has signed the brokers' certificates; None without TLS, or for a public one.
    """

    bootstrap_servers: str
    security_protocol: str
    sasl_mechanism: str
    publisher: Login
    ssl_cafile: str | None = None

    def client_options(self, login: Login) -> dict[str, Any]:
        """How any client of kafka-python finds the brokers and logs in."""
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "security_protocol": self.security_protocol,
            "ssl_cafile": self.ssl_cafile,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": login.user,
            "sasl_plain_password": login.password,
        }


@dataclass(frozen=True, kw_only=True)
class Kafka(Broker):
    """One user for each duty: making topics, reading for landing, publishing all topics."""

    admin: Login
    landing: Login


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
    """`postgresql://` URLs, as psql takes them, with passwords.

    `owner_url` may do everything, `dashboard_url` may read mart and core.
    """

    owner_url: str
    dashboard_url: str


@dataclass(frozen=True, repr=False)
class Access:
    """Who may write: how the gateway and landing read it, and the secret from which all signing keys are derived.

    `signatures_required` is off in a province that trusts whatever its broker lets in. `broker_log` is the file into
    which Kafka's authorizer writes whom it refused, if landing can read it; what stands there goes into the audit.
    """

    gateway_url: str
    landing_url: str
    signing_master: bytes
    signatures_required: bool
    broker_log: Path | None = None


@dataclass(frozen=True, repr=False)
class Signer:
    """As whom the SDK of this process signs its records: `client` is name@version, as in `platform@1`."""

    client: str
    signing_key: bytes


@dataclass(frozen=True)
class Gateway:
    """`url` is where clients find it; `spool` the folder for events while Kafka is away, bounded by `spool_bytes`;
    `pseudonym_keys` the file of producers/pseudonyms.py."""

    url: str
    spool: Path
    spool_bytes: int
    pseudonym_keys: Path


class Writer(Protocol):
    """What whoever publishes needs: the platform's own parts have it in Settings, a client's in WriterSettings."""

    @property
    def kafka(self) -> Broker:
        """The brokers."""

    @property
    def registry_url(self) -> str:
        """Where the ids of schemas are asked for; reading is enough for a client."""

    @property
    def signer(self) -> Signer:
        """Who signs."""


@dataclass(frozen=True)
class WriterSettings:
    """All that a client's process needs to publish; `hagiang access grant --output` writes these lines."""

    kafka: Broker
    registry_url: str
    signer: Signer


@dataclass(frozen=True)
class Settings:
    """Everything the platform knows of its surroundings; passed to whoever needs a part of it."""

    home: Path
    kafka: Kafka
    registry_url: str
    lake: Lake
    airflow: Airflow
    warehouse: Warehouse
    access: Access
    signer: Signer
    gateway: Gateway
    seal_key: Path
    """The PEM file of the key that signs seals over published batches, mode 0600."""
    registry_reader_url: str | None = None
    """What clients are given, a login that may only read; None when the registry has none."""


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
    """Settings from the environment over the embedded stack's file.

    Raises SettingMissing or SettingWrong, which name the variable.
    """
    home = home_of(environ)
    values = {**read_env_file(home / STACK_ENV), **environ}
    need, login = _needs(values, home)
    return Settings(
        home=home,
        kafka=Kafka(
            bootstrap_servers=need("KAFKA_BOOTSTRAP_SERVERS"),
            security_protocol=need("KAFKA_SECURITY_PROTOCOL"),
            sasl_mechanism=need("KAFKA_SASL_MECHANISM"),
            admin=login("KAFKA_ADMIN"),
            landing=login("KAFKA_LANDING"),
            publisher=login("KAFKA_PUBLISHER"),
            ssl_cafile=values.get("KAFKA_SSL_CAFILE") or None,
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
        access=Access(
            gateway_url=need("GATEWAY_DATABASE_URL"),
            landing_url=need("LANDING_DATABASE_URL"),
            signing_master=_hex("HAGIANG_SIGNING_MASTER", need("HAGIANG_SIGNING_MASTER")),
            signatures_required=_signatures_required(values.get("LANDING_SIGNATURES", "required")),
            broker_log=Path(values["KAFKA_AUTHORIZER_LOG"]) if values.get("KAFKA_AUTHORIZER_LOG") else None,
        ),
        signer=_signer(need),
        gateway=_gateway(home, values),
        seal_key=Path(values.get("SEAL_KEY") or home / "seal-key.pem"),
        registry_reader_url=values.get("SCHEMA_REGISTRY_READER_URL") or None,
    )


def load_writer_settings(environ: Mapping[str, str]) -> WriterSettings:
    """What a process needs that only publishes, as `load_settings`; none of the platform's other secrets is asked for.

    Raises SettingMissing or SettingWrong, which name the variable.
    """
    home = home_of(environ)
    values = {**read_env_file(home / STACK_ENV), **environ}
    need, login = _needs(values, home)
    broker = Broker(
        bootstrap_servers=need("KAFKA_BOOTSTRAP_SERVERS"),
        security_protocol=need("KAFKA_SECURITY_PROTOCOL"),
        sasl_mechanism=need("KAFKA_SASL_MECHANISM"),
        publisher=login("KAFKA_PUBLISHER"),
        ssl_cafile=values.get("KAFKA_SSL_CAFILE") or None,
    )
    return WriterSettings(broker, need("SCHEMA_REGISTRY_URL"), _signer(need))


def _needs(values: Mapping[str, str], home: Path) -> tuple[Callable[[str], str], Callable[[str], Login]]:
    """How a variable, and a pair of user and password, are taken from the values."""

    def need(name: str) -> str:
        if not values.get(name):
            raise SettingMissing(f"{name} is not set, and {home / STACK_ENV} does not give it")
        return values[name]

    def login(part: str) -> Login:
        return Login(need(f"{part}_USER"), need(f"{part}_PASSWORD"))

    return need, login


def _signer(need: Callable[[str], str]) -> Signer:
    return Signer(need("HAGIANG_CLIENT"), _hex("HAGIANG_SIGNING_KEY", need("HAGIANG_SIGNING_KEY")))


def approvers_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Airflow's users who may approve a repair: HAGIANG_APPROVERS, with commas between; empty means anybody."""
    return tuple(name.strip() for name in environ.get("HAGIANG_APPROVERS", "").split(",") if name.strip())


def _gateway(home: Path, values: Mapping[str, str]) -> Gateway:
    spool_bytes = values.get("GATEWAY_SPOOL_BYTES", str(2**30))
    if not spool_bytes.isdigit():
        raise SettingWrong(f"GATEWAY_SPOOL_BYTES={spool_bytes} is no number of bytes")
    return Gateway(
        url=values.get("GATEWAY_URL", "http://127.0.0.1:18090"),
        spool=Path(values.get("GATEWAY_SPOOL") or home / "gateway" / "spool"),
        spool_bytes=int(spool_bytes),
        pseudonym_keys=Path(values.get("PSEUDONYM_KEYS") or home / "pseudonym-keys.json"),
    )


def _hex(name: str, value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        raise SettingWrong(f"{name} is not written in hexadecimal digits") from None


def _signatures_required(value: str) -> bool:
    if value not in ("required", "off"):
        raise SettingWrong(f"LANDING_SIGNATURES={value} is neither `required` nor `off`")
    return value == "required"
