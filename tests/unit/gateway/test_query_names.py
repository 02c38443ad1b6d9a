"""A misspelt name in an address's query is told, never passed over: it would change what the client meant."""

from __future__ import annotations

import json

import pytest

from producers.gateway.problems import Problem
from producers.gateway.query_names import query_of
from tests.unit.gateway.in_memory import InMemory, post

EVENTS = "/events/government.dossier_status_changed"


def refused(query: bytes) -> Problem:
    with pytest.raises(Problem) as raised:
        query_of(query, ("commune", "wait"))
    assert (raised.value.status, raised.value.kind) == (400, "query")
    return raised.value


def test_known_names_are_given_with_their_values() -> None:
    assert query_of(b"", ("wait",)) == {}
    assert query_of(b"commune=00688&wait=", ("commune", "wait")) == {"commune": "00688", "wait": ""}


def test_an_unknown_name_is_told_with_the_known_and_the_nearest() -> None:
    problem = refused(b"comune=00688&Wait=true&n%C3%A0y=1")
    assert (
        "'comune' is no parameter of this address, which takes commune, wait (did you mean commune?)" in problem.detail
    )
    assert "(có phải là wait?)" in problem.detail_vi
    assert [error["field"] for error in problem.errors] == ["comune", "Wait", "này"]


def test_a_name_that_is_there_twice_is_refused() -> None:
    assert "wait is in the address more than once" in refused(b"wait=1&wait=0").detail


@pytest.mark.parametrize("query", [b"%ED%A0%80=1", b"\xff%ff", b"a" * 9000])
def test_an_odd_name_is_refused_too(query: bytes) -> None:
    assert len(refused(query).body()) < 1200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (EVENTS, "wiat=true"),
        (EVENTS, "synthetic=true"),
        ("/dossier-sync", "comune=00688"),
        ("/edxml", "source=H22.05"),
        ("/partners/fpt/programme", "sinthetic=true"),
    ],
)
def test_every_path_refuses_names_that_mean_nothing_there(path: str, query: str) -> None:
    gateway = InMemory()
    status, _, body = post(gateway, f"{path}?{query}", b"{}")
    assert (status, json.loads(body)["type"]) == (400, "/docs/problems#query")
    assert gateway.records == []
