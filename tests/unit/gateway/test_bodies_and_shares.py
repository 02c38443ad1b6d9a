from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from producers.gateway.bodies.json_bodies import events_in
from producers.gateway.fairness import Fairness
from producers.gateway.limits import GatewayLimits, LimitInvalid, limits_from
from producers.gateway.mending import MENDS
from producers.gateway.outbox import _deliver
from producers.gateway.problems import TITLES, Problem
from schemas.catalog import load_catalog
from tests.unit.gateway.in_memory import InMemory, post

LIMITS = GatewayLimits(events_per_second=10, burst_events=20, requests_at_once=2, bytes_at_once=100)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def status_of(fairness: Fairness, client: str = "a") -> int:
    try:
        with fairness.admitted(client):
            return 202
    except Problem as refusal:
        problem = refusal
    assert int(problem.headers["Retry-After"]) >= 1
    return problem.status


def test_a_burst_is_let_through_and_then_the_rate_holds() -> None:
    clock = Clock()
    fairness = Fairness(LIMITS, clock)
    assert [status_of(fairness) for _ in range(21)] == [202] * 20 + [429]
    assert status_of(fairness, "b") == 202
    clock.now = 0.25
    assert [status_of(fairness) for _ in range(3)] == [202, 202, 429]


def test_a_large_batch_is_paid_for_afterwards() -> None:
    clock = Clock()
    fairness = Fairness(LIMITS, clock)
    fairness.charge("a", 119)
    assert status_of(fairness) == 429
    clock.now = 9.9
    assert status_of(fairness) == 429
    clock.now = 10.1
    assert status_of(fairness) == 202


def test_open_requests_and_bytes_of_a_client_are_bounded_and_given_back() -> None:
    fairness = Fairness(LIMITS, Clock())
    with fairness.admitted("a"), fairness.admitted("a"):
        assert status_of(fairness) == 429
        assert status_of(fairness, "b") == 202
    with fairness.holding("a") as hold:
        hold(60)
        with pytest.raises(Problem, match="100 bytes"):
            hold(41)
    with fairness.holding("a") as hold:
        hold(100)


@pytest.mark.parametrize("value", ["0", "-1", "many", "nan", "inf"])
def test_a_limit_must_be_a_number_above_zero(value: str) -> None:
    with pytest.raises(LimitInvalid, match="GATEWAY_EVENTS_PER_SECOND"):
        limits_from({"GATEWAY_EVENTS_PER_SECOND": value})
    assert limits_from({"GATEWAY_BODY_BYTES": "7"}).body_bytes == 7


def test_a_decimal_of_many_digits_is_not_rounded_on_the_way() -> None:
    contract = next(each for each in load_catalog().values() if any(field.kind == "decimal" for field in each.fields))
    (event,) = events_in(b'{"amount": 1234567890123456.78}', contract, 10)
    assert event["amount"] == Decimal("1234567890123456.78")


def test_one_slow_request_does_not_hold_back_the_outcomes_of_others() -> None:
    class Future:
        def __init__(self, *, given_up: bool) -> None:
            self.given_up, self.results = given_up, []  # type: ignore[var-annotated]

        def done(self) -> bool:
            return self.given_up

        def set_result(self, result: Any) -> None:
            self.results.append(result)

    gone, waiting = Future(given_up=True), Future(given_up=False)
    _deliver([(2, gone), (1, waiting)], ["a", "b", "c"])  # type: ignore[list-item]
    assert (gone.results, waiting.results) == ([], [["c"]])


def test_every_kind_of_refusal_says_how_it_is_mended() -> None:
    assert MENDS.keys() == TITLES.keys()
    assert all(mend.en and mend.vi and mend.status for mend in MENDS.values())


def test_an_error_tells_neither_the_value_nor_the_number_of_a_person() -> None:
    body = b'{"seller_pseudonym": "002199000123", "002199000123": 1}'
    status, _, answer = post(InMemory(), "/events/marketplace.seller_onboarded", body)
    assert status == 422
    (error,) = [each for each in json.loads(answer)["errors"] if each["field"] == "seller_pseudonym"]
    assert (error["value"], "002199" in error["message"]) == ("***", False)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/events/", "events are posted to /events/<domain>.<event>"),
        ("/events", "events are posted to /events/<domain>.<event>"),
        (
            "/events/government.dossier_status_changed/",
            "government.dossier_status_changed without the slash",
        ),
        ("/events/government/dossier_status_changed", "did you mean /events/government.dossier_status_changed?"),
        ("/dossier-sync/", "use /dossier-sync without the slash at its end."),
        ("/dosier-sync", "did you mean /dossier-sync?"),
        ("/webhooks/tiki", "the webhooks are /webhooks/lazada, /webhooks/sendo, /webhooks/shopee"),
        ("/webhooks/shopee/", "use /webhooks/shopee without the slash at its end."),
        ("/nowhere/" + "x" * 9000, "see /docs"),
        ("/\ud800", "see /docs"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_with_the_right_one(path: str, said: str) -> None:
    status, _, answer = post(InMemory(), path, b"{}")
    problem = json.loads(answer)
    assert (status, problem["type"]) == (404, "/docs/problems#not-found")
    assert said in problem["detail"]
    assert problem["detail_vi"].startswith("Không có gì ở /")
    assert len(answer) < 1000
