"""Network coverage, remote consultations and online lessons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share, total
from producers.simulator.record import Event

MERGER = date(2025, 7, 1)
"""Communes were merged, and codes got another meaning."""


def _communes(loaded: Loaded) -> list[Event]:
    """The last report of each commune; once communes of 2025 have reported, those before them are left out."""
    reports = loaded["network_coverage_reported"]
    of_2025 = [report for report in reports if report["as_of"] >= MERGER]
    return latest(of_2025 or reports, "commune_code")


def mobile_population_share(loaded: Loaded) -> Figure:
    """People with a mobile signal where they live, of all."""
    communes = _communes(loaded)
    return total(communes, "covered_population"), total(communes, "population")


def telehealth_consultations(loaded: Loaded) -> Figure:
    """Remote consultations; those left out because they were under 5 are missing."""
    reports = latest(loaded["health_consultation_summarised"], "facility_code", "day")
    return total(reports, "consultations"), None


def online_lesson_share(loaded: Loaded) -> Figure:
    """Lessons given online, of all lessons told."""
    reports = latest(loaded["online_class_summarised"], "school_code", "day")
    return total(reports, "online_lessons"), total(reports, "lessons")


FIGURES: Mapping[str, Count] = {
    "fibre_share": lambda loaded: share(_communes(loaded), lambda report: report["fibre_to_centre"]),
    "broadband_share": lambda loaded: share(_communes(loaded), lambda report: report["broadband_whole_area"]),
    "centre_broadband_share": lambda loaded: share(_communes(loaded), lambda report: report["broadband_centre"]),
    "mobile_population_share": mobile_population_share,
    "telehealth_consultations": telehealth_consultations,
    "online_lesson_share": online_lesson_share,
}
