"""Events of one request on their way to records: filled in, pseudonymised, held to the contract and to the grants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from producers.encoder import EventEncoder
from producers.gateway.callers import Caller, only_source
from producers.gateway.idempotency import event_id_for
from producers.gateway.personal import Pseudonymiser
from producers.records import Headers, Record
from schemas.codec import EventInvalid
from schemas.contract import Contract
from schemas.rules import Violation, show

INVALID = 422
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that is not taken, and why."""

    status: int
    violations: Sequence[Violation]


class SourceNotGranted(EventInvalid):
    """The client may not write events of that source: use a source of your own, or ask the operator for the grant."""


Judge = Callable[[Mapping[str, Any]], Sequence[Violation]]


def no_rules(_event: Mapping[str, Any]) -> Sequence[Violation]:
    """For events that are held to their contract alone."""
    return ()


@dataclass(frozen=True)
class ItemMaker:
    """Makes records of one contract's events."""

    contract: Contract
    encoder: EventEncoder
    pseudonymiser: Pseudonymiser

    def record(
        self,
        event: Any,
        caller: Caller,
        seed: str | None,
        number: int,
        headers: Headers,
        judge: Judge = no_rules,
    ) -> Record | Refused:
        """The record of an event, `number` counts it within its request; or why there is none.

        `judge` is asked for the rules that a whole event breaks.
        """
        try:
            completed = self._completed(event, caller, seed, number)
            record = self.encoder.encode(self.contract.event, completed, headers)
            broken = judge(completed)
            return Refused(INVALID, broken) if broken else record
        except SourceNotGranted as error:
            return Refused(FORBIDDEN, error.violations)
        except EventInvalid as error:
            return Refused(INVALID, error.violations)

    def _completed(self, event: Any, caller: Caller, seed: str | None, number: int) -> Any:
        if not isinstance(event, dict):
            raise EventInvalid(self._not_an_object(event))
        source = event.get("source")
        if source is None and (only := only_source(caller)) is not None:
            event = {**event, "source": only}
        elif isinstance(source, str) and not caller.may_speak_for(source):
            raise SourceNotGranted([_foreign(source, caller)])
        if seed is not None and event.get("event_id") is None:
            event = {**event, "event_id": event_id_for(seed, number)}
        return self.pseudonymiser.hide(event)

    def _not_an_object(self, event: Any) -> list[Violation]:
        return self.encoder.codec_of(self.contract.event).check(event)


def _foreign(source: str, caller: Caller) -> Violation:
    granted = ", ".join(caller.sources)
    return Violation(
        field="source",
        rule="source_not_granted",
        value=show(source),
        message=f"source {show(source)} is not yours; you may write for {granted or 'no source at all'}",
        message_vi=f"source {show(source)} không thuộc quyền của bạn; được phép: {granted or 'không có nguồn nào'}",
    )
