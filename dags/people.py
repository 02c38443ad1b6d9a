"""Tasks that wait for a person: to choose among what an earlier task has found, or to decide as the second one.

Airflow shows them under *Required Actions* and keeps who answered. They hold no worker while they wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from typing_extensions import override

from consumers.warehouse.two_persons import SecondPersonNeeded, require_reason, require_second

APPROVE, REJECT = "Approve", "Reject"
PATIENCE = timedelta(days=1)


class ChooseOperator(HITLOperator):  # type: ignore[misc]
    """`options` may be what an earlier task returned; the form has a field `reason`, which must be filled in.

    Airflow cannot demand that: its forms need a valid value to begin with. The task fails without one; clear it.
    """

    template_fields = (*HITLOperator.template_fields, "options")

    @override
    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Raises ReasonNeeded."""
        answered = super().execute_complete(context, event)
        require_reason(responder(answered), str(answered["params_input"].get("reason") or ""))
        return answered


class SecondPersonOperator(HITLOperator):  # type: ignore[misc]
    """Approve or reject; `asked_by` may not answer.

    Airflow refuses him, and whoever is not among `approvers`, at once (403). Without approvers, as where accounts are
    kept elsewhere, everybody who may run the DAG is asked, and the task fails with SecondPersonNeeded when it was him:
    clear it to ask again.
    """

    template_fields = (*HITLOperator.template_fields, "asked_by")

    def __init__(self, *, asked_by: str, approvers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(options=[APPROVE, REJECT], **kwargs)
        self.asked_by = asked_by
        self.approvers = tuple(approvers)

    @override
    def execute(self, context: Any) -> Any:
        """Ask everybody but him."""
        others = [name for name in self.approvers if name.lower() != self.asked_by.lower()]
        if self.approvers and not others:
            raise SecondPersonNeeded(f"{self.asked_by} is the only approver")
        self.assigned_users = [{"id": name, "name": name} for name in others]
        return super().execute(context)

    @override
    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """See to it that it was not him after all."""
        answered = super().execute_complete(context, event)
        if APPROVE in answered["chosen_options"]:
            require_second(responder(answered), self.asked_by)
        return answered


def responder(answered: dict[str, Any]) -> str:
    """Who answered: the name he logs in with."""
    return str((answered["responded_by_user"] or {})["name"])
