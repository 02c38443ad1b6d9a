"""Fetches the Java servers once, with Maven, into a cache that all stacks of a user share."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.errors import OperatorError
from infra.local.prerequisites import find_maven

log = logging.getLogger(__name__)
POM = Path(__file__).parent / "jars" / "pom.xml"
FETCH_SECONDS = 600
# Name of the step that the Java parts need.
JAVA_SERVERS = "java-servers"


class JarsNotFetched(OperatorError):
    """Maven could not fetch the Java servers: check the network and Maven's settings, then run the command again."""

    retriable = True


@dataclass(frozen=True)
class Jars:
    """The fetched programs: a folder of jars for Kafka, one jar for S3Proxy, a Quarkus folder for Apicurio."""

    folder: Path

    @property
    def kafka(self) -> Path:
        """Folder of the broker's jars."""
        return self.folder / "kafka"

    @property
    def s3proxy(self) -> Path:
        """The store's one jar."""
        return self.folder / "s3proxy" / "s3proxy-jar-with-dependencies.jar"

    @property
    def apicurio(self) -> Path:
        """The registry's starting jar."""
        return self.folder / "apicurio" / "quarkus-run.jar"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$HAGIANG_CACHE`, else `hagiang` in the user's cache folder."""
    chosen = environ.get("HAGIANG_CACHE")
    return Path(chosen) if chosen else Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hagiang"


def cached_jars(environ: Mapping[str, str], pom: Path = POM) -> Jars:
    """Where the programs of `pom` are once they have been fetched."""
    version = hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    return Jars(cache_folder(environ) / f"jars-{version}")


def check_obtainable(environ: Mapping[str, str], pom: Path = POM) -> None:
    """Raise PrerequisiteMissing when the programs are not in the cache and there is no Maven to fetch them."""
    if not cached_jars(environ, pom).folder.is_dir():
        find_maven(environ.get("PATH"))


def ensure_jars(environ: Mapping[str, str], pom: Path = POM) -> Jars:
    """The programs of `pom`, from the cache or from Maven.

    They are fetched beside their place and moved there whole, so that a fetch that is cut off leaves a good cache; of
    two at once the second waits for the first, since Maven's own cache is not made for two.
    Raises PrerequisiteMissing without Maven, JarsNotFetched with the end of its output when it fails.
    """
    jars = cached_jars(environ, pom)
    if not jars.folder.is_dir():
        maven = find_maven(environ.get("PATH"))
        with _one_at_a_time(jars.folder.parent):
            if not jars.folder.is_dir():
                _fetch(maven, pom, jars.folder)
    return jars


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(maven: str, pom: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder.parent) as scratch:
        fetched = Path(scratch) / "jars"
        _run_maven(maven, pom, fetched)
        _unpack(fetched / "apicurio")
        fetched.rename(folder)


def _run_maven(maven: str, pom: Path, target: Path) -> None:
    command = [maven, "-q", "-B", "-f", str(pom), f"-Djars.directory={target}", "package"]
    log.info("Fetching the Java servers with Maven", extra={"action": "fetch_jars"})
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired as slow:
        raise JarsNotFetched(f"Maven did not end within {FETCH_SECONDS} s") from slow
    if done.returncode != 0:
        raise JarsNotFetched("\n".join((done.stdout + done.stderr).splitlines()[:12]))


def _unpack(folder: Path) -> None:
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        archive.unlink()
