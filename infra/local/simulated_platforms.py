"""Simulated marketplaces as a part of the stack: Shopee and Lazada with the simulated shops, for demonstrations.

It is there once `ensure_simulated_platforms` has been called. Its shops stand in `marketplaces.toml` beside any others.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from infra.local.home import PROJECT, Home
from infra.local.part import Part
from infra.local.private_file import write_private
from infra.local.stack import Stack, program
from producers.marketplaces.shops import FILE as MARKETPLACES
from producers.simulator.places import load_places
from producers.simulator.platforms.pushes import CALLBACK
from producers.simulator.shops import Shop, shops

NAME = "simulated-platforms"
FILE, ORDERS = "simulated-platforms.json", "simulated-orders"
PLATFORMS = ("shopee", "lazada")
_BEGIN, _END = "# simulated shops: made by `hagiang demo`\n", "# end of the simulated shops\n"
_BLOCK = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)


@dataclass(frozen=True)
class SimulatedApp:
    """The app that is registered with every simulated platform."""

    key: str
    secret: str = field(repr=False)


def ensure_simulated_platforms(home: Home) -> None:
    """From the next start on the stack has this part; its secret is made once."""
    if not (home.root / FILE).exists():
        # Shopee numbers its partners.
        made = {"key": str(1_000_000 + secrets.randbelow(9_000_000)), "secret": secrets.token_hex(24)}
        write_private(home.root / FILE, json.dumps(made) + "\n")
    (home.root / ORDERS).mkdir(exist_ok=True)
    if not (home.root / MARKETPLACES).exists():
        write_private(home.root / MARKETPLACES, "")


def simulated_app(home: Path) -> SimulatedApp:
    """The app of the state folder's simulated platforms."""
    return SimulatedApp(**json.loads((home / FILE).read_text(encoding="utf-8")))


def simulated_platforms_parts(stack: Stack) -> list[Part]:
    """The part, when the state folder has simulated platforms."""
    if not (stack.home.root / FILE).exists():
        return []
    port = stack.ports["simulated_platforms"]
    part = Part(
        name=NAME,
        command=(program("hagiang"), "marketplaces", "simulate", "--port", str(port)),
        ready=lambda _since: bool(httpx.get(f"{stack.url('simulated_platforms')}/login", timeout=5).is_success),
        before_start=lambda: put_shops(stack),
        port=port,
        directory=PROJECT,
    )
    return [part]


def simulated_needs(stack: Stack) -> tuple[str, ...]:
    """What a part needs that reads the shops when it starts: this part, if there is one."""
    return tuple(part.name for part in simulated_platforms_parts(stack))


def put_shops(stack: Stack) -> None:
    """Write the simulated shops into the file of marketplaces, in place of those that stood there."""
    path = stack.home.root / MARKETPLACES
    others = _BLOCK.sub("", path.read_text(encoding="utf-8"))
    apps = "".join(_app(stack, platform) for platform in PLATFORMS)
    write_private(path, f"{others}{_BEGIN}{apps}{_END}")


def _app(stack: Stack, platform: str) -> str:
    app = simulated_app(stack.home.root)
    address = stack.url("simulated_platforms") + ("/rest" if platform == "lazada" else "")
    told = {"platform": platform, "key": app.key, "secret": app.secret, "api_url": address}
    told["callback_url"] = f"{CALLBACK}{platform}"
    shop_tables = "".join(_shop(shop) for shop in shops(load_places()) if shop.platform == platform)
    return f"[[apps]]\n{_lines(told)}calls_per_second = 1000.0\n{shop_tables}"


def _shop(shop: Shop) -> str:
    told = {"shop_id": shop.shop_id, "commune_code": shop.commune, "refresh_token": f"simulated-{shop.shop_id}"}
    return f"[[apps.shops]]\n{_lines(told)}synthetic = true\n"


def _lines(told: dict[str, str]) -> str:
    return "".join(f'{name} = "{value}"\n' for name, value in told.items())
