"""`hagiang contracts check --registry` against a real registry."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from infra.cli.main import main
from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.folders import contract_folders
from schemas.registry import Registry, register_catalog
from schemas.versions import load_released


def check(servers: Settings, folder: Path) -> Result:
    environ = {"HAGIANG_HOME": str(servers.home), "HAGIANG_CONTRACTS": str(folder)}
    return CliRunner(env=environ).invoke(main, ["contracts", "check", "--registry"])


def test_the_registry_is_asked_for_its_verdict_too(servers: Settings, registry: Registry, tmp_path: Path) -> None:
    register_catalog(registry, load_catalog().values(), load_released())
    folder = tmp_path / "avro"
    shutil.copytree(contract_folders({}).avro, folder)
    assert f"{len(load_catalog())} contracts are compatible" in check(servers, folder).output
    path = folder / "government" / "dossier_status_changed.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**schema, "fields": schema["fields"][:-2]}), encoding="utf-8")
    assert check(servers, folder).exit_code == 0
    path.write_text(json.dumps({**schema, "fields": schema["fields"][:6] + schema["fields"][7:]}), encoding="utf-8")
    refused = check(servers, folder)
    assert refused.exit_code == 1
    assert "government.dossier_status_changed: the registry refuses it" in refused.output
