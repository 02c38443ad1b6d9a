"""A database that neither answers nor fails: nobody waits for it longer than said."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

import pytest

from infra.access import refusals as written
from infra.access.connect import AccessUnavailable
from infra.access.refusals import Refusal, RefusalLog
from infra.access.rights import Snapshot
from infra.access.view import AccessView
from tests.waiting import wait_until


class Hanging:
    """Answers once, then only after `answer` is set."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        self.reads = 0

    def read(self, _known: Snapshot | None) -> Snapshot:
        self.reads += 1
        if self.reads > 1:
            self.answer.wait(30)
        return Snapshot(self.reads, self.reads, {}, {}, {})


def test_the_last_known_rights_hold_while_the_database_hangs_and_its_late_answer_counts() -> None:
    database = Hanging()
    view = AccessView(database.read, lambda: None, patience_s=0.05)
    first = view.snapshot()
    assert view.snapshot_at(10) is first
    assert view.snapshot_at(10) is first
    with pytest.raises(AccessUnavailable, match="no answer"):
        view.refresh()
    assert database.reads == 2
    database.answer.set()
    wait_until(lambda: view.snapshot().revision == 2)


def test_a_log_of_refusals_ends_though_the_database_hangs_and_tells_what_is_not_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hanging, answer = threading.Event(), threading.Event()

    def write(_taken: Mapping[Refusal, int]) -> None:
        hanging.set()
        answer.wait(30)

    monkeypatch.setattr(written, "CLOSE_S", 0.05)
    log = RefusalLog(write, interval_s=0.01)
    log.refused("somebody", "visit", "event_not_granted", times=3)
    assert hanging.wait(5)
    log.refused("somebody", "visit", "event_not_granted")
    with caplog.at_level(logging.ERROR):
        log.close()
    answer.set()
    assert [record.refusals for record in caplog.records if record.action == "audit_lost"] == [4]  # type: ignore[attr-defined]
