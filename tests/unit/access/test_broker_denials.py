"""What Kafka's authorizer refused is read from the broker's log once, whatever becomes of log and reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.access.broker_denials import Denial, DenialLog

OTHER = "[2026-01-02 03:04:05] WARN Something else\n"


def denied(user: str, topic: str = "fpt.training_session_held", operation: str = "DESCRIBE") -> str:
    found = f"Principal = User:{user} is Denied operation = {operation} from host = 127.0.0.1"
    what = f"on resource = Topic:LITERAL:{topic} for request = Metadata with resourceRefCount = 1"
    return f"2026-01-02 03:04:05 [x] INFO kafka.authorizer.logger - {found} {what} based on rule DefaultDeny\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kafka.log"


@pytest.fixture
def denials(path: Path) -> Iterator[DenialLog]:
    log = DenialLog(path)
    yield log
    log.close()


def add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_each_denial_is_told_once(path: Path, denials: DenialLog) -> None:
    add(path, OTHER + denied("so-a") + denied("so-a") + denied("so-b", "government.document_sent", "WRITE"))
    assert denials.read() == {
        Denial("so-a", "fpt.training_session_held"): 2,
        Denial("so-b", "government.document_sent"): 1,
    }
    assert denials.read() == {}


def test_a_login_that_failed_is_told_too(path: Path, denials: DenialLog) -> None:
    failed = "INFO org.apache.kafka.common.network.Selector - [x] Failed authentication with /127.0.0.1 (channelId=7)"
    why = "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512"
    add(path, f"{failed} ({why})\n")
    assert list(denials.read()) == [Denial("unknown", "kafka", "login_refused")]


def test_a_line_is_read_when_it_is_whole(path: Path, denials: DenialLog) -> None:
    line = denied("so-a")
    add(path, line[:60])
    assert denials.read() == {}
    add(path, line[60:])
    assert denials.read().total() == 1


def test_another_reader_goes_on_where_the_last_one_ended(path: Path) -> None:
    add(path, denied("so-a"))
    first = DenialLog(path)
    assert first.read().total() == 1
    second = DenialLog(path)
    add(path, denied("so-b"))
    assert second.read() == {}, "one process reads at a time"
    first.close()
    assert list(second.read()) == [Denial("so-b", "fpt.training_session_held")]
    second.close()


def test_a_log_that_is_begun_anew_is_read_from_its_start(path: Path, denials: DenialLog) -> None:
    add(path, denied("so-a"))
    denials.read()
    add(path, denied("so-b"))
    path.rename(path.with_suffix(".log.1"))
    add(path, denied("so-c"))
    found = [denial.user for _ in range(2) for denial in denials.read()]
    assert found == ["so-b", "so-c"]


def test_a_log_without_line_ends_does_not_fill_the_memory_or_stop_the_reading(path: Path, denials: DenialLog) -> None:
    add(path, "x" * (3 << 20) + "\n" + denied("so-a"))
    assert sum(denials.read().total() for _ in range(6)) == 1
