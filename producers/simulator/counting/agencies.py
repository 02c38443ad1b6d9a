"""What was found at agencies: portals, meeting points; and what was asked of them: directives."""

from __future__ import annotations

from collections.abc import Mapping

from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share


def portal_share(loaded: Loaded) -> Figure:
    """Agencies with a portal, up or down, of those that must have one; by the last check."""
    checks = latest(loaded["portal_checked"], "agency_code", by="occurred_at")
    return share((check for check in checks if check["obliged"]), lambda check: check["portal_state"] != "absent")


def meeting_point_share(loaded: Loaded) -> Figure:
    """Committees with an online-meeting point, of those checked; by the last check."""
    checks = latest(loaded["meeting_point_checked"], "agency_code", by="occurred_at")
    return share(checks, lambda check: check["has_point"])


def directives_done_share(loaded: Loaded) -> Figure:
    """Directives done, of those not cancelled."""
    directives = latest(loaded["directive_issued"], "directive_code")
    return share((each for each in directives if each["state"] != "cancelled"), lambda each: each["state"] == "done")


FIGURES: Mapping[str, Count] = {
    "portal_share": portal_share,
    "meeting_point_share": meeting_point_share,
    "directives_done_share": directives_done_share,
}
