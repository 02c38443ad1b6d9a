"""Steps run after what they need, side by side where they can, and stop at the first failure."""

from __future__ import annotations

import threading

import pytest

from infra.local.steps import Step, run_steps, with_needs


def run(*steps: Step) -> list[str]:
    return [ended.name for ended in run_steps(steps, lambda _name: None, lambda _ended: None)]


def nothing() -> None:
    return None


def test_a_step_runs_after_what_it_needs() -> None:
    assert run(Step("c", nothing, ("b",)), Step("b", nothing, ("a",)), Step("a", nothing)) == ["a", "b", "c"]


def test_steps_that_do_not_need_each_other_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=5)
    assert sorted(run(Step("a", meeting.wait), Step("b", meeting.wait))) == ["a", "b"]


def test_a_failure_is_raised_and_nothing_more_is_started() -> None:
    started: list[str] = []

    def fail() -> None:
        raise OSError("no disk")

    steps = [Step("a", fail), Step("b", lambda: started.append("b"), ("a",))]
    with pytest.raises(OSError, match="no disk"):
        run(*steps)
    assert started == []


def test_callbacks_tell_what_began_and_what_ended() -> None:
    told: list[str] = []
    run_steps(
        [Step("a", nothing), Step("b", nothing, ("a",))],
        lambda name: told.append(f"begin {name}"),
        lambda ended: told.append(f"end {ended.name}"),
    )
    assert told == ["begin a", "end a", "begin b", "end b"]


def test_needs_are_followed_to_their_end() -> None:
    needs: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("b",), "d": ()}
    assert with_needs(["c"], needs) == {"a", "b", "c"}
