"""Tasks that wait for people: who may answer, and what an answer must hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from consumers.warehouse.two_persons import ReasonNeeded, SecondPersonNeeded
from dags.people import APPROVE, REJECT, ChooseOperator, SecondPersonOperator, responder


def answer(by: str, option: str, **form: str) -> dict[str, Any]:
    """As Airflow hands it to the task."""
    at = datetime(2021, 6, 21, tzinfo=UTC)
    user = {"id": by, "name": by}
    return {"chosen_options": [option], "params_input": form, "responded_at": at, "responded_by_user": user}


def second_person(*approvers: str) -> SecondPersonOperator:
    return SecondPersonOperator(task_id="approve", subject="?", asked_by="thu", approvers=approvers)


@pytest.mark.parametrize("by", ["thu", "Thu"])
def test_the_one_who_asked_cannot_approve_where_airflow_knows_no_approvers(by: str) -> None:
    with pytest.raises(SecondPersonNeeded):
        second_person().execute_complete({}, answer(by, APPROVE))


def test_he_may_withdraw_and_another_may_approve() -> None:
    for by, option in (("thu", REJECT), ("lan", APPROVE)):
        assert responder(second_person().execute_complete({}, answer(by, option))) == by


def test_an_only_approver_cannot_ask() -> None:
    with pytest.raises(SecondPersonNeeded, match="only approver"):
        second_person("thu").execute({})


def test_whoever_chooses_says_why() -> None:
    choose = ChooseOperator(task_id="choose", subject="?", options=["a cause"])
    with pytest.raises(ReasonNeeded):
        choose.execute_complete({}, answer("thu", "a cause", reason=" "))
