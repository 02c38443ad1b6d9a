"""The `hagiang` command: a group whose commands live in the sibling modules."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Mapping

import click

from infra.errors import OperatorError

# Name of each command -> where it is. Loaded when asked for, so that one command does not wait for another's imports.
COMMANDS: Mapping[str, str] = {
    "up": "infra.cli.stack:up",
    "down": "infra.cli.stack:down",
    "status": "infra.cli.stack:status",
    "env": "infra.cli.stack:env",
    "logs": "infra.cli.stack:logs",
    "contracts": "infra.cli.contracts:contracts",
    "publish": "infra.cli.publish:publish",
    "import": "infra.cli.import_file:import_file",
    "outbox": "infra.cli.outbox:outbox",
    "import-edxml": "infra.cli.imports:import_edxml",
    "import-dossiers": "infra.cli.imports:import_dossiers",
    "import-programme": "infra.cli.imports:import_programme",
    "demo": "infra.cli.demo:demo",
    "bench": "infra.cli.bench:bench",
    "land": "infra.cli.land:land",
    "gateway": "infra.cli.gateway:gateway",
    "quarantine": "infra.cli.quarantine:quarantine",
    "breaker": "infra.cli.breaker:breaker",
    "marts": "infra.cli.marts:marts",
    "rebuild": "infra.cli.rebuild:rebuild",
    "erase": "infra.cli.erase:erase",
    "compact": "infra.cli.compact:compact",
    "retention": "infra.cli.retention:retention",
    "reconcile": "infra.cli.reconcile:reconcile",
    "backup": "infra.cli.backup:backup",
    "restore": "infra.cli.backup:restore",
    "seal": "infra.cli.receipts:seal",
    "receipt": "infra.cli.receipts:receipt",
    "verify": "infra.cli.receipts:verify",
    "access": "infra.cli.access:access",
    "pseudonyms": "infra.cli.pseudonyms:pseudonyms",
    "marketplaces": "infra.cli.marketplaces:marketplaces",
}


class Commands(click.Group):
    """Finds a command in COMMANDS; an OperatorError becomes its message on stderr and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, loaded now; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an OperatorError ends it with its message alone."""
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            click.echo(f"hagiang: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Write the log to stderr as well.")
def main(verbose: bool) -> None:
    """Hà Giang's event-driven integration platform."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("httpx", "botocore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    # kafka-python logs every refused connection as an error, also those that its caller expects and retries.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
