"""Which staged rows broke which rule, found by running each expectation's own query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Subquery,
    Text,
    column,
    delete,
    distinct,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import ProgrammingError

from consumers.warehouse.faults import CRITICAL, RULE
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.staging import StagingTables
from expectations.batch import CheckFailed
from expectations.run import RuleResult
from infra.errors import OperatorError

REJECTED = "rejected"


class VerdictMismatch(OperatorError):
    """Great Expectations counted other rows than its own query finds, so it is not known which rows are bad.

    Nothing was written. The expectation uses a feature that its query leaves out, such as `row_condition`: write the
    rule in another way (infra/decisions/0503-verdicts-by-query.md).
    """


def forget_verdicts(connection: Connection, staging: StagingTables) -> None:
    """Remove what an earlier attempt found; what stage found stays."""
    connection.execute(delete(staging.verdict).where(staging.verdict.c.rule != RULE))


def record_verdicts(connection: Connection, staging: StagingTables, result: RuleResult) -> None:
    """An entry for each row that broke the rule.

    Raises VerdictMismatch unless they are as many as were counted, CheckFailed when the rule's query cannot be run.
    """
    if result.failing_sql is None:
        return
    failing = _subquery(result.failing_sql)
    columns = ("rule", "severity", "reason_en", "reason_vi", "reference", "field")
    said = (literal(getattr(result, name), Text()) for name in columns)
    entries = select(*(failing.c[name] for name in POSITION), *said)
    statement = (
        insert(staging.verdict).from_select([*POSITION, *columns], entries).execution_options(preserve_rowcount=True)
    )
    try:
        found = connection.execute(statement).rowcount
    except ProgrammingError as error:
        raise CheckFailed(f"{result.rule}: the query of its failing rows: {error.orig}") from error
    if found != result.unexpected:
        raise VerdictMismatch(f"{staging.rows.name}, {result.rule}: counted {result.unexpected}, found {found}")


def _subquery(sql: str) -> Subquery:
    """The expectation's own statement; colons in it are no parameters."""
    statement = text(sql.strip().rstrip(";").replace(":", "\\:"))
    return statement.columns(*(column(name) for name in POSITION)).subquery("failing")


def failed_records(connection: Connection, staging: StagingTables) -> int:
    """Rows with a critical verdict, each counted once, and rejects."""
    rows = (
        select(*(staging.verdict.c[name] for name in POSITION)).where(staging.verdict.c.severity == CRITICAL).distinct()
    )
    return count_rows(connection, rows.subquery()) + count_rows(connection, staging.rejects)


def failed_by_rule(connection: Connection, staging: StagingTables) -> Mapping[str, int]:
    """Failed records by critical rule, and the rejects as one; a row that broke two rules counts in both."""
    verdict = staging.verdict.c
    of_rules = (
        select(verdict.rule, func.count(distinct(func.row(*(verdict[name] for name in POSITION)))))
        .where(verdict.severity == CRITICAL)
        .group_by(verdict.rule)
    )
    rejects = select(literal(REJECTED), func.count()).select_from(staging.rejects)
    found: Any = connection.execute(union_all(of_rules, rejects))
    return {rule: count for rule, count in found if count}


def count_rows(connection: Connection, source: FromClause) -> int:
    """Rows of a table or query."""
    return connection.execute(select(func.count()).select_from(source)).scalar_one()
