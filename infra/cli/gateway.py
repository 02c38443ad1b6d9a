"""`hagiang gateway`: events by HTTP."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import click


@click.command()
@click.option("--host", help="Address to listen on; else that of GATEWAY_URL.")
@click.option("--port", type=int, help="Port to listen on; else that of GATEWAY_URL.")
@click.option("--certificate", type=click.Path(path_type=Path, exists=True), help="PEM file: listen by TLS.")
@click.option("--key", type=click.Path(path_type=Path, exists=True), help="PEM file with the certificate's key.")
def gateway(host: str | None, port: int | None, certificate: Path | None, key: Path | None) -> None:
    """Take events by HTTP until stopped (producers/gateway/README.md); its log goes to standard error."""
    from expectations.record_rules import rules_before_sending
    from infra.cli.contract_readers import reader_folders
    from infra.log_lines import log_as_lines
    from infra.object_store import open_lake
    from infra.settings import load_settings
    from producers.gateway.limits import limits_from
    from producers.gateway.run import Contracts, run_gateway
    from producers.gateway.serve import Listen
    from producers.marketplaces.documented import webhook_ways
    from producers.marketplaces.routes import marketplace_routes
    from producers.marketplaces.shops import load_marketplaces, marketplaces_file
    from schemas.catalog import load_catalog
    from schemas.example_files import load_examples
    from schemas.folders import contract_folders
    from schemas.usage.warehouse_rules import warehouse_rules
    from schemas.versions import load_released

    log_as_lines()
    settings, folders = load_settings(os.environ), contract_folders(os.environ)
    catalog, suites = load_catalog(folders.avro), reader_folders().expectations
    contracts = Contracts(
        catalog,
        load_released(folders.released),
        load_examples(folders.examples),
        {event: warehouse_rules(suites, contract) for event, contract in catalog.items()},
        {event: rules_before_sending(contract) for event, contract in catalog.items()},
    )
    url = urlsplit(settings.gateway.url)
    listen = Listen(host or url.hostname or "127.0.0.1", port or url.port or 443, certificate, key)
    shops = load_marketplaces(marketplaces_file(os.environ, settings.home))
    lake = open_lake(settings.lake)
    run_gateway(
        settings,
        contracts,
        limits_from(os.environ),
        listen,
        [lambda refusals: marketplace_routes(shops, lake, on_denied=refusals.refused)],
        webhook_ways(),
    )
