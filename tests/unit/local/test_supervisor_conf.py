"""What supervisord reads is what was meant, whatever characters a value holds."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from infra.local.credentials import load_credentials
from infra.local.home import make_home
from infra.local.jars import Jars
from infra.local.part import Part
from infra.local.ports import USUAL
from infra.local.stack import Stack
from infra.local.supervisor_conf import render


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    home = make_home(tmp_path / "a home, 100% odd")
    credentials = load_credentials(home.credentials)
    return Stack(home, dict(USUAL), credentials, Jars(tmp_path), tmp_path / "contracts", tmp_path / "dags")


def parsed(stack: Stack, part: Part) -> ServerOptions:
    """The configuration as supervisord itself understands it."""
    stack.home.supervisor_conf.write_text(render(stack, [part]))
    options = ServerOptions()
    options.realize(["-c", str(stack.home.supervisor_conf)])
    return options


def part_with(stack: Stack, **changes: object) -> Part:
    facts = {
        "name": "demo",
        "command": ("/bin/true",),
        "ready": lambda _since: True,
        "directory": stack.home.root,
        "port": 1,
    }
    return Part(**{**facts, **changes})  # type: ignore[arg-type]


def test_odd_values_arrive_unchanged(stack: Stack) -> None:
    odd = "a 100% c\\d,e=f %(x)s Hà Giang"
    command = ("/bin/echo", "two words", "50%", "it's")
    options = parsed(stack, part_with(stack, command=command, environment={"ODD": odd}))
    program = options.process_group_configs[0].process_configs[0]
    assert program.environment["ODD"] == odd
    assert shlex.split(program.command) == list(command)
    assert program.directory == str(stack.home.root)
    assert program.stdout_logfile == str(stack.home.log_of("demo"))


def test_parts_carry_the_marks_that_leftovers_are_found_by(stack: Stack) -> None:
    program = parsed(stack, part_with(stack)).process_group_configs[0].process_configs[0]
    assert program.environment["HAGIANG_PART"] == "demo"


def test_a_part_comes_back_but_does_not_start_by_itself(stack: Stack) -> None:
    program = parsed(stack, part_with(stack)).process_group_configs[0].process_configs[0]
    assert not program.autostart
    assert program.autorestart
    assert program.killasgroup


def test_control_port_is_loopback_with_a_password(stack: Stack) -> None:
    server = parsed(stack, part_with(stack)).server_configs[0]
    assert (server["host"], server["port"]) == ("127.0.0.1", stack.ports["supervisor"])
    assert server["password"] == stack.credentials.supervisor
