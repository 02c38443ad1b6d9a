"""When a failed task is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import RetryPolicy
from airflow.sdk.definitions.retry_policy import RetryDecision
from typing_extensions import override

from infra.errors import OperatorError


class RetryWhenTransient(RetryPolicy):  # type: ignore[misc]
    """Asks the error: `retriable = False` on its class means that only a person can mend it, so fail at once.

    Any other failure, a killed worker's included, is retried by the task's own settings.
    """

    @override
    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Any = None) -> RetryDecision:
        """See the base class."""
        if isinstance(exception, OperatorError) and not exception.retriable:
            return RetryDecision.fail(reason=str(exception))
        return RetryDecision.default()


RETRIES: dict[str, Any] = {
    "retries": 6,
    "retry_delay": timedelta(seconds=2),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=2),
    "retry_policy": RetryWhenTransient(),
}
