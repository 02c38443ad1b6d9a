"""The rules of an event's suite that a record can be held to by itself, before it is sent."""

from __future__ import annotations

from expectations.suite_files import suite_json
from schemas.contract import Contract
from schemas.record_rules import RecordRules, record_rules


def rules_before_sending(contract: Contract) -> RecordRules:
    """Made once for a contract, in a few milliseconds; raises SuiteInvalid."""
    return record_rules(contract, suite_json(contract)["expectations"])
