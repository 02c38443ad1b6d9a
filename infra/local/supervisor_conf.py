"""The configuration of supervisord, which starts, watches and ends the parts (infra/decisions/0101)."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Iterable, Mapping

from infra.local.marks import PART_MARK
from infra.local.part import Part
from infra.local.stack import Stack

USER = "hagiang"


def render(stack: Stack, parts: Iterable[Part]) -> str:
    """The text of `supervisord.conf`; it holds passwords. Nothing starts by itself, what was started comes back."""
    home = stack.home
    head = {
        "inet_http_server": {
            "port": stack.address("supervisor"),
            "username": USER,
            "password": stack.credentials.supervisor,
        },
        "supervisord": {
            "user": getpass.getuser(),
            "directory": str(home.root),
            "pidfile": str(home.root / "supervisord.pid"),
            "logfile": str(home.log_of("supervisor")),
            "logfile_maxbytes": "10MB",
            "logfile_backups": "1",
            "childlogdir": str(home.logs),
            "umask": "077",
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    sections = [_section(name, options) for name, options in head.items()]
    sections += [_section(f"program:{part.name}", program_options(stack, part)) for part in parts]
    return "\n".join(sections)


def program_options(stack: Stack, part: Part) -> dict[str, str]:
    """Options of one `[program:...]` section."""
    options = {
        "command": shlex.join(part.command),
        "directory": str(part.directory),
        "environment": _environment(
            {**part.environment, "HAGIANG_CONTRACTS": str(stack.contracts), PART_MARK: part.name}
        ),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "20",
        "stopsignal": part.stop_signal,
        "stopwaitsecs": str(part.stop_seconds),
        "stopasgroup": str(part.stop_whole_group).lower(),
        "killasgroup": "true",
        "redirect_stderr": "true",
        # supervisord expands % in this one option twice.
        "stdout_logfile": str(stack.home.log_of(part.name)).replace("%", "%%"),
        "stdout_logfile_maxbytes": "20MB",
        "stdout_logfile_backups": "1",
    }
    return {**options, "user": part.user} if part.user else options


def _environment(variables: Mapping[str, str]) -> str:
    # No value holds a quote: secrets are plain letters, and make_home refuses such a path.
    return ",".join(f'{name}="{value}"' for name, value in variables.items())


def _section(name: str, options: Mapping[str, str]) -> str:
    lines = [f"{key}={value.replace('%', '%%')}" for key, value in options.items()]
    return "\n".join([f"[{name}]", *lines, ""])
