"""A contract's types and rules as Great Expectations in their native JSON: the part of a suite nobody writes by hand.

| of the contract | expectation | rule |
|---|---|---|
| field that is never null | not_be_null | `<field>_required` |
| min, max | be_between | `<field>_min`, `<field>_max` |
| pattern | match_regex | `<field>_pattern` |
| max_length | value_lengths_to_be_between | `<field>_max_length` |
| enum | be_in_set | `<field>_enum` |
| ref | own SQL against the dimension, valid on the day of the event | `<field>_ref` |
| all of these for a field of a list | own SQL, one for the field | `<list>_<field>`, `<list>_<field>_ref` |
| envelope | avoid_condition: not a day ahead of Kafka's clock | `occurred_at_not_future` |

Every one of them is critical. An expectation passes over nulls, save for `required`. Those of `ref` name the list in
`reference` of their meta (missing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from expectations.conditions import known_sql, list_condition, whole
from expectations.missing import REFERENCE, missing
from expectations.sql_files import sql_of
from schemas.contract import ChildList, Contract, Field
from schemas.fitting import Reason
from schemas.rules import checks_of

Json = dict[str, Any]
CONTRACT, HAND = "contract", "hand"
CRITICAL, WARNING = "critical", "warning"

REQUIRED = Reason("must have a value", "phải có giá trị")
NOT_FUTURE = Reason(
    "must not lie more than a day after the record reached Kafka", "không được sau thời điểm Kafka nhận quá một ngày"
)


def derived_suite(contract: Contract) -> Json:
    """The suite of what the contract says, as JSON; raises UnknownReferenceList."""
    return {"name": contract.event, "expectations": derived_expectations(contract), "meta": {}, "notes": None}


def derived_expectations(contract: Contract) -> list[Json]:
    """What the contract says, field by field; raises UnknownReferenceList."""
    found = [_not_future()]
    for field in contract.fields:
        found += _of_field(field)
    for child in contract.children:
        for field in child.fields:
            found += _of_list_field(child, field)
    return found


def _of_field(field: Field) -> Iterator[Json]:
    column = {"column": field.name}
    if not field.nullable:
        yield _expectation(
            "expect_column_values_to_not_be_null", column, f"{field.name}_required", field.name, REQUIRED
        )
    for check in checks_of(field):
        kind, kwargs = _NATIVE[check.rule](field)
        yield _expectation(kind, {**column, **kwargs}, f"{field.name}_{check.rule}", field.name, check.reason)
    if field.symbols:
        kwargs = {**column, "value_set": list(field.symbols)}
        yield _expectation(
            "expect_column_values_to_be_in_set", kwargs, f"{field.name}_enum", field.name, _one_of(field)
        )
    if field.rules.ref:
        sql = sql_of("rows", condition=known_sql(field, "staged"))
        yield _of_reference(sql, f"{field.name}_ref", field.name, field.rules.ref)


_NATIVE: Mapping[str, Callable[[Field], tuple[str, Json]]] = {
    "min": lambda field: ("expect_column_values_to_be_between", {"min_value": field.rules.min}),
    "max": lambda field: ("expect_column_values_to_be_between", {"max_value": field.rules.max}),
    "max_length": lambda field: ("expect_column_value_lengths_to_be_between", {"max_value": field.rules.max_length}),
    "pattern": lambda field: ("expect_column_values_to_match_regex", {"regex": whole(field.rules.pattern or "")}),
}


def _of_list_field(child: ChildList, field: Field) -> Iterator[Json]:
    """One expectation for all of a field's own rules: each one costs two scans."""
    path = f"{child.name}.{field.name}"
    condition = list_condition(field)
    if condition:
        reasons = [check.reason for check in checks_of(field)]
        reasons += [] if field.nullable else [REQUIRED]
        reasons += [_one_of(field)] if field.symbols else []
        reason = Reason(", ".join(each.en for each in reasons), ", ".join(each.vi for each in reasons))
        sql = sql_of("rows_by_list", list=child.name, condition=condition)
        yield _own_sql(sql, f"{child.name}_{field.name}", path, reason)
    if field.rules.ref:
        sql = sql_of("rows_by_list_and_time", list=child.name, condition=known_sql(field, "line"))
        yield _of_reference(sql, f"{child.name}_{field.name}_ref", path, field.rules.ref)


def _not_future() -> Json:
    kwargs = {"column": "occurred_at", "condition": sql_of("occurred_in_future")}
    return _expectation(
        "expect_column_values_to_avoid_condition", kwargs, "occurred_at_not_future", "occurred_at", NOT_FUTURE
    )


def _one_of(field: Field) -> Reason:
    symbols = ", ".join(field.symbols)
    return Reason(f"must be one of {symbols}", f"phải là một trong {symbols}")


def _of_reference(sql: str, rule: str, path: str, reference: str) -> Json:
    expectation = _own_sql(sql, rule, path, missing(reference))
    return {**expectation, "meta": {**expectation["meta"], REFERENCE: reference}}


def _own_sql(sql: str, rule: str, path: str, reason: Reason) -> Json:
    return _expectation("expect_query_to_find_no_rows", {"unexpected_rows_query": sql}, rule, path, reason)


def _expectation(kind: str, kwargs: Json, rule: str, path: str, reason: Reason) -> Json:
    meta = {
        "origin": CONTRACT,
        "rule": rule,
        "reason_en": f"{path} {reason.en}",
        "reason_vi": f"{path} {reason.vi}",
    }
    return {"type": kind, "kwargs": kwargs, "severity": CRITICAL, "meta": meta}
