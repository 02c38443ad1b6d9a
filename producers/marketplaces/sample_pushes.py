"""A push of each platform as its documentation has it, and the lines that sign and post it by hand.

The platforms sign and post by themselves; this is for trying an app's settings out before it is registered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from producers.gateway.documentation.documented import Sample
from producers.gateway.documentation.shell_lines import END
from producers.marketplaces.platforms import Platform
from schemas.contract import Json
from schemas.site.bilingual import Bilingual

FOLDER = Path(__file__).parent / "samples"
# The time in the samples: lines put today's in its place, since an old push is refused.
SECONDS = "1624410900"
APP_KEY, APP_SECRET, PUSH_KEY = "2001887", "secret-of-the-app", "key-in-the-address"

_TITLE = Bilingual("An order that was shipped", "Đơn hàng đã giao cho đơn vị vận chuyển")
_VARIABLES: Mapping[str, str] = {"url": "CALLBACK_URL", "app_key": "APP_KEY", "body": "body"}


def sample_push(platform: Platform) -> Sample:
    """Posted as the app and shop of `settings_of` would have it."""
    body: Json = json.loads(_text(platform))
    return Sample("shipped", _TITLE, body, _shell(platform))


def callback_of(platform: Platform) -> str:
    """The address that the platform was told, an example."""
    return f"https://data.example.vn/webhooks/{platform.path}"


def settings_of(platform: Platform, shop_id: str) -> str:
    """The app and its shop in marketplaces.toml."""
    signed = platform.base_string is not None
    of_app = f'callback_url = "{callback_of(platform)}"' if signed else f'push_key = "{PUSH_KEY}"'
    of_shop = {"tiktok": ['refresh_token = "..."', 'shop_cipher = "..."'], "sendo": []}
    lines = [
        "[[apps]]",
        f'platform = "{platform.name}"',
        f'key = "{APP_KEY}"',
        f'secret = "{APP_SECRET}"',
        of_app,
        "[[apps.shops]]",
        f'shop_id = "{shop_id}"',
        'commune_code = "00715"',
        *of_shop.get(platform.name, ['refresh_token = "..."']),
        "synthetic = true",
    ]
    return "\n".join(lines)


def _text(platform: Platform) -> str:
    return (FOLDER / f"{platform.name}.json").read_text(encoding="utf-8").rstrip()


def _shell(platform: Platform) -> str:
    body = f"body=$(sed \"s/{SECONDS}/$(date +%s)/\" <<'{END}'\n{_text(platform)}\n{END}\n)"
    if platform.base_string is None:
        post = _post(f"{platform.path}?key=$PUSH_KEY", [])
        return f"PUSH_KEY='{PUSH_KEY}'\n{body}\n{post}"
    variables = [f"APP_KEY='{APP_KEY}' APP_SECRET='{APP_SECRET}'", f"CALLBACK_URL='{callback_of(platform)}'"]
    signed = re.sub(r"\{(\w+)\}", lambda part: f"${{{_VARIABLES[part[1]]}}}", platform.base_string)
    proof = f'proof=$(printf %s "{signed}" | openssl dgst -sha256 -hmac "$APP_SECRET" -r | cut -d \' \' -f 1)'
    return "\n".join([*variables, body, proof, _post(platform.path or "", ['-H "Authorization: $proof"'])])


def _post(path: str, headers: list[str]) -> str:
    told = [*headers, '-H "Content-Type: application/json"', '--data-raw "$body"']
    return " \\\n    ".join([f'curl -sS -i -X POST "$GATEWAY_URL/webhooks/{path}"', *told])
