from __future__ import annotations

from kafka.structs import MemberState

from consumers.landing.membership import Membership
from tests.unit.landing.stub_consumer import StubConsumer


def member(consumer: StubConsumer) -> Membership:
    return Membership(consumer, listener=None, patience_s=5.0)


def test_a_stable_member_that_reads_is_not_lost() -> None:
    assert not member(StubConsumer()).is_lost(0.0, records_came=True)


def test_records_in_the_midst_of_a_rebalance_mean_that_the_client_forgot_it() -> None:
    consumer = StubConsumer()
    consumer.state = MemberState.REBALANCING
    assert member(consumer).is_lost(0.0, records_came=True)


def test_a_rebalance_without_end_is_one_that_the_client_forgot() -> None:
    consumer = StubConsumer()
    membership = member(consumer)
    consumer.state = MemberState.REBALANCING
    assert not membership.is_lost(10.0, records_came=False)
    assert not membership.is_lost(15.0, records_came=False)
    assert membership.is_lost(15.1, records_came=False)


def test_patience_begins_anew_with_each_rebalance() -> None:
    consumer = StubConsumer()
    membership = member(consumer)
    for now in (0.0, 10.0, 20.0):
        consumer.state = MemberState.REBALANCING
        assert not membership.is_lost(now, records_came=False)
        consumer.state = MemberState.STABLE
        assert not membership.is_lost(now + 4.0, records_came=True)


def test_joining_leaves_first() -> None:
    consumer = StubConsumer()
    membership = member(consumer)
    membership.join({"a.b": "b"})
    assert membership.joined
    assert consumer.subscriptions == [None, ["a.b"]]
