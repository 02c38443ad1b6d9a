"""Lines for a shell that work as they stand, given the variables of a client's credentials file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from producers.gateway.documentation.documented import Preparation
from schemas.site.bilingual import Bilingual

END = "BODY"
_KEY = '-H "Authorization: Bearer $HAGIANG_API_KEY"'
_INDENT = " \\\n    "
# Whose system a kind of client is, as an organisation that the operator replaces.
_ORGANISATIONS: Mapping[str, str] = {"agency": "Sở của tôi", "fpt": "FPT", "marketplace": "Sàn của tôi"}


def posting(path: str, headers: Mapping[str, str], body: str) -> str:
    """curl with the body below it; `path` with its query."""
    return f"{_curl(path, headers)} <<'{END}'\n{body.rstrip()}\n{END}"


def posting_base64(path: str, headers: Mapping[str, str], body: str) -> str:
    """curl with a binary body, which stands below it in Base64."""
    return f"base64 -d <<'{END}' | {_curl(path, headers)}\n{body.rstrip()}\n{END}"


def granting(kind: str, events: Sequence[str], sources: Sequence[str], whose: Bilingual) -> Preparation:
    """What the operator grants to a client of that kind; `whose` tells which sources those are."""
    name = f"my-{kind}"
    options = [
        f"--organisation {shlex.quote(_ORGANISATIONS.get(kind, kind))} --kind {kind}",
        " ".join(f"--event {event}" for event in events),
        " ".join(f"--source {shlex.quote(source)}" for source in sources),
        f"--output {name}.env",
    ]
    words = Bilingual(
        "The platform's operator grants these events, for your sources, and hands the file over; you read it with "
        f"`set -a; . ./{name}.env; set +a`. A client that there is already is named in place of `{name}` and keeps its "
        f"keys. {whose.en}",
        "Quản trị hệ thống cấp quyền gửi các sự kiện này cho nguồn của bạn và giao tệp; nạp tệp bằng "
        f"`set -a; . ./{name}.env; set +a`. Nếu đã có tài khoản, thay `{name}` bằng tên đó; khóa giữ nguyên. "
        f"{whose.vi}",
    )
    return Preparation(words, _INDENT.join([f"hagiang access grant {name}", *options]))


def pretty(value: Any) -> str:
    """JSON for people; text as it is."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _curl(path: str, headers: Mapping[str, str]) -> str:
    told = [f'-H "{name}: {value}"' for name, value in headers.items()]
    return _INDENT.join([f'curl -sS -X POST "$GATEWAY_URL{path}"', _KEY, *told, "--data-binary @-"])
