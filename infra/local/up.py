"""`hagiang up`: from a state folder to a stack whose parts answer and are prepared."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from infra.errors import OperatorError
from infra.local.assembly import PREPARATIONS, parts_of
from infra.local.down import stop_stack
from infra.local.home import make_home, one_at_a_time
from infra.local.jars import JAVA_SERVERS, check_obtainable, ensure_jars
from infra.local.leftovers import end_leftovers
from infra.local.part import Part
from infra.local.ports import choose_ports, free_range, pinned_ports, read_ports, write_ports
from infra.local.postgres_place import forget_lost_places, place_of
from infra.local.prerequisites import check_python
from infra.local.seal_key import ensure_seal_key
from infra.local.stack import Stack, load_stack
from infra.local.stack_env import write_stack_env
from infra.local.start import start_part
from infra.local.steps import Ended, Step, run_steps, with_needs
from infra.local.supervisor import Supervisor, start_supervisor
from infra.local.supervisor_conf import render


class UnknownPart(OperatorError):
    """The stack has no part of that name: `hagiang status` prints the names."""


@dataclass(frozen=True)
class Progress:
    """Called as the start goes on: a step begins, a step has ended, a sentence for the operator."""

    on_start: Callable[[str], None]
    on_end: Callable[[Ended], None]
    on_note: Callable[[str], None]


SILENT = Progress(lambda _name: None, lambda _ended: None, lambda _note: None)


def bring_up(
    root: Path,
    environ: Mapping[str, str],
    *,
    only: Collection[str] = (),
    automatic_ports: bool = False,
    progress: Progress = SILENT,
) -> Stack:
    """Start all parts (or `only` some, with what they need) in the state folder `root` and prepare them.

    Parts that run already are left alone. Raises PrerequisiteMissing, JarsNotFetched, PortTaken, PartNotUp.
    """
    check_python()
    check_obtainable(environ)
    home = make_home(root)
    with one_at_a_time(home):
        ensure_seal_key(home.seal_key)
        if os.geteuid() == 0:
            forget_lost_places()
        stack, supervisor = _supervised(load_stack(home, environ), environ, automatic_ports, progress)
        parts = parts_of(stack, place_of(home, os.geteuid(), environ))
        run_steps(steps_of(stack, supervisor, parts, only, environ), progress.on_start, progress.on_end)
    return stack


def steps_of(
    stack: Stack, supervisor: Supervisor, parts: Sequence[Part], only: Collection[str], environ: Mapping[str, str]
) -> list[Step]:
    """A step for each chosen part and for every preparation whose parts are all chosen."""
    names = [part.name for part in parts]
    if unknown := sorted(set(only) - set(names)):
        raise UnknownPart(f"{', '.join(unknown)} (there are {', '.join(names)})")
    needs = {part.name: part.needs for part in parts} | {one.name: one.needs for one in PREPARATIONS}
    needs[JAVA_SERVERS] = ()
    chosen = with_needs(only or names, needs)
    leaves = [one for one in PREPARATIONS if not one.only_for_parts]
    chosen |= {one.name for one in leaves if with_needs(one.needs, needs) & set(names) <= chosen}
    steps = [Step(part.name, partial(start_part, supervisor, stack.home, part), part.needs) for part in parts]
    steps += [Step(JAVA_SERVERS, partial(ensure_jars, environ))]
    steps += [Step(one.name, partial(one.run, stack), one.needs) for one in PREPARATIONS]
    return [step for step in steps if step.name in chosen]


def _supervised(
    stack: Stack, environ: Mapping[str, str], automatic_ports: bool, progress: Progress
) -> tuple[Stack, Supervisor]:
    """This stack's supervisord: the running one, unless its configuration has changed, else a new one."""
    place = place_of(stack.home, os.geteuid(), environ)
    supervisor = Supervisor(stack)
    if stack.home.ports.exists() and supervisor.answers():
        if stack.home.supervisor_conf.read_text(encoding="utf-8") == render(stack, parts_of(stack, place)):
            return stack, supervisor
        progress.on_note("the configuration has changed: restarting every part")
        stop_stack(stack, parts_of(stack, place))
    for ended in end_leftovers(stack.home.root, place.data):
        progress.on_note(f"ended a process of an earlier run: {ended}")
    remembered, among = read_ports(stack.home.ports), free_range(environ)
    ports, moved = choose_ports(remembered, pinned_ports(environ), automatic=automatic_ports, among=among)
    for sentence in moved:
        progress.on_note(sentence)
    write_ports(stack.home.ports, ports)
    stack = replace(stack, ports=ports)
    write_stack_env(stack)
    return stack, start_supervisor(stack, parts_of(stack, place))
