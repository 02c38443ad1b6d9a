"""The warehouse's rules that a record can be held to by itself, before it is sent (decision 0611).

A suite (`expectations/<event>.json`) writes a rule between a record's columns once, as a condition in SQL. Here the
same condition is worked out in Python, so that a sender hears what would otherwise be found in the quarantine. Rules
that need a list of references, the records of a list, or SQL that is not understood are left to the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.column_values import DoesNotFit, column_reader
from schemas.conditions.grammar import columns_of, term_of
from schemas.conditions.terms import Record, certain, remembered
from schemas.conditions.tokens import NotUnderstood
from schemas.contract import Contract, Field, Json
from schemas.fitting import Reason
from schemas.rules import Violation, violation

CONDITION, CRITICAL = "expect_column_values_to_avoid_condition", "critical"
ARRIVAL = "kafka_timestamp"
"""What a condition calls the time at which Kafka has the record: before it is sent, now."""
_FEW = 100
NOT_WORKED_OUT = (ArithmeticError, ValueError, TypeError, AttributeError)
"""Of values at the edge of what Python holds, or of kinds that PostgreSQL converts: the warehouse will tell."""
KEPT_FOR_MENDING = frozenset({"group_known"})
"""Rules that keep a record in the quarantine on purpose, until its word is mapped: its sender can do nothing."""


@dataclass(frozen=True)
class RecordRule:
    """What is `broken_by` a record, by its `columns`; one whose `field` is null keeps the rule."""

    name: str
    field: Field
    broken_by: Callable[[Record], bool]
    columns: frozenset[str]
    reason: Reason


class RecordRules:
    """A contract's rules; safe to share between threads."""

    def __init__(self, contract: Contract, rules: Iterable[RecordRule]) -> None:
        self.rules = tuple(rules)
        asked = {name for rule in self.rules for name in (*rule.columns, rule.field.name)}
        defaults = {each["name"]: each.get("default") for each in contract.schema["fields"]}
        self._columns = [
            (each.name, column_reader(each), defaults[each.name]) for each in contract.fields if each.name in asked
        ]
        self._asked = [(rule.field.name, rule.broken_by, rule) for rule in self.rules]

    def check(self, event: Mapping[str, Any], now: datetime) -> list[Violation]:
        """The rules that the event breaks, if it were sent now; what its contract says of it is not asked here.

        An event whose values do not fit their types breaks none of them.
        """
        if not self.rules:
            return []
        try:
            record = {
                name: None if (value := event.get(name, default)) is None else read(value)
                for name, read, default in self._columns
            }
        except DoesNotFit:
            return []
        record[ARRIVAL] = now
        return [_told(rule, event) for rule in self._broken(record)]

    def _broken(self, record: Mapping[str, Any]) -> list[RecordRule]:
        try:
            return [rule for name, broken_by, rule in self._asked if record[name] is not None and broken_by(record)]
        except NOT_WORKED_OUT:
            return [rule for rule in self.rules if _breaks(rule, record)]


def record_rules(contract: Contract, expectations: Iterable[Json]) -> RecordRules:
    """The critical rules of a suite's expectations that can be worked out from a record alone."""
    columns = [*(field.name for field in contract.fields), ARRIVAL]
    found = []
    for each in expectations:
        name = each["meta"]["rule"]
        if each["type"] != CONDITION or each["severity"] != CRITICAL or name in KEPT_FOR_MENDING:
            continue
        try:
            condition = each["kwargs"]["condition"]
            term, asked = term_of(condition, columns), frozenset(columns_of(condition, columns))
        except NotUnderstood:
            continue
        broken_by = certain(term)
        fields = [contract.field(column) for column in sorted(asked) if column != ARRIVAL]
        if len(fields) == len(asked) and all(_has_few_values(field) for field in fields):
            broken_by = remembered(broken_by, [field.name for field in fields])
        reason = Reason(each["meta"]["reason_en"], each["meta"]["reason_vi"])
        found.append(RecordRule(name, contract.field(each["kwargs"]["column"]), broken_by, asked, reason))
    return RecordRules(contract, found)


def _has_few_values(field: Field) -> bool:
    rules = field.rules
    bounded = rules.min is not None and rules.max is not None and rules.max - rules.min <= _FEW
    return bool(field.symbols) or field.kind == "boolean" or (field.kind in ("int", "long") and bounded)


def _breaks(rule: RecordRule, record: Mapping[str, Any]) -> bool:
    try:
        return record[rule.field.name] is not None and rule.broken_by(record)
    except NOT_WORKED_OUT:
        return False


def _told(rule: RecordRule, event: Mapping[str, Any]) -> Violation:
    """In the words that the quarantine has for it, with the value that stands in the rule's field."""
    found = violation(rule.field, rule.field.name, rule.name, event.get(rule.field.name), rule.reason)
    at = f"{rule.field.name} is {found.value}"
    return Violation(
        found.field,
        found.rule,
        found.value,
        f"{rule.reason.en} ({at})",
        f"{rule.reason.vi} ({rule.field.name} là {found.value})",
    )
