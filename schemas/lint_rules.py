"""Checks of a field's rules and default against its type."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.contract import Field, Json
from schemas.findings import Remark, nearest
from schemas.fitting import Reason, fit_for
from schemas.patterns import pattern_problem

REFERENCE_LISTS = ("admin_unit", "agency", "procedure", "product")
LONGEST_TEXT = 10_000
MOST_DIGITS = 38  # what Arrow's decimal128 holds

_NUMBERS = ("int", "long", "double", "decimal")
_PLAIN_KINDS = ("string", "int", "long", "boolean", "double", "enum")


def rule_remarks(where: str, field: Field) -> Iterator[Remark]:
    """Rules that do not go with the field's type, or with one another."""
    yield from _limits(where, field)
    yield from _text_rules(where, field) if field.kind == "string" else _no_text_rules(where, field)


def _limits(where: str, field: Field) -> Iterator[Remark]:
    low, high = field.rules.min, field.rules.max
    if (low is not None or high is not None) and field.kind not in _NUMBERS:
        yield Remark(where, f"min and max are for numbers, not for {field.kind}", "Remove them")
    if low is not None and high is not None and low > high:
        yield Remark(where, f"min {low} is above max {high}", "Swap them")
    if field.kind == "decimal" and not 0 <= (field.scale or 0) <= (field.precision or 0) <= MOST_DIGITS:
        yield Remark(where, "scale and precision do not fit", f"Keep 0 <= scale <= precision <= {MOST_DIGITS}")


def _text_rules(where: str, field: Field) -> Iterator[Remark]:
    rules = field.rules
    if rules.pattern is None and rules.max_length is None:
        yield Remark(where, "text has neither pattern nor max_length", "Bound it, so that no one can send a book")
    if rules.max_length is not None and not 1 <= rules.max_length <= LONGEST_TEXT:
        yield Remark(
            where, f"max_length {rules.max_length} is not from 1 to {LONGEST_TEXT}", "Choose one in that range"
        )
    if rules.pattern is not None and (problem := pattern_problem(rules.pattern)):
        yield Remark(where, f"the pattern {problem}", "Mend the pattern")
    if rules.ref is not None and rules.ref not in REFERENCE_LISTS:
        yield Remark(where, f"{rules.ref} is no reference list", nearest(rules.ref, REFERENCE_LISTS))


def _no_text_rules(where: str, field: Field) -> Iterator[Remark]:
    given = [name for name in ("pattern", "max_length", "ref") if getattr(field.rules, name) is not None]
    if given:
        yield Remark(where, f"{', '.join(given)} is for strings, not for {field.kind}", "Remove it")


def default_remarks(where: str, field: Field, avro: Json) -> Iterator[Remark]:
    """A default that is not null must be a plain value of the field's type."""
    if field.nullable or "default" not in avro:
        return
    if field.kind not in _PLAIN_KINDS or isinstance(fit_for(field)(avro["default"]), Reason):
        yield Remark(where, f"the default {avro['default']!r} is no {field.kind}", "Make the field nullable instead")
