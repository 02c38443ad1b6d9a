"""An expectation for rules that need other tables than the rows' own: a query that finds the bad rows.

Great Expectations' `unexpected_rows_expectation` runs its query twice, once for samples and once for the count. This
one leaves the samples out and so costs one scan (infra/decisions/0502-rules-in-sql-cost-one-scan.md). Importing this
module makes the type known.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.core import UnexpectedRowsExpectation


class ExpectQueryToFindNoRows(UnexpectedRowsExpectation):  # type: ignore[misc]
    """The query selects the keys of bad rows from `{batch}` and finds none."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        found = metrics["unexpected_rows_query.row_count"]
        return {"success": found == 0, "result": {"observed_value": found}}
