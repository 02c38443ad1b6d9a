"""The cooperation agreement: tasks, training, events, projects."""

from __future__ import annotations

from collections.abc import Mapping

from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share, total
from producers.simulator.record import Event


def cooperation_tasks_done(loaded: Loaded) -> Figure:
    """Tasks done, of those not cancelled."""
    tasks = latest(loaded["cooperation_task_updated"], "task_code")
    return share((task for task in tasks if task["status"] != "cancelled"), lambda task: task["status"] == "done")


def _sessions(loaded: Loaded) -> list[Event]:
    return latest(loaded["training_session_held"], "session_code")


def people_trained(loaded: Loaded) -> Figure:
    """People who attended a course; one who attended two counts twice."""
    return total(_sessions(loaded), "attended"), None


def training_pass_share(loaded: Loaded) -> Figure:
    """People who passed a course's test, of those who took it."""
    return total(_sessions(loaded), "passed"), total(_sessions(loaded), "examined")


def events_held(loaded: Loaded) -> Figure:
    """Different events."""
    return len({event["event_code"] for event in loaded["business_event_held"]}), None


def projects_in_operation_share(loaded: Loaded) -> Figure:
    """Projects in operation, of those not cancelled."""
    projects = latest(loaded["project_status_changed"], "project_code")
    going_on = (project for project in projects if project["phase"] != "cancelled")
    return share(going_on, lambda project: project["phase"] == "in_operation")


FIGURES: Mapping[str, Count] = {
    "cooperation_tasks_done": cooperation_tasks_done,
    "people_trained": people_trained,
    "training_pass_share": training_pass_share,
    "events_held": events_held,
    "projects_in_operation_share": projects_in_operation_share,
}
