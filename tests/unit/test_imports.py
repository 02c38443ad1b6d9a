"""Imports point one way: dags -> consumers, expectations, producers -> schemas."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = ("schemas", "producers", "consumers", "expectations", "dags")
GROUND = {"infra.settings", "infra.errors", "infra.object_store", "infra.access", "infra.backoff", "infra.keepalive"}
GROUND_PACKAGES = ("infra.access.",)
MAY_IMPORT = {
    "schemas": {"schemas"},
    "producers": {"producers", "schemas"},
    "expectations": {"expectations", "schemas"},
    "consumers": {"consumers", "expectations", "schemas"},
    "dags": {"dags", "consumers", "expectations", "producers", "schemas"},
}


def modules_of(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield str(node.module)


@pytest.mark.parametrize("package", STAGES)
def test_a_stage_imports_only_what_lies_below_it(package: str) -> None:
    modules = modules_of(package)
    assert modules, package
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in imports_of(path)
        if name.split(".")[0] in {*STAGES, "infra", "tests"}
        and name.split(".")[0] not in MAY_IMPORT[package]
        and name not in GROUND
        and not name.startswith(GROUND_PACKAGES)
    ]
    assert wrong == []


def test_landing_and_warehouse_meet_in_the_lake_alone() -> None:
    landing = {name for path in modules_of("consumers/landing") for name in imports_of(path)}
    warehouse = {name for path in modules_of("consumers/warehouse") for name in imports_of(path)}
    assert landing
    assert warehouse
    assert not [name for name in landing if name.startswith("consumers.warehouse")]
    assert not [name for name in warehouse if name.startswith("consumers.landing")]


def test_the_simulated_platforms_know_nothing_of_our_clients() -> None:
    modules = modules_of("producers/simulator/platforms")
    imported = {name for path in modules for name in imports_of(path) if name.split(".")[0] in {*STAGES, "infra"}}
    assert len(modules) >= 8
    assert {name for name in imported if not name.startswith("producers.simulator.platforms")} == set()


def test_no_package_hides_logic_in_its_init() -> None:
    inits = [path for package in (*STAGES, "infra") for path in (ROOT / package).rglob("__init__.py")]
    assert len(inits) >= len(STAGES)
    full = [str(path.relative_to(ROOT)) for path in inits if _statements(path)]
    assert full == []


def _statements(path: Path) -> list[ast.stmt]:
    """What a module does beside its docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tree.body[1:] if ast.get_docstring(tree) else tree.body
