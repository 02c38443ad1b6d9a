"""`hagiang contracts docs`: the contracts for people, and the AsyncAPI document for their tools."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from schemas.asyncapi import Servers


@click.command("docs")
@click.argument("event", required=False)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write a site of HTML pages to this folder."
)
def write_docs(event: str | None, out: Path | None) -> None:
    """Describe the contract of EVENT, or every one, in English and Vietnamese: on the terminal, or as a site.

    The site begins with index.html and holds asyncapi.json, the AsyncAPI document of all topics.
    """
    from schemas.docs import pages_of
    from schemas.folders import contract_folders

    if out is None:
        click.echo("\n".join(pages_of(contract_folders(os.environ), event).values()))
        return
    if event is not None:
        raise click.UsageError("--out writes the site of all events; leave EVENT out")
    _write_site(out)


def _write_site(out: Path) -> None:
    from importlib.metadata import version

    from infra.cli.contract_readers import reader_folders
    from schemas.folders import contract_folders
    from schemas.site.pages import site

    files = site(contract_folders(os.environ), reader_folders(), _servers(os.environ), version("hagiang"))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_text(content, encoding="utf-8")
    click.echo(f"{len(files)} files in {out}; open {out / 'index.html'}")


def _servers(environ: Mapping[str, str]) -> Servers:
    """The addresses of a running stack or of the province's own servers, else those of an example."""
    from infra.settings import STACK_ENV, home_of, read_env_file
    from schemas.asyncapi import Servers

    given = {**read_env_file(home_of(environ) / STACK_ENV), **environ}
    if "KAFKA_BOOTSTRAP_SERVERS" not in given or "SCHEMA_REGISTRY_URL" not in given:
        return Servers()
    return Servers(
        bootstrap=given["KAFKA_BOOTSTRAP_SERVERS"].split(",")[0],
        registry_url=given["SCHEMA_REGISTRY_URL"],
        encrypted=given.get("KAFKA_SECURITY_PROTOCOL", "SASL_SSL").endswith("SSL"),
    )
