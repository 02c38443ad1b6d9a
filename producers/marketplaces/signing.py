"""The signature of a push: hex HMAC-SHA256 over a base string that is made of the raw body."""

from __future__ import annotations

import hashlib
import hmac
import re

_PART = re.compile(r"\{(url|app_key|body)\}")
_BRACE = re.compile(r"[{}]")


def check_template(template: str) -> str | None:
    """What is wrong with a base string's template; None when it can be used."""
    if template.count("{body}") != 1:
        return "must hold {body} once"
    if _BRACE.search(_PART.sub("", template)):
        return "may hold {url}, {app_key} and {body} only"
    return None


def base_string(template: str, *, url: str, app_key: str, body: bytes) -> bytes:
    """The bytes that are signed: `{url}`, `{app_key}` and `{body}` of the template replaced, each once, in one pass."""
    values = {"url": url.encode(), "app_key": app_key.encode(), "body": body}
    parts = _PART.split(template)
    return b"".join(values[part] if number % 2 else part.encode() for number, part in enumerate(parts))


def hmac_hex(secret: str, message: bytes) -> str:
    """Lower-case hex HMAC-SHA256."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def matches(expected: str, given: str) -> bool:
    """Whether two signatures are equal, whatever their case, in constant time; what is not ASCII never is."""
    return hmac.compare_digest(expected.lower().encode(), given.strip().lower().encode("utf-8", "surrogateescape"))
