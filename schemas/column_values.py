"""Values of an event as the columns of the warehouse have them, for rules that are worked out before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.contract import Field, Kind
from schemas.fitting import EPOCH, EPOCH_DAY, Fit, Reason, fit_for

Reader = Callable[[Any], Any]
_MILLISECOND = 1000
_AS_THEY_ARE: Mapping[Kind, type] = {"string": str, "enum": str, "int": int, "long": int, "boolean": bool}


class DoesNotFit(ValueError):
    """The contract itself refuses the value."""


def column_reader(field: Field) -> Reader:
    """Reads values that are not null; raises DoesNotFit for one of another type than the field's.

    What else the contract asks of it (a symbol of the list, the greatest number) is not asked again.
    """
    fit = fit_for(field)
    if field.kind == "timestamp":
        return _moments(fit)
    if field.kind == "date":
        return _days(fit)
    known = _AS_THEY_ARE.get(field.kind)
    return lambda value: value if value.__class__ is known else _fitted(fit, value)


def _fitted(fit: Fit, value: Any) -> Any:
    fitted = fit(value)
    if fitted.__class__ is Reason:
        raise DoesNotFit
    return fitted


def _moments(fit: Fit) -> Reader:
    """In UTC, parts of a millisecond cut off."""
    parse = datetime.fromisoformat

    def read(value: Any) -> datetime:
        try:
            if value.__class__ is str:
                moment = parse(value)
                if moment.tzinfo is not None and not moment.microsecond % _MILLISECOND:
                    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
            return EPOCH + timedelta(milliseconds=_fitted(fit, value))
        except (ValueError, OverflowError) as error:  # no time at all, or of a year that Python has not
            raise DoesNotFit from error

    return read


def _days(fit: Fit) -> Reader:
    return lambda value: value if value.__class__ is date else date.fromordinal(_fitted(fit, value) + EPOCH_DAY)
