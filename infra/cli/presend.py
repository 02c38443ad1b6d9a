"""What the commands tell of events before they send them: the client's rights, and the warehouse's rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from producers.presend_checks import PresendCheck
    from schemas.contract import Contract


def check_before_sending(environ: Mapping[str, str], catalog: Mapping[str, Contract]) -> PresendCheck:
    """Rights by the client's file, where it tells them (decision 0610), and rules of a record (decision 0611)."""
    from expectations.record_rules import rules_before_sending
    from infra.access.own_rights import own_rights
    from producers.presend_checks import all_checks, rights_check, rules_check

    rules = rules_check(catalog, rules_before_sending, lambda: datetime.now(UTC))
    return all_checks(rights_check(own_rights(environ)), rules)
