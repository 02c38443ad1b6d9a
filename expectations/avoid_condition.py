"""An expectation for rules between the columns of a row, written as a condition in SQL.

Great Expectations has `unexpected_rows_expectation` for own SQL, but scans the table twice for each one. As
column-map expectations the rules of a row share one scan with all others, and have a query that finds their rows
(infra/decisions/0502-rules-in-sql-cost-one-scan.md). Importing this module makes the type known.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation, render_suite_parameter_string
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererConfiguration
from sqlalchemy import Boolean, ColumnElement, func, literal_column, not_


class ColumnValuesAvoidCondition(ColumnMapMetricProvider):  # type: ignore[misc]
    """Finds the rows that meet a condition; one that is neither true nor false (a null) is not met."""

    condition_metric_name = "column_values.avoid_condition"
    condition_value_keys = ("condition",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: ColumnElement[Any], condition: str, **kwargs: Any) -> ColumnElement[bool]:  # noqa: ARG002, N805
        return not_(func.coalesce(literal_column(f"({condition})", Boolean), literal_column("false", Boolean)))


class ExpectColumnValuesToAvoidCondition(ColumnMapExpectation):  # type: ignore[misc]
    """No row meets the condition: SQL over a row's columns, true for a bad row. A row whose `column` is null passes."""

    condition: str

    map_metric: ClassVar[str] = "column_values.avoid_condition"
    success_keys: ClassVar[tuple[str, ...]] = ("condition", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "condition")

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)  # type: ignore[untyped-decorator]
    @render_suite_parameter_string  # type: ignore[untyped-decorator]
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: dict[str, Any] | None = None
    ) -> list[RenderedStringTemplateContent]:
        shown = RendererConfiguration(
            configuration=configuration, result=result, runtime_configuration=runtime_configuration
        )
        template = {"template": "no row may meet: $condition", "params": {"condition": shown.kwargs["condition"]}}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=template)]
