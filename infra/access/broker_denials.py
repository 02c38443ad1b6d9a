"""Whom Kafka refused, read from the broker's log: the broker tells nobody else.

A line of the logger `kafka.authorizer.logger` says `Principal = User:so-y-te is Denied operation = DESCRIBE from
host = 10.0.0.7 on resource = Topic:LITERAL:fpt.training_session_held for request = Metadata ...`.
One of `org.apache.kafka.common.network.Selector` tells of a login with a wrong password or of a user that is gone, but
not of which user.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from infra.access.refusals import UNKNOWN

log = logging.getLogger(__name__)

DENIED, LOGIN_REFUSED = "denied_by_kafka", "login_refused"
_EVERY_S = 0.5
_AT_ONCE = 1 << 20
_LINE = re.compile(rb"Principal = User:(\S+) is Denied operation = (\w+) .*? on resource = (\w+):\w+:(\S+) for request")

_LOGIN = re.compile(rb"Failed authentication with \S+ .*due to invalid credentials with SASL mechanism")

OnDenied = Callable[[str, str, str, int], None]
"""Hears actor, resource, reason and how often."""


class Denial(NamedTuple):
    """A user of Kafka and the resource, most often a topic, that it may not use; or a login that failed."""

    user: str
    resource: str
    reason: str = DENIED


def denials_in(lines: Iterable[bytes]) -> Counter[Denial]:
    """How often each was refused."""
    return Counter(denial for line in lines if (denial := _denial_in(line)))


def _denial_in(line: bytes) -> Denial | None:
    if found := _LINE.search(line):
        return Denial(found[1].decode(errors="replace"), found[4].decode(errors="replace"))
    return Denial(UNKNOWN, "kafka", LOGIN_REFUSED) if _LOGIN.search(line) else None


class DenialLog:
    """Reads on in a log from where it was read last, also after a restart, and when the log is begun anew.

    The place is kept beside the log in `<log>.audited`, which one process holds at a time: others read nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark: TextIO | None = None
        self._file: BinaryIO | None = None

    def read(self) -> Counter[Denial]:
        """What has been added since the last call; raises OSError."""
        if self._mark is None and not self._take_mark():
            return Counter()
        if self._file is None:
            self._file = self._open()
        lines = list(self._whole_lines(self._file))
        if not lines and self._is_another(self._file):
            self._file.close()
            self._file = self._path.open("rb")
            lines = list(self._whole_lines(self._file))
        if lines:
            self._remember(self._file)
        return denials_in(lines)

    def close(self) -> None:
        """Close the log and leave it to others."""
        for each in (self._file, self._mark):
            if each is not None:
                each.close()

    def _take_mark(self) -> bool:
        mark = self._path.with_name(f"{self._path.name}.audited").open("a+", encoding="ascii")
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark.close()
            return False
        self._mark = mark
        return True

    def _open(self) -> BinaryIO:
        file = self._path.open("rb")
        known = self._known()
        found = os.fstat(file.fileno())
        if len(known) == 2 and int(known[0]) == found.st_ino and int(known[1]) <= found.st_size:
            file.seek(int(known[1]))
        return file

    def _whole_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """The lines that are there to their end, a bounded part at a time."""
        start = file.tell()
        part = file.read(_AT_ONCE)
        whole = part.rfind(b"\n") + 1
        # A line longer than all that is read at once is none of ours.
        file.seek(start + (whole if whole or len(part) < _AT_ONCE else len(part)))
        yield from part[:whole].splitlines()

    def _is_another(self, file: BinaryIO) -> bool:
        """Whether the path leads to another file now, or to the same one cut short."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return found.st_ino != os.fstat(file.fileno()).st_ino or found.st_size < file.tell()

    def _known(self) -> list[str]:
        """Which file was read last, and up to where."""
        if self._mark is None:
            return []
        self._mark.seek(0)
        return self._mark.read().split()

    def _remember(self, file: BinaryIO) -> None:
        if self._mark is not None:
            self._mark.truncate(0)
            self._mark.write(f"{os.fstat(file.fileno()).st_ino} {file.tell()}\n")
            self._mark.flush()


@contextmanager
def following_denials(path: Path | None, on_denied: OnDenied) -> Iterator[None]:
    """A thread reads the log beside the block and tells of every refusal; nothing without a path."""
    if path is None:
        yield
        return
    stop = threading.Event()
    denials = DenialLog(path)
    thread = threading.Thread(target=_follow, args=(denials, on_denied, stop), name="broker-denials", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        denials.close()


def _follow(denials: DenialLog, on_denied: OnDenied, stop: threading.Event) -> None:
    readable = True
    while True:
        last = stop.wait(_EVERY_S)
        try:
            for denial, times in denials.read().items():
                on_denied(denial.user, denial.resource, denial.reason, times)
            readable = True
        except OSError as error:
            if readable:
                log.warning("The broker's log cannot be read: %s", error, extra={"action": "broker_log_unreadable"})
            readable = False
        if last:
            return
