"""From a body in another system's format to records, held to the client's rights and to the contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from producers.gateway.callers import Caller
from producers.gateway.intakes import Intakes
from producers.gateway.items import FORBIDDEN, INVALID, Refused
from producers.gateway.problems import Problem, unreadable
from producers.gateway.query_flags import flag
from producers.gateway.surroundings import Surroundings
from producers.json_documents import DocumentInvalid
from producers.records import Record
from producers.translated import Translated, Untranslated, all_faults, located
from schemas.codec import EventInvalid
from schemas.rules import Violation
from schemas.signature import ON_BEHALF_HEADER


@dataclass(frozen=True)
class Posted:
    """A body and what its request says about it: `source` as asked for, else the client's only one, else None."""

    body: bytes
    query: Mapping[str, str]
    source: str | None

    @property
    def synthetic(self) -> bool:
        """Whether the request marks its events as made up; raises Problem 400 for a word that does not say."""
        return flag(self.query, "synthetic")


Adapt = Callable[[Posted], Sequence[Translated | EventInvalid]]
"""The events of a body, an error in the place of each that is none; raises EventInvalid for a body of no use."""


class AdaptedRecords:
    """Makes the records of one adapter's bodies; safe to share between threads."""

    def __init__(self, given: Surroundings, intakes: Intakes, adapt: Adapt) -> None:
        self._given, self._intakes, self._adapt = given, intakes, adapt

    def records(self, caller: Caller, posted: Posted) -> list[Record | Refused]:
        """A record or a refusal for each event of the body; raises Problem 400, 413."""
        try:
            found = self._adapt(posted)
        except DocumentInvalid as error:
            raise unreadable(error.violations) from error
        except EventInvalid as error:
            found = [error]
        if len(found) > self._given.limits.batch_events:
            most = self._given.limits.batch_events
            raise Problem(
                413,
                "too-large",
                f"Send at most {most} items in one request, these are {len(found)}.",
                detail_vi=f"Mỗi yêu cầu chỉ gửi tối đa {most} mục, ở đây có {len(found)}.",
            )
        if not found:
            detail_vi = "Gửi ít nhất một mục; danh sách đang rỗng."
            raise Problem(400, "unreadable", "Send at least one item; the list is empty.", detail_vi=detail_vi)
        return [self._record(each, caller, number) for number, each in enumerate(found)]

    def _record(self, item: Translated | EventInvalid, caller: Caller, number: int) -> Record | Refused:
        if isinstance(item, EventInvalid):
            return Refused(INVALID, self._faults(item))
        contract = self._given.catalog[item.event_name]
        if not caller.may_write(item.event_name):
            self._given.refusals.refused(caller.name, contract.topic, "event_not_granted")
            return Refused(FORBIDDEN, [_not_granted(item.event_name)])
        behalf = ((ON_BEHALF_HEADER, caller.name.encode()),)
        made = self._intakes.named(contract.topic).maker.record(dict(item.event), caller, None, number, behalf)
        if isinstance(made, Record):
            return made
        if made.status == FORBIDDEN:
            self._given.refusals.refused(caller.name, contract.topic, "source_not_granted")
        return Refused(made.status, located(EventInvalid(list(made.violations)), item.places).violations)

    def _faults(self, error: EventInvalid) -> Sequence[Violation]:
        if not isinstance(error, Untranslated) or error.partial is None:
            return error.violations
        maker = self._intakes.named(self._given.catalog[error.partial.event_name].topic).maker
        return all_faults(error, maker.encoder.codec_of(error.partial.event_name).check)


def _not_granted(event: str) -> Violation:
    return Violation(
        "event",
        "event_not_granted",
        event,
        f"event {event} is not granted to you",
        f"bạn chưa được cấp quyền gửi {event}",
    )
