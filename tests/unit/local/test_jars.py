"""The cache of Java servers is whole or absent, also when fetches fail or run side by side."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.local.jars import JarsNotFetched, ensure_jars

# Stands in for Maven: its last argument but one is -Djars.directory=DIR.
FETCHES = """
for word in "$@"; do case $word in -Djars.directory=*) target=${word#*=};; esac; done
mkdir -p "$target/kafka" "$target/s3proxy" "$target/apicurio"
echo fetched >> "$HAGIANG_CACHE/calls"
mkdir "$target/apicurio/app"; echo jar > "$target/apicurio/app/quarkus-run.jar"
tar -czf "$target/apicurio/apicurio.tar.gz" -C "$target/apicurio/app" quarkus-run.jar
"""
FAILS = 'mkdir -p "$HAGIANG_CACHE/half"; echo "[ERROR] Could not resolve kafka"; exit 1'


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    path = tmp_path / "pom.xml"
    path.write_text("<project/>")
    return path


def surroundings(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """An environment in which `mvn` is the script."""
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text(f"#!/bin/sh\n{script}\n")
    maven.chmod(0o755)
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("HAGIANG_CACHE", str(cache))
    return {"PATH": str(maven.parent), "HAGIANG_CACHE": str(cache)}


def test_programs_are_fetched_once_and_unpacked(tmp_path: Path, pom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = surroundings(tmp_path, FETCHES, monkeypatch)
    jars = ensure_jars(environ, pom)
    assert ensure_jars(environ, pom) == jars
    assert jars.apicurio.read_text() == "jar\n"
    assert (tmp_path / "cache" / "calls").read_text().split() == ["fetched"]


def test_another_pom_is_fetched_beside_the_first(tmp_path: Path, pom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = surroundings(tmp_path, FETCHES, monkeypatch)
    first = ensure_jars(environ, pom)
    pom.write_text("<project>newer</project>")
    assert ensure_jars(environ, pom) != first
    assert first.kafka.is_dir()


def test_failed_fetch_says_what_maven_said_and_leaves_no_cache(
    tmp_path: Path, pom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = surroundings(tmp_path, FAILS, monkeypatch)
    with pytest.raises(JarsNotFetched, match="Could not resolve kafka"):
        ensure_jars(environ, pom)
    assert not list((tmp_path / "cache").glob("jars-*"))
    assert not list((tmp_path / "cache").glob("fetching-*"))


def test_of_two_fetches_at_once_the_second_waits_and_finds_a_whole_cache(
    tmp_path: Path, pom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = surroundings(tmp_path, f"{FETCHES}\nsleep 0.3", monkeypatch)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(ensure_jars(environ, pom).folder)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert (found[0] / "apicurio" / "quarkus-run.jar").exists()
    assert (tmp_path / "cache" / "calls").read_text().split() == ["fetched"]
    assert not list((tmp_path / "cache").glob("fetching-*"))
