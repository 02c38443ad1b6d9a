"""`hagiang erase`: a person's request to be erased, from its date to its report."""

from __future__ import annotations

import getpass
import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from infra.cli.warehouse import open_warehouse
from infra.settings import load_settings

if TYPE_CHECKING:
    from consumers.warehouse.erasure.requests import Request

_BY = click.option("--by", default=getpass.getuser, show_default="you", help="Who says so, for the record.")


@click.group()
def erase() -> None:
    """A person's request to be erased: request, approve (by somebody else), run, report."""


@erase.command()
@click.argument("reference")
@_BY
def request(reference: str, by: str) -> None:
    """Put a request on record, due in 72 hours. REFERENCE is its file number, never who the person is.

    The person's number is asked for, or read from a pipe; it is kept nowhere. Every pseudonym it has had is looked for,
    of all purposes and keys; of these one-way traces are kept.
    """
    from consumers.lake.traces import trace_of
    from consumers.warehouse.erasure.requests import ask
    from producers.pseudonyms import load_keys

    number = click.prompt("Number", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not number.strip():
        raise click.UsageError("no number was given")
    keys = load_keys(load_settings(os.environ).gateway.pseudonym_keys)
    traces = [
        trace_of(keys.pseudonym(purpose, number.strip(), version))
        for purpose, versions in sorted(keys.of_purpose.items())
        for version in sorted(versions)
    ]
    with open_warehouse() as engine:
        made = ask(engine, reference, traces, by, _now())
    click.echo(f"Request {made.erasure_id}, due {_time(made.due_at)}: another person approves it.")


@erase.command()
@click.argument("number", type=int)
@_BY
def approve(number: int, by: str) -> None:
    """Approve request NUMBER; whoever put it on record cannot."""
    from consumers.warehouse.erasure.requests import approve as approve_request

    with open_warehouse() as engine:
        approve_request(engine, number, by)
    click.echo(f"Request {number} is approved: `hagiang erase run {number}`.")


@erase.command()
@click.argument("number", type=int)
def run(number: int) -> None:
    """Carry request NUMBER out: lake, core, quarantine, marts. After an interruption run it again.

    Run once more it sweeps again, for copies of the lake that were restored, or landed anew from the topic.
    """
    from consumers.warehouse.erasure.run import run as run_request
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, load_catalog

    with open_warehouse() as engine:
        lake = open_lake(load_settings(os.environ).lake)
        done = run_request(engine, lake, load_catalog(catalog_folder(os.environ)), number, _now)
    click.echo(_report(done))


@erase.command()
@click.argument("number", type=int)
def report(number: int) -> None:
    """What was erased where by request NUMBER, and until when the topic holds it, as JSON."""
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.erasure.requests import request_of

    with open_warehouse() as engine, warehouse_errors(), engine.connect() as connection:
        click.echo(_report(request_of(connection, number)))


@erase.command("list")
def list_requests() -> None:
    """All requests, those not done first by their due dates; exit status 3 when one is overdue."""
    from consumers.warehouse.erasure.requests import all_requests

    with open_warehouse() as engine:
        found = all_requests(engine)
    for each in found:
        click.echo(f"{each.erasure_id}  {each.reference}  due {_time(each.due_at)}  {_state(each)}")
    if any(each.is_overdue(_now()) for each in found):
        sys.exit(3)


def _state(each: Request) -> str:
    late = ", OVERDUE / QUÁ HẠN" if each.is_overdue(_now()) else ""
    if each.done_at is not None:
        return f"done {_time(each.done_at)} / đã xóa"
    if each.started_at is not None:
        return f"begun: run it again / đang xóa{late}"
    return f"{'to be run / chờ thực hiện' if each.approved_by else 'to be approved / chờ phê duyệt'}{late}"


def _report(each: Request) -> str:
    told = {
        "request": each.erasure_id,
        "reference": each.reference,
        "asked_by": each.asked_by,
        "asked_at": _time(each.asked_at),
        "due_at": _time(each.due_at),
        "approved_by": each.approved_by,
        "done_at": None if each.done_at is None else _time(each.done_at),
        "report": each.report,
    }
    return json.dumps(told, indent=1, ensure_ascii=False)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _now() -> datetime:
    return datetime.now(UTC)
