"""A contract's suite as Great Expectations' own object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any

from great_expectations import ExpectationSuite
from great_expectations.exceptions import GreatExpectationsError

from expectations import avoid_condition, no_rows  # noqa: F401  make their expectations known
from expectations.suite_files import FOLDER, SuiteInvalid, rederived
from schemas.contract import Contract

NO_LISTS: Mapping[str, str] = MappingProxyType({})


def suite_for(contract: Contract, lists: Mapping[str, str] = NO_LISTS, folder: Path = FOLDER) -> ExpectationSuite:
    """The contract's suite; `lists` gives the table that `{<list>}` stands for in own SQL, a list each.

    What the contract says is derived anew, so that a file that lags behind its contract cannot be run. Raises
    SuiteInvalid: a constructor of Great Expectations would leave out what it does not understand, with no more than a
    log line.
    """
    wanted = bound(rederived(contract, folder), lists)
    try:
        suite = ExpectationSuite(**wanted)
    except (GreatExpectationsError, ValueError, TypeError) as error:
        raise SuiteInvalid(f"{contract.event}: {error}") from error
    understood = {expectation.meta["rule"] for expectation in suite.expectations}
    left_out = [each for each in wanted["expectations"] if each["meta"]["rule"] not in understood]
    if left_out:
        raise SuiteInvalid(f"{contract.event}: Great Expectations does not understand {left_out}")
    return suite


def bound(suite: dict[str, Any], lists: Mapping[str, str]) -> dict[str, Any]:
    """A copy of the suite with the tables of lists in place of their names in single braces."""
    suite = deepcopy(suite)
    for expectation in suite["expectations"]:
        kwargs = expectation["kwargs"]
        if "unexpected_rows_query" in kwargs:
            kwargs["unexpected_rows_query"] = _filled(kwargs["unexpected_rows_query"], lists)
    return suite


def _filled(sql: str, lists: Mapping[str, str]) -> str:
    return re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda found: lists.get(found[1], found[0]), sql)
