"""Java's properties files."""

from __future__ import annotations

from collections.abc import Mapping


def render_properties(properties: Mapping[str, str]) -> str:
    """Lines `key=value` that Java reads back unchanged: to it the file is Latin-1, and a backslash starts an escape."""
    return "".join(f"{key}={_escaped(value)}\n" for key, value in properties.items())


def _escaped(value: str) -> str:
    utf16 = value.replace("\\", "\\\\").encode("utf-16-be")
    units = [int.from_bytes(utf16[at : at + 2], "big") for at in range(0, len(utf16), 2)]
    return "".join(chr(unit) if unit < 128 else f"\\u{unit:04x}" for unit in units)
