"""Core tables follow their contract."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from consumers.warehouse.connect import engine_for
from consumers.warehouse.tables.core import FieldNameTaken, event_tables
from consumers.warehouse.tables.events import ColumnTypeChanged, ensure_event_tables
from infra.settings import Settings
from schemas.contract import Contract, parse_contract
from tests.component.warehouse.loads import DOSSIER, ORDER
from tests.databases import url_of


def field(name: str, avro: Any, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "type": avro, "doc": "Doc.", "doc_vi": "Mô tả.", "personal_data": "none", **attributes}


def changed(contract: Contract, *, add: tuple[dict[str, Any], ...] = (), drop: tuple[str, ...] = ()) -> Contract:
    schema = copy.deepcopy(contract.schema)
    schema["fields"] = [f for f in schema["fields"] if f["name"] not in drop] + list(add)
    return parse_contract(schema, domain=contract.domain, event=contract.event)


def ensure(engine: Engine, contract: Contract) -> None:
    with engine.begin() as connection:
        ensure_event_tables(connection, contract)


def columns(engine: Engine, table: str) -> dict[str, Any]:
    return {column["name"]: column for column in inspect(engine).get_columns(table, schema="core")}


def test_tables_are_made_as_the_contract_says(engine: Engine) -> None:
    ensure(engine, ORDER)
    found = columns(engine, "order_status_changed")
    wanted = event_tables(ORDER).rows.columns
    assert list(found) == list(wanted.keys())
    assert {name: column["comment"] for name, column in found.items()} == {c.name: c.comment for c in wanted}
    assert [name for name, column in found.items() if column["nullable"]] == ["previous_status"]
    assert list(columns(engine, "order_status_changed_lines"))[:3] == ["event_id", "line_no", "product_code"]
    indexes = inspect(engine).get_indexes("order_status_changed", schema="core")
    assert sorted(index["column_names"] for index in indexes) == [["load_id"], ["occurred_at"]]
    assert {index["dialect_options"]["postgresql_using"] for index in indexes} == {"brin"}


def test_a_second_time_changes_nothing(engine: Engine) -> None:
    ensure(engine, ORDER)
    with engine.begin() as connection:
        before = connection.execute(text("select max(oid), sum(xmin::text::bigint) from pg_class")).one()
        ensure_event_tables(connection, ORDER)
        assert connection.execute(text("select max(oid), sum(xmin::text::bigint) from pg_class")).one() == before


def test_a_gained_field_is_a_nullable_column_even_if_the_contract_has_a_default(engine: Engine) -> None:
    ensure(engine, DOSSIER)
    ensure(engine, changed(DOSSIER, add=(field("priority", "int", default=3),)))
    priority = columns(engine, "dossier_status_changed")["priority"]
    assert priority["nullable"]
    assert priority["comment"] == "Doc. / Mô tả."


def test_a_dropped_field_keeps_its_column_which_may_be_null(engine: Engine) -> None:
    ensure(engine, DOSSIER)
    assert not columns(engine, "dossier_status_changed")["commune_code"]["nullable"]
    ensure(engine, changed(DOSSIER, drop=("commune_code",)))
    assert columns(engine, "dossier_status_changed")["commune_code"]["nullable"]


def test_a_changed_doc_changes_the_comment(engine: Engine) -> None:
    ensure(engine, DOSSIER)
    schema = copy.deepcopy(DOSSIER.schema)
    schema["doc"] = "Another doc."
    schema["fields"][2]["doc"] = "Another source."
    ensure(engine, parse_contract(schema, domain=DOSSIER.domain, event=DOSSIER.event))
    assert columns(engine, "dossier_status_changed")["source"]["comment"].startswith("Another source. / ")
    comment = inspect(engine).get_table_comment("dossier_status_changed", schema="core")["text"]
    assert comment is not None
    assert comment.startswith("Another doc. / ")


def test_a_changed_type_is_refused(engine: Engine) -> None:
    ensure(engine, DOSSIER)
    with pytest.raises(ColumnTypeChanged, match=r"dossier_status_changed\.status is INTEGER"):
        ensure(engine, changed(DOSSIER, drop=("status",), add=(field("status", "string"),)))


def test_a_field_may_not_take_the_name_of_a_lineage_column() -> None:
    with pytest.raises(FieldNameTaken, match="load_id"):
        event_tables(changed(DOSSIER, add=(field("load_id", "long"),)))


def test_callers_at_once_make_the_tables_once(engine: Engine) -> None:
    wider = changed(ORDER, add=(field("gift", ["null", "boolean"], default=None),))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ensure(engine, ORDER), range(4)))
        list(pool.map(lambda _: ensure(engine, wider), range(4)))
    assert "gift" in columns(engine, "order_status_changed")


def test_dashboards_may_read_a_new_event(servers: Settings, engine: Engine) -> None:
    ensure(engine, ORDER)
    dashboard = engine_for(url_of(servers.warehouse.dashboard_url, str(engine.url.database)))
    with dashboard.connect() as connection:
        assert connection.execute(text("select count(*) from core.order_status_changed_lines")).scalar_one() == 0
    dashboard.dispose()
