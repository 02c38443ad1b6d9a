"""Runs a suite on a staging table: the one module that talks to Great Expectations' engine.

Two passes keep it quick. The first asks every expectation only whether it holds, so that all column rules share one
scan; the second asks those that do not for counts, samples and the query that finds their rows
(infra/decisions/0501-expectations-in-two-passes.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from great_expectations.core import ExpectationSuite
from great_expectations.datasource.fluent.interfaces import Batch

from expectations.batch import Troubles, failure, open_batch
from expectations.derive import CONTRACT
from expectations.missing import REFERENCE

Json = dict[str, Any]
OWN_SQL = "expect_query_to_find_no_rows"
_COLUMNS = ("column", "column_A", "column_B")


@dataclass(frozen=True)
class Target:
    """The table to check: `keys` are the columns that name a row, `hidden` those whose values may not be shown."""

    url: str
    schema: str
    table: str
    keys: tuple[str, ...]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleResult:
    """How a rule fared. `failing_sql` selects the keys of the rows that broke it; None when none did.

    `reference` is the list that did not know their codes, of a rule that is about that alone. `field` is the field, or
    the two or more, that it looks at; None for a rule written by hand as SQL.
    """

    rule: str
    expectation: str
    severity: str
    reason_en: str
    reason_vi: str
    unexpected: int
    failing_sql: str | None
    reference: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Validation:
    """`results` in the order of the suite; `document` is Great Expectations' whole result as JSON."""

    results: tuple[RuleResult, ...]
    document: Json


def run_suite(suite: ExpectationSuite, target: Target, rows: int) -> Validation:
    """Run the suite on the table, which has so many rows; raises CheckFailed, CheckInterrupted."""
    with open_batch(target) as (batch, troubles):
        quick = _validate(batch, suite, {"result_format": "BOOLEAN_ONLY"}, troubles)
        document: Json = quick.to_json_dict()
        broken = {_rule_of(result) for result in document["results"] if not result["success"]}
        detailed = _detail(batch, suite, broken, target, troubles)
    document["results"] = [
        detailed.get(_rule_of(result)) or {**result, "result": _clean(rows)} for result in document["results"]
    ]
    by_rule = {_rule_of(result): result for result in document["results"]}
    in_order = [by_rule[expectation.meta["rule"]] for expectation in suite.expectations]
    return Validation(tuple(_rule_result(result, target) for result in in_order), document)


def _detail(
    batch: Batch, suite: ExpectationSuite, broken: set[str], target: Target, troubles: Troubles
) -> dict[str, Json]:
    """Counts, samples and queries of the rules that do not hold, by rule."""
    if not broken:
        return {}
    result_format = {
        "result_format": "SUMMARY",
        "unexpected_index_column_names": list(target.keys),
        "return_unexpected_index_query": True,
    }
    expectations = [each for each in suite.expectations if each.meta["rule"] in broken]
    found = _validate(batch, ExpectationSuite(name=suite.name, expectations=expectations), result_format, troubles)
    results = (_without_hidden(result, target.hidden) for result in found.to_json_dict()["results"])
    return {_rule_of(result): result for result in results}


def _validate(batch: Batch, suite: ExpectationSuite, result_format: Json, troubles: Troubles) -> Any:
    found = batch.validate(suite, result_format=result_format)
    for result in found.results:
        message = _exception_message(result.exception_info)
        if message is not None:
            raise failure(f"{result.expectation_config.meta['rule']}: {message}", troubles)
    return found


def _exception_message(info: Json) -> str | None:
    """What an expectation raised: its info is one dict, or one for each metric that failed."""
    each = [info] if "raised_exception" in info else list(info.values())
    raised = [str(one["exception_message"]) for one in each if one.get("raised_exception")]
    return raised[0] if raised else None


def _rule_of(result: Json) -> str:
    return str(result["expectation_config"]["meta"]["rule"])


def _clean(rows: int) -> Json:
    """What the first pass did not spell out for an expectation that holds."""
    return {"element_count": rows, "unexpected_count": 0, "unexpected_percent": 0.0}


def _without_hidden(result: Json, hidden: frozenset[str]) -> Json:
    """The result without sample values when one of its columns holds personal data."""
    kwargs = result["expectation_config"]["kwargs"]
    if hidden.isdisjoint(str(kwargs.get(name)) for name in _COLUMNS):
        return result
    samples = ("partial_unexpected_list", "partial_unexpected_counts", "partial_unexpected_index_list")
    return {**result, "result": {name: value for name, value in result["result"].items() if name not in samples}}


def _rule_result(result: Json, target: Target) -> RuleResult:
    config, found = result["expectation_config"], result["result"]
    own = config["type"] == OWN_SQL
    broken = not result["success"]
    return RuleResult(
        rule=config["meta"]["rule"],
        expectation=config["type"],
        severity=config["severity"],
        reason_en=config["meta"]["reason_en"],
        reason_vi=config["meta"]["reason_vi"],
        unexpected=int(found["observed_value" if own else "unexpected_count"]) if broken else 0,
        failing_sql=(_own_sql(config, target) if own else found["unexpected_index_query"]) if broken else None,
        reference=config["meta"].get(REFERENCE),
        field=_field_of(config),
    )


def _field_of(config: Json) -> str | None:
    """The columns an expectation names, or the path with which the reason of a derived one begins (derive.py)."""
    kwargs, meta = config["kwargs"], config["meta"]
    columns = kwargs.get("column_list") or [kwargs[name] for name in _COLUMNS if kwargs.get(name)]
    if columns:
        return ", ".join(columns)
    return str(meta["reason_en"]).split(" ", 1)[0] if meta.get("origin") == CONTRACT else None


def _own_sql(config: Json, target: Target) -> str:
    """An expectation's own statement over the table, as Great Expectations has run it."""
    batch = f"{target.schema}.{target.table} AS subselect"
    return str(config["kwargs"]["unexpected_rows_query"].format(batch=batch)).replace("\\:", ":")
