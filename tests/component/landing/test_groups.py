from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from consumers.landing.write import COMMITTED
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import land_and_die, landing_thread


@contextmanager
def steady_sending(place: Place) -> Iterator[None]:
    """Both partitions get a record every few milliseconds while the block runs."""
    enough = threading.Event()

    def send() -> None:
        number = 0
        while not enough.wait(0.005):
            for partition in (0, 1):
                place.queue(place.value(number), partition)
            number += 1
        place.producer.flush(timeout=30)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def assert_all_landed(place: Place) -> None:
    ends = place.ends()
    assert min(ends.values()) > 0
    wait_until(lambda: all(place.reached(partition) >= end for partition, end in ends.items()))
    for partition, end in ends.items():
        assert place.landed(partition) == list(range(end))


def test_landings_share_the_partitions_and_hand_them_over_whole(place: Place) -> None:
    with landing_thread(place), steady_sending(place):
        wait_until(lambda: place.reached(0) and place.reached(1))
        with landing_thread(place):
            wait_until(lambda: place.members() == 2)
            shared_from = place.reached(0), place.reached(1)
            wait_until(lambda: place.reached(0) > shared_from[0] + 50 and place.reached(1) > shared_from[1] + 50)
        wait_until(lambda: place.members() == 1)
        alone_from = place.reached(0), place.reached(1)
        wait_until(lambda: place.reached(0) > alone_from[0] + 50 and place.reached(1) > alone_from[1] + 50)
    with landing_thread(place):
        assert_all_landed(place)


def test_the_partitions_of_a_killed_landing_are_taken_over(place: Place) -> None:
    with steady_sending(place):
        land_and_die(place, COMMITTED, times=3)
    with landing_thread(place):
        assert_all_landed(place)
