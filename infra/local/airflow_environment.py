"""Airflow's configuration, as environment variables: one account of every setting that differs from the default."""

from __future__ import annotations

from pathlib import Path

from infra.local.ports import HOST
from infra.local.stack import Stack

PLUGINS_FOLDER = Path(__file__).parent / "airflow" / "plugins"


def passwords_file(stack: Stack) -> Path:
    """JSON of user name -> password."""
    return stack.home.folder("airflow") / "passwords.json"


def airflow_environment(stack: Stack) -> dict[str, str]:
    """Variables for every Airflow process; they hold secrets."""
    return {**_addresses(stack), **_secrets(stack), **_rhythm(), **_surroundings(stack)}


def _addresses(stack: Stack) -> dict[str, str]:
    url = stack.url("airflow")
    database = f"airflow:{stack.credentials.airflow_database}@{stack.address('postgres')}/airflow"
    return {
        "AIRFLOW_HOME": str(stack.home.folder("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(stack.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS_FOLDER),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": f"postgresql+psycopg://{database}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(stack.ports["airflow"]),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__API__INSTANCE_NAME": "Hà Giang",
    }


def _secrets(stack: Stack) -> dict[str, str]:
    secrets = stack.credentials
    return {
        "AIRFLOW__CORE__FERNET_KEY": secrets.airflow_fernet_key,
        "AIRFLOW__API__SECRET_KEY": secrets.airflow_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.airflow_jwt_secret,
        "AIRFLOW__API_AUTH__JWT_ISSUER": "hagiang",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,reviewer:op,landing:op",
        "HAGIANG_APPROVERS": "admin,reviewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file(stack)),
    }


def _rhythm() -> dict[str, str]:
    """How often things are looked at: quick enough for loads of a few seconds, on a machine of two cores."""
    return {
        "AIRFLOW__CORE__EXECUTOR": "infra.local.airflow_executor.RestartingLocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__MP_START_METHOD": "fork",  # task processes inherit the preloaded modules
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        # A task process that was killed is noticed after 30 s of silence, its scheduler likewise.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "120",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "15",
        # A new contract file becomes a DAG within about 20 s.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "20",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "20",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "10",
    }


def _surroundings(stack: Stack) -> dict[str, str]:
    return {
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(stack.home.folder("airflow/logs")),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        # Without this a process that renames itself overwrites its environment, and with it our marks (leftovers.py).
        "SPT_NOENV": "1",
        # Nothing here tells the outside world anything.
        "GX_ANALYTICS_ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "true",
    }
