"""The simulated platforms answer our clients' order calls for the shops that they are set up with."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from infra.local.credentials import load_credentials
from infra.local.home import make_home
from infra.local.jars import Jars
from infra.local.ports import USUAL
from infra.local.simulated_platforms import ORDERS, ensure_simulated_platforms, put_shops, simulated_app
from infra.local.stack import Stack
from producers.marketplaces.deliver import fetched
from producers.marketplaces.orders import event_of
from producers.marketplaces.sessions import Sessions
from producers.marketplaces.shops import FILE, load_marketplaces
from producers.marketplaces.tokens import TokenFile
from producers.simulator.foreign import orders
from producers.simulator.foreign.message import Message
from producers.simulator.places import load_places
from producers.simulator.platforms.kept import KeptWorld
from producers.simulator.platforms.pushes import Pusher
from producers.simulator.platforms.server import platform_server
from producers.simulator.scenario import make_scenario


@pytest.mark.parametrize("platform", ["shopee", "lazada"])
def test_a_push_is_completed_to_the_event_that_is_expected(tmp_path: Path, platform: str) -> None:
    records = [each for each in make_scenario(7, 3000, load_places()) if each.form == "event"]
    message = next(orders.message_of(record) for record in records if orders.can_say(platform, record))
    home = make_home(tmp_path / "home")
    ensure_simulated_platforms(home)
    (home.root / ORDERS / f"{platform}.json").write_text(json.dumps({message.content.number: message.content.order}))
    app = simulated_app(home.root)
    with platform_server(KeptWorld(app.key, app.secret, folder=home.root / ORDERS)) as url, httpx.Client() as http:
        ports = {**USUAL, "simulated_platforms": int(url.rpartition(":")[2])}
        put_shops(Stack(home, ports, load_credentials(home.credentials), Jars(tmp_path), tmp_path, tmp_path))
        shops = load_marketplaces(home.root / FILE)
        sessions = Sessions(shops, TokenFile(tmp_path / "tokens.json", time.time), http)
        assert completed(sessions, message, Pusher(app.key, app.secret, message.content.shop, time.time())) is True


def completed(sessions: Sessions, message: Message, pusher: Pusher) -> bool:
    """Whether the push with the platform's answer is the expected event, and no order is listed as made today."""
    at = sessions.of(message.content.platform, message.content.shop)
    assert at
    platform, session = at
    change = platform.read_push(message.content.pushed_by(pusher).body)
    assert change
    final, order = fetched(platform, session, change)
    assert list(platform.orders_created(session, datetime(2021, 6, 1, tzinfo=UTC), datetime.now(UTC))) == []
    return event_of(final, order, session.shop, platform.states) == message.record.body
