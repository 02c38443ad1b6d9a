"""Landing believes a record only from the client that signed it, and only as far as that client's rights go."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from consumers.landing.authors import Authors
from infra.access.connect import AccessUnavailable
from infra.access.rights import Period
from tests.unit.landing.made_batches import good
from tests.unit.landing.signed_batches import (
    EVENT,
    Database,
    Written,
    check_against,
    headers_of,
    reasons,
    rights,
    signed_batch,
    wire,
)

VALUE = good(1)


def refused(records: list[Written], database: Database, event: str = EVENT) -> dict[int, str]:
    return reasons(check_against(database).authors_of(signed_batch(records), event).refused)


def test_signed_records_have_their_author() -> None:
    authors = check_against(Database(rights("a"), rights("b"))).authors_of(
        signed_batch([Written(VALUE), Written(VALUE, "b@1"), Written(VALUE)]), EVENT
    )
    assert authors.refused == {}
    assert [authors.rights[number].name for number in authors.numbers] == ["a", "b", "a"]
    assert authors.clients == {"a": 2, "b": 1}


def test_a_record_without_a_signature_is_refused_and_its_neighbours_are_not() -> None:
    batch = signed_batch([Written(VALUE)] * 4)
    batch.headers[1] = b"\0"
    batch.headers[2] = wire([("hg-client", b"a@1")])
    authors = check_against(Database(rights())).authors_of(batch, EVENT)
    assert reasons(authors.refused) == {1: "not_signed", 2: "not_signed"}
    assert authors.clients == {"a": 2}


@pytest.mark.parametrize("raw", [b"", b"\x02", b"\x02\x12hg-cl", b"\x04\x02\xff\x00\x02\xff\x00", b"\xff" * 40])
def test_headers_that_are_none_are_a_missing_signature(raw: bytes) -> None:
    batch = signed_batch([Written(VALUE)] * 2)
    batch.headers[0] = raw
    assert reasons(check_against(Database(rights())).authors_of(batch, EVENT).refused) == {0: "not_signed"}


@pytest.mark.parametrize("part", ["values", "keys"])
def test_a_changed_value_or_key_breaks_the_signature_of_that_record_alone(part: str) -> None:
    batch = signed_batch([Written(VALUE)] * 3)
    getattr(batch, part)[1] = b"another"
    assert reasons(check_against(Database(rights())).authors_of(batch, EVENT).refused) == {1: "bad_signature"}


def test_a_signature_for_one_topic_does_not_hold_for_another() -> None:
    batch = dataclasses.replace(signed_batch([Written(VALUE)]), topic="society.other")
    assert reasons(check_against(Database(rights())).authors_of(batch, EVENT).refused) == {0: "bad_signature"}


def test_nobody_signs_in_the_name_of_another() -> None:
    batch = signed_batch([Written(VALUE, "b@1")])
    batch.headers = [batch.headers[0].replace(b"b@1", b"a@1")]
    assert reasons(check_against(Database(rights("a"), rights("b"))).authors_of(batch, EVENT).refused) == {
        0: "bad_signature"
    }


@pytest.mark.parametrize("client", ["stranger@1", "", "@", "a@", "a", "a@x", "a@99999999999999999999", "a@2"])
def test_a_client_or_key_that_does_not_exist_is_refused(client: str) -> None:
    assert refused([Written(VALUE, client)], Database(rights()))[0] in ("unknown_client", "bad_signature")


def test_headers_may_stand_in_any_order_among_others() -> None:
    batch = signed_batch([Written(VALUE)] * 3)
    headers = headers_of(Written(VALUE), batch.keys[1] or b"")
    batch.headers[1] = wire([("x", None), *reversed(headers), ("y", b"z")])
    assert check_against(Database(rights())).authors_of(batch, EVENT).refused == {}


def test_an_event_that_is_not_granted_is_refused() -> None:
    assert refused([Written(VALUE)], Database(rights()), event="other") == {0: "event_not_granted"}


def test_rights_are_judged_at_the_time_of_the_record() -> None:
    """Records lie at 0, 10, 20 ... ms; the event was granted until 30."""
    until = (Period(-(10**9), 30),)
    database = Database(rights(events={EVENT: until}))
    assert refused([Written(VALUE)] * 5, database) == {3: "event_not_granted", 4: "event_not_granted"}


def test_a_right_that_came_back_leaves_the_gap_closed() -> None:
    periods = (Period(-(10**9), 10), Period(10**6))
    assert refused([Written(VALUE)] * 2, Database(rights(keys={1: periods[0], 2: periods[1]}))) == {1: "unknown_client"}


def test_an_old_key_holds_until_its_end() -> None:
    database = Database(rights(keys={1: Period(-(10**9), 20), 2: Period(0)}))
    records = [Written(VALUE), Written(VALUE, "a@2"), Written(VALUE), Written(VALUE, "a@2")]
    assert refused(records, database) == {2: "bad_signature"}


def test_a_clock_that_lags_a_little_does_not_refuse_the_first_record() -> None:
    assert refused([Written(VALUE)], Database(rights(events={EVENT: (Period(1_500),)}))) == {}
    assert refused([Written(VALUE)], Database(rights(events={EVENT: (Period(5_000),)}))) == {0: "event_not_granted"}


def test_only_the_platform_writes_for_others() -> None:
    records = [Written(VALUE, f"{name}@1", [("hg-on-behalf-of", b"x")]) for name in ("platform", "a")]
    authors = check_against(Database(rights("platform"), rights("a"))).authors_of(signed_batch(records), EVENT)
    assert authors.clients == {"x via platform": 1, "a": 1}


def test_a_client_made_a_moment_ago_is_looked_up_before_it_is_refused() -> None:
    database = Database()
    check = check_against(database)
    check.authors_of(signed_batch([]), EVENT)
    database.held.append(rights())
    assert check.authors_of(signed_batch([Written(VALUE)]), EVENT).refused == {}


def test_while_the_database_is_away_known_clients_go_on_and_others_wait() -> None:
    database = Database(rights())
    check = check_against(database)
    check.authors_of(signed_batch([Written(VALUE)]), EVENT)
    database.away = True
    assert check.authors_of(signed_batch([Written(VALUE)], from_offset=100), EVENT).refused == {}
    with pytest.raises(AccessUnavailable):
        check.authors_of(signed_batch([Written(VALUE, "b@1")]), EVENT)


def test_a_revocation_before_the_record_is_known_before_it_is_judged() -> None:
    database = Database(rights())
    check = check_against(database)
    check.authors_of(signed_batch([Written(VALUE)]), EVENT)
    database.held = [rights(keys={1: Period(-(10**9), 500)})]
    late = check.authors_of(signed_batch([Written(VALUE)], from_offset=100), EVENT)
    assert reasons(late.refused) == {0: "unknown_client"}


def sources_refused(granted: tuple[str, ...], found: list[str | None]) -> dict[int, tuple[str, str]]:
    always = (Period(-(10**9)),)
    held = rights(sources=dict.fromkeys(granted, always))
    authors = Authors(np.zeros(len(found), np.int32), [held])
    rows, table = np.arange(len(found)), pa.table({"source": pa.array(found, pa.string())})
    return dict(authors.foreign_sources(rows, rows * 10, table))


def test_a_source_is_granted_exactly_or_by_its_beginning() -> None:
    found = ["H22.05", "H22.05.01", "H22", "shopee:1", "shopee:", "tiki:1", None]
    assert sources_refused(("H22.05", "shopee:*"), found) == {
        1: ("a", "H22.05.01"),
        2: ("a", "H22"),
        5: ("a", "tiki:1"),
        6: ("a", ""),
    }


def test_each_author_has_his_own_sources() -> None:
    always = (Period(-(10**9)),)
    authors = Authors(
        np.array([0, 1, 0, 1], np.int32), [rights("a", sources={"A": always}), rights("b", sources={"B": always})]
    )
    table = pa.table({"source": ["A", "A", "B", "B"]})
    assert authors.foreign_sources(np.arange(4), np.zeros(4, np.int64), table) == {1: ("b", "A"), 2: ("a", "B")}


def test_rows_without_a_source_field_speak_for_nobody() -> None:
    authors = Authors(np.zeros(1, np.int32), [rights()])
    table = pa.table({"place": ["Mèo Vạc"]})
    assert authors.foreign_sources(np.arange(1), np.zeros(1, np.int64), table) == {0: ("a", "")}
