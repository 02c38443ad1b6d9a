"""Publishing from the command line, as an agency's developer does."""

from __future__ import annotations

from tests.acceptance.platform import Platform, example, json_lines, wait_for

EVENT = "dossier_status_changed"


def event(last_digits: str, **changes: object) -> dict[str, object]:
    return {
        **example(EVENT, "submitted_online"),
        "event_id": f"01790000-0000-7000-8000-0000000{last_digits}",
        **changes,
    }


def loaded(platform: Platform, published: dict[str, object]) -> bool:
    found = platform.sql(
        f"SELECT count(*) FROM core.{EVENT} WHERE event_id = CAST(:id AS uuid)", id=published["event_id"]
    )
    return found == [(1,)]


def test_good_lines_reach_the_warehouse(platform: Platform) -> None:
    sent = platform.hagiang("publish", EVENT, "-", given=json_lines([event("00b01")]))
    assert (sent.returncode, sent.stderr) == (0, "")
    assert "1 sent, 0 bad" in sent.stdout
    wait_for("the event in core", lambda: loaded(platform, event("00b01")))


def test_bad_lines_are_named_and_the_others_are_sent(platform: Platform) -> None:
    lines = json_lines([event("00b02", status=11), event("00b03")]) + "nonsense\n"
    sent = platform.hagiang("publish", EVENT, "-", given=lines)
    assert sent.returncode == 3
    assert "line 1: [max] status" in sent.stderr
    assert "line 3: not JSON" in sent.stderr
    assert "1 sent, 2 bad" in sent.stdout
    wait_for("the good event in core", lambda: loaded(platform, event("00b03")))
    assert not loaded(platform, event("00b02"))


def test_nothing_but_bad_lines_has_a_status_of_its_own(platform: Platform) -> None:
    assert platform.hagiang("publish", EVENT, "-", given="nonsense\n").returncode == 4


def test_an_unknown_event_is_told_the_known_ones(platform: Platform) -> None:
    sent = platform.hagiang("publish", "dossier_status", "-", given="")
    assert sent.returncode == 1
    assert "dossier_status_changed" in sent.stderr
    assert "Traceback" not in sent.stderr


def test_what_only_the_warehouse_can_judge_is_quarantined_with_its_reason(platform: Platform) -> None:
    unknown = event("00b04", commune_code="99999")
    sent = platform.hagiang("publish", EVENT, "-", given=json_lines([unknown]))
    assert sent.returncode == 0
    query = "SELECT count(*) FROM quarantine.event WHERE event_id = CAST(:id AS uuid)"
    wait_for("the event in quarantine", lambda: platform.sql(query, id=unknown["event_id"]) == [(1,)])
    assert str(unknown["event_id"]) in platform.hagiang("quarantine", "list", "--json").stdout
    [(rule, reason_vi)] = platform.sql(
        "SELECT rule, reason_vi FROM quarantine.event WHERE event_id = CAST(:id AS uuid)", id=unknown["event_id"]
    )
    assert rule == "commune_code_ref"
    listed = platform.hagiang("quarantine", "list").stdout
    assert "commune_code_ref" in listed
    assert reason_vi


def test_an_event_that_came_before_its_agency_is_loaded_when_the_agency_is_registered(platform: Platform) -> None:
    early = event("00b05", agency_code="H22.905")
    agency = {**example("agency_registered", "registered_new_form"), "agency_code": "H22.905"}
    agency["event_id"] = "01790000-0000-7000-8000-000000000b06"
    assert platform.hagiang("publish", EVENT, "-", given=json_lines([early])).returncode == 0
    wait_for("the event in quarantine", lambda: waits_for(platform, early) == [(["agency"], "open")])
    assert platform.hagiang("publish", "agency_registered", "-", given=json_lines([agency])).returncode == 0
    wait_for("the event in core", lambda: loaded(platform, early))
    assert waits_for(platform, early) == [(["agency"], "replayed")]


def waits_for(platform: Platform, published: dict[str, object]) -> list[tuple[object, ...]]:
    return platform.sql(
        "SELECT missing_references, status FROM quarantine.event WHERE event_id = CAST(:id AS uuid)",
        id=published["event_id"],
    )
