"""Numbers of persons that were sent in clear are found nowhere afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.access.audit_trail import last_entries
from producers.pseudonyms import load_keys
from tests.component.gateway.running import Gateway, ends_of, events_in, example, records_after, wait_until
from tests.component.gateway.test_outages import NOWHERE

EVENT, TOPIC = "seller_onboarded", "marketplace.seller_onboarded"
PLANTED = ("002199000123", "0912345678", "002 089 004 567", "+84 987.654.321")


def seller(number: Any) -> dict[str, Any]:
    return example(EVENT, source="shopee:shop1", platform="shopee", shop_id="shop1", seller_pseudonym=number)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "pseudonym-keys.json"]


def assert_nowhere(*contents: bytes) -> None:
    assert all(contents)
    for planted in PLANTED:
        for form in (planted, planted.replace(" ", "").replace(".", "")):
            assert all(form.encode() not in content for content in contents), form


def test_a_number_in_clear_becomes_the_households_pseudonym(gateway: Gateway) -> None:
    start = ends_of(gateway.settings, TOPIC)
    for number in ("10A8-002.199", "10a8 002 199"):
        assert gateway.post(seller({"clear": number}), topic=TOPIC).status_code == 202
    keys = load_keys(gateway.folder / "pseudonym-keys.json")
    sent = {event["seller_pseudonym"] for event in events_in(records_after(gateway.settings, start), EVENT)}
    assert sent == {keys.pseudonym("household", "10A8002199")}


def test_a_rotated_key_is_taken_up_and_the_earlier_pseudonym_can_be_found(gateway: Gateway) -> None:
    start = ends_of(gateway.settings, TOPIC)
    assert gateway.post(seller({"clear": PLANTED[0]}), topic=TOPIC).status_code == 202
    assert pseudonyms(gateway, "rotate", "household") == ["household: pseudonyms begin with 02 from now on."]
    assert gateway.post(seller({"clear": PLANTED[0]}), topic=TOPIC).status_code == 202
    sent = [event["seller_pseudonym"] for event in events_in(records_after(gateway.settings, start), EVENT)]
    assert sorted(sent, reverse=True) == pseudonyms(gateway, "find", "household", given=PLANTED[0])
    assert "household: 01, 02" in pseudonyms(gateway, "list")
    with gateway.engine.connect() as connection:
        entries = last_entries(connection, 5, "pseudonyms of household")
    assert [entry.action for entry in entries[:2]] == ["read", "rotate"]
    assert_nowhere(*(str(entry).encode() for entry in entries))


def pseudonyms(gateway: Gateway, *words: str, given: str = "") -> list[str]:
    """What `hagiang pseudonyms` prints on the gateway's keys."""
    command = [str(Path(sys.executable).with_name("hagiang")), "pseudonyms", *words]
    done = subprocess.run(
        command, env=gateway.environ, input=given, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()


def test_planted_numbers_are_in_no_topic_log_answer_or_spool(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    answers = [own_gateway.post(seller({"clear": number}), topic=TOPIC) for number in PLANTED]
    assert {answer.status_code for answer in answers} == {202}
    # Every way to get them wrong: as the pseudonym itself, unknown fields, broken JSON, foreign types.
    wrong = [
        own_gateway.post(body, topic=TOPIC)
        for number in PLANTED
        for body in (
            seller(number),
            seller({"clear": number, "name": number}),
            seller({"clear": [number]}),
            seller([number]),
            {**seller(None), "phone": number, number: number},
            f'{{"seller_pseudonym": "{number}" oops'.encode(),
        )
    ]
    assert {answer.status_code for answer in wrong} <= {400, 422}
    own_gateway.stop()
    own_gateway.start(**NOWHERE)
    for number in PLANTED:
        assert own_gateway.post(seller({"clear": number}), topic=TOPIC).status_code == 202
    own_gateway.stop(signal.SIGKILL)
    spooled = [path for path in files_below(own_gateway.folder) if path.suffix == ".segment"]
    assert sum(path.stat().st_size for path in spooled) > 1000
    assert_nowhere(*(path.read_bytes() for path in files_below(own_gateway.folder) if path.stat().st_size))
    own_gateway.start()
    wait_until(own_gateway.reaches_kafka)
    records = records_after(own_gateway.settings, start)
    assert len(records) >= 2 * len(PLANTED)
    assert_nowhere(*(record.value for record in records), *(record.key for record in records))
    assert_nowhere(*(answer.content for answer in [*answers, *wrong] if b"is no field" not in answer.content))
