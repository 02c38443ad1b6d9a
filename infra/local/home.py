"""Where the embedded stack keeps what: the paths below the state folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.errors import OperatorError

PROJECT = Path(__file__).resolve().parents[2]

# Characters that supervisord's configuration file cannot carry in a value.
UNREADABLE = frozenset("\"';#\n")


class HomeUnusable(OperatorError):
    """The path of the state folder has a character that does not work: choose another folder with HAGIANG_HOME."""


@dataclass(frozen=True)
class Home:
    """The state folder `$HAGIANG_HOME`: what the stack writes hangs below it (for root, PostgreSQL's data does not)."""

    root: Path

    @property
    def ports(self) -> Path:
        """Port of each part, JSON."""
        return self.root / "ports.json"

    @property
    def credentials(self) -> Path:
        """Every password and key, JSON, mode 0600."""
        return self.root / "credentials.json"

    @property
    def pseudonym_keys(self) -> Path:
        """Keys of pseudonyms (producers/pseudonyms.py), JSON, mode 0600."""
        return self.root / "pseudonym-keys.json"

    @property
    def seal_key(self) -> Path:
        """The key that signs seals (consumers/warehouse/sealing/keys.py), PEM, mode 0600."""
        return self.root / "seal-key.pem"

    @property
    def stack_env(self) -> Path:
        """What infra/settings.py reads, mode 0600."""
        return self.root / "stack.env"

    @property
    def logs(self) -> Path:
        """Folder of the parts' logs."""
        return self.root / "logs"

    @property
    def supervisor_conf(self) -> Path:
        """Configuration of supervisord, mode 0600."""
        return self.root / "supervisord.conf"

    @property
    def lock(self) -> Path:
        """Held while the stack is started or stopped."""
        return self.root / "lock"

    def log_of(self, part: str) -> Path:
        """A part's log, standard output and error together."""
        return self.logs / f"{part}.log"

    def folder(self, part: str) -> Path:
        """A part's own folder, made on the first call and readable by nobody else."""
        path = self.root / part
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


def make_home(root: Path) -> Home:
    """The state folder with its logs folder, both closed to other users; raises HomeUnusable for an odd path."""
    home = Home(root)
    if found := sorted(UNREADABLE & set(str(root))):
        raise HomeUnusable(f"{root} holds {' '.join(map(repr, found))}")
    home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.logs.mkdir(mode=0o700, exist_ok=True)
    return home


@contextmanager
def one_at_a_time(home: Home) -> Iterator[None]:
    """A second start or stop of the same state folder waits for the first."""
    with home.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
