"""Which port a part gets."""

from __future__ import annotations

import random
import socket
import threading

import pytest

from infra.local.ports import FREE_RANGE, HOST, USUAL, PortTaken, choose_ports, free_range, is_free, pinned_ports


def everything_free(port: int, patience: float) -> bool:
    return True


def test_usual_ports_when_nothing_is_in_the_way() -> None:
    assert choose_ports({}, {}, automatic=False, free=everything_free) == (dict(USUAL), [])


def test_automatic_ports_are_distinct_and_out_of_the_way_of_outgoing_connections() -> None:
    ports, moved = choose_ports({}, {}, automatic=True, free=everything_free, rng=random.Random(1))
    assert len(set(ports.values())) == len(USUAL)
    assert all(port in FREE_RANGE for port in ports.values())
    assert moved == []


def test_free_ports_come_from_the_range_that_is_asked_for() -> None:
    among = free_range({"HAGIANG_FREE_PORTS": "21000-21019"})
    ports, _ = choose_ports({}, {}, automatic=True, among=among, free=everything_free)
    assert set(ports.values()) <= set(range(21000, 21020))
    assert free_range({}) == FREE_RANGE
    with pytest.raises(PortTaken, match="between 21000 and 21005"):
        choose_ports({}, {}, automatic=True, among=range(21000, 21005), free=everything_free)


@pytest.mark.parametrize("value", ["21000", "21010-21000", "a-b", "0-10", "60000-70000"])
def test_range_that_is_none_is_an_error(value: str) -> None:
    with pytest.raises(PortTaken, match=f"HAGIANG_FREE_PORTS={value}"):
        free_range({"HAGIANG_FREE_PORTS": value})


def test_remembered_port_stays_also_when_automatic() -> None:
    ports, _ = choose_ports({"kafka": 20111}, {}, automatic=True, free=everything_free)
    assert ports["kafka"] == 20111


def test_taken_port_is_replaced_and_said() -> None:
    ports, moved = choose_ports({}, {}, automatic=False, free=lambda port, patience: port != USUAL["store"])
    assert ports["store"] in FREE_RANGE
    assert moved == [f"port {USUAL['store']} of store is taken by another program: using {ports['store']}"]


def test_pinned_port_wins_over_the_remembered_one() -> None:
    ports, _ = choose_ports({"kafka": 20111}, {"kafka": 30222}, automatic=False, free=everything_free)
    assert ports["kafka"] == 30222


def test_pinned_port_that_is_taken_is_an_error_and_not_moved() -> None:
    with pytest.raises(PortTaken, match="port 30222 for kafka is not free"):
        choose_ports({}, {"kafka": 30222}, automatic=False, free=lambda port, patience: port != 30222)


def test_two_parts_pinned_to_one_port_is_an_error() -> None:
    with pytest.raises(PortTaken):
        choose_ports({}, {"kafka": 30222, "store": 30222}, automatic=False, free=everything_free)


def test_pins_come_from_the_environment() -> None:
    environ = {"HAGIANG_PORT_KAFKA_CONTROLLER": "30333", "HAGIANG_PORT_STORE": ""}
    assert pinned_ports(environ) == {"kafka_controller": 30333}


@pytest.mark.parametrize("value", ["http", "0", "70000", "-1"])
def test_pin_that_is_no_port_is_an_error(value: str) -> None:
    with pytest.raises(PortTaken, match=f"HAGIANG_PORT_KAFKA={value}"):
        pinned_ports({"HAGIANG_PORT_KAFKA": value})


def test_only_a_port_of_our_own_past_is_waited_for() -> None:
    asked: dict[int, float] = {}

    def free(port: int, patience: float) -> bool:
        asked[port] = patience
        return True

    choose_ports({"kafka": 20111}, {}, automatic=False, free=free)
    assert asked.pop(20111) > 0
    assert set(asked.values()) == {0}


def test_port_becomes_free_while_waiting() -> None:
    server = socket.create_server((HOST, 0))
    threading.Timer(0.2, server.close).start()
    assert is_free(server.getsockname()[1], patience=10)


def test_port_with_a_listener_is_not_free() -> None:
    with socket.create_server((HOST, 0)) as server:
        assert not is_free(server.getsockname()[1])
