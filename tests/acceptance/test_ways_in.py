"""Every way in: what is handed over there stands in core, once."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert

from producers.files.drop import open_drop
from producers.outbox.tables import metadata, outbox
from tests.acceptance.platform import Platform, example, wait_for
from tests.component.marketplaces import pushes, sold
from tests.component.marketplaces.world import World
from tests.databases import own_database
from tests.edxml_samples import DOCUMENT, STATUS
from tests.sync_records import sync_record

SAMPLES = Path(__file__).parents[2] / "producers" / "files" / "samples"
AGENCY_EVENTS = (
    "dossier_status_changed",
    "service_rated",
    "portal_checked",
    "document_sent",
    "document_status_changed",
    "tourism_visit_reported",
)
PROGRAMME = ("cooperation_task_updated", "training_session_held")


@pytest.fixture(scope="module")
def keys(platform: Platform) -> Mapping[str, str]:
    """API keys of an agency and of FPT, as the operator hands them out."""
    return {
        "agency": granted(platform, "so-thu", "agency", AGENCY_EVENTS, ("H22*",)),
        "fpt": granted(platform, "fpt-thu", "fpt", PROGRAMME, ("fpt",)),
    }


def granted(platform: Platform, name: str, kind: str, events: tuple[str, ...], sources: tuple[str, ...]) -> str:
    words = ["access", "grant", name, "--organisation", "Đơn vị thử", "--kind", kind, "--json"]
    words += [word for event in events for word in ("--event", event)]
    words += [word for source in sources for word in ("--source", source)]
    done = platform.hagiang(*words)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["HAGIANG_API_KEY"])


def fresh(event: str, name: str, **changes: Any) -> dict[str, Any]:
    """An example as an event that nobody has sent."""
    return {**example(event, name), "event_id": str(uuid4()), **changes}


def post(platform: Platform, path: str, key: str, body: bytes | str | Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    usual = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    return httpx.post(
        f"{platform.settings.gateway.url}{path}", content=content, headers={**usual, **headers}, timeout=60
    )


def state_of(platform: Platform, key: str, event_id: str) -> tuple[int, str | None]:
    """What the gateway tells a client of a dossier's event."""
    address = f"{platform.settings.gateway.url}/events/government.dossier_status_changed/{event_id}"
    answer = httpx.get(address, headers={"authorization": f"Bearer {key}"}, timeout=60)
    return answer.status_code, answer.json().get("state")


def rows(platform: Platform, event: str, where: str, **given: Any) -> int:
    return int(platform.sql(f"SELECT count(*) FROM core.{event} WHERE {where}", **given)[0][0])


def in_core(platform: Platform, event: str, *ids: str) -> bool:
    return rows(platform, event, "event_id = ANY (CAST(:ids AS uuid[]))", ids=list(ids)) == len(ids)


def test_json_and_cloud_events_by_http(platform: Platform, keys: Mapping[str, str]) -> None:
    dossier = fresh("dossier_status_changed", "submitted_online")
    ratings = [fresh("service_rated", "satisfied", dossier_code=f"H22.26.04-210623-1{n:03}") for n in range(20)]
    portal = fresh("portal_checked", "up")
    cloud = {"specversion": "1.0", "id": portal["event_id"], "source": "/portals", "data": portal}
    cloud["type"] = "vn.hagiang.government.portal_checked"
    for _ in range(2):
        one = post(platform, "/events/government.dossier_status_changed?wait=true", keys["agency"], dossier)
        assert one.status_code == 202, one.text
        assert one.json()["event_ids"] == [dossier["event_id"]]
        many = post(platform, "/events/government.service_rated", keys["agency"], ratings)
        assert many.status_code == 202, many.text
        kind = {"content-type": "application/cloudevents+json"}
        wrapped = post(platform, "/events/government.portal_checked", keys["agency"], cloud, **kind)
        assert wrapped.status_code == 202, wrapped.text
    wait_for("the dossier", lambda: in_core(platform, "dossier_status_changed", dossier["event_id"]))
    wait_for("the ratings", lambda: in_core(platform, "service_rated", *(each["event_id"] for each in ratings)))
    wait_for("the portal's check", lambda: in_core(platform, "portal_checked", portal["event_id"]))
    assert state_of(platform, keys["agency"], dossier["event_id"]) == (200, "loaded")
    assert state_of(platform, keys["fpt"], dossier["event_id"]) == (403, None)


def test_what_was_not_granted_is_refused_and_audited(platform: Platform, keys: Mapping[str, str]) -> None:
    dossier = fresh("dossier_status_changed", "submitted_online")
    assert post(platform, "/events/government.dossier_status_changed", "hg_none", dossier).status_code == 401
    assert post(platform, "/events/government.dossier_status_changed", keys["fpt"], dossier).status_code == 403
    foreign = post(platform, "/events/fpt.cooperation_task_updated", keys["fpt"], {"source": "H22.05"})
    assert foreign.status_code in (403, 422), foreign.text
    bad = post(platform, "/events/government.dossier_status_changed", keys["agency"], {**dossier, "status": 11})
    assert bad.status_code == 422
    assert [error["field"] for error in bad.json()["errors"]] == ["status"]
    wait_for("the audit", lambda: "fpt-thu" in platform.hagiang("access", "audit").stdout)


def test_edxml_dossier_sync_and_the_programme_by_http(platform: Platform, keys: Mapping[str, str]) -> None:
    documents = rows(platform, "document_sent", "TRUE"), rows(platform, "document_status_changed", "TRUE")
    for message in (DOCUMENT, STATUS) * 2:
        answer = post(platform, "/edxml", keys["agency"], message.encode(), **{"content-type": "application/xml"})
        assert answer.status_code == 202, answer.text
    dossier = sync_record(MaHoSo="H22.05-210621-000777")
    synced = post(platform, "/dossier-sync?source=H22.05", keys["agency"], [dossier, dossier])
    assert synced.status_code == 202, synced.text
    tasks = [
        {"event": "cooperation_task_updated", **fresh("cooperation_task_updated", "in_progress_with_budget")},
        {"event": "training_session_held", **fresh("training_session_held", "leaders")},
    ]
    programme = post(platform, "/partners/fpt/programme", keys["fpt"], tasks)
    assert programme.status_code == 202, programme.text
    wait_for("the document", lambda: rows(platform, "document_sent", "TRUE") == documents[0] + 1)
    wait_for("its status", lambda: rows(platform, "document_status_changed", "TRUE") == documents[1] + 1)
    where = "dossier_code = 'H22.05-210621-000777'"
    wait_for("the dossier", lambda: rows(platform, "dossier_status_changed", where) == 1)
    for task in tasks:
        wait_for(task["event"], lambda task=task: in_core(platform, task["event"], task["event_id"]))


def test_pushes_of_a_marketplace(platform: Platform, world: World) -> None:
    at = int(time.time()) - 3600
    world.orders = {"shopee": {"S77": sold.shopee_order("S77")}}
    states = (pushes.shopee_push("S77", "SHIPPED", at), pushes.shopee_push("S77", "TO_CONFIRM_RECEIVE", at + 60))
    for push in states * 2:
        headers = {"authorization": push.authorization, "content-type": "application/json"}
        answer = httpx.post(f"{platform.settings.gateway.url}/webhooks/{push.path}", content=push.body, headers=headers)
        assert answer.status_code == 200, answer.text
    query = "SELECT status FROM core.order_status_changed WHERE order_id = 'S77' ORDER BY occurred_at"
    wait_for("both states", lambda: platform.sql(query) == [("shipping",), ("delivered",)])


def test_products_of_a_marketplace(platform: Platform, world: World) -> None:
    world.products = [sold.shopee_product(number, "NORMAL", int(time.time()) - 60) for number in range(900, 904)]
    for _ in range(2):
        pulled = platform.hagiang("marketplaces", "pull", "shopee", "--once")
        assert pulled.returncode == 0, pulled.stderr
    told = "count(*), min(listing_state), max(listing_version)"
    query = f"SELECT {told} FROM core.product_listed WHERE product_code LIKE 'MBH-90_'"
    wait_for("the products", lambda: platform.sql(query) == [(4, "offered", 1)])


def test_files_by_command_and_by_the_drop_folder(platform: Platform) -> None:
    sample = str(SAMPLES / "khach_du_lich.csv")
    for _ in range(2):
        imported = platform.hagiang("import", sample, "--mapping", "tourism")
        assert imported.returncode == 3, imported.stderr
    orders = SAMPLES / "don_hang_voso.csv"
    open_drop(platform.settings.lake).put("drop/voso/don_hang.csv", orders.read_bytes())
    platform.run_dag("import_files")
    visits = "place_code IN ('COT-CO-LUNG-CU', 'DINH-VUA-MEO') AND source = 'H22.13' AND day = '2021-06-23'"
    wait_for("the visits", lambda: rows(platform, "tourism_visit_reported", visits) == 3)
    wait_for("the orders", lambda: rows(platform, "order_status_changed", "platform = 'voso'") == 2)


def test_an_agency_s_database(platform: Platform) -> None:
    dossier, portal = fresh("dossier_status_changed", "submitted_online"), fresh("portal_checked", "up")
    with own_database(platform.settings) as agency:
        metadata.create_all(agency)
        with agency.begin() as connection:
            for event, body in (("dossier_status_changed", dossier), ("portal_checked", portal)):
                row = {"event_id": body["event_id"], "event": event, "payload": json.dumps(body)}
                connection.execute(insert(outbox).values(row))
        url = agency.url.render_as_string(hide_password=False)
        for _ in range(2):
            relayed = platform.hagiang("outbox", "relay", "--once", "--url", url)
            assert relayed.returncode == 0, relayed.stderr
    wait_for("the dossier", lambda: in_core(platform, "dossier_status_changed", dossier["event_id"]))
    wait_for("the portal's check", lambda: in_core(platform, "portal_checked", portal["event_id"]))
