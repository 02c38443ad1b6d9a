"""Addresses that lead nowhere, told with the one that was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from producers.gateway.problems import Problem

_WEBHOOKS = "/webhooks"
_SHOWN = 100


def nothing_at(path: str, known: Collection[str]) -> Problem:
    """The 404 of a path; `known` are the addresses that there are."""
    near = _near(path, known)
    said, said_vi = f"There is nothing at {_shown(path)}", f"Không có gì ở {_shown(path)}"
    if near and path.rstrip("/") == near:
        hint, hint_vi = f"use {near} without the slash at its end", f"dùng {near}, bỏ dấu gạch chéo ở cuối"
    elif path.startswith(_WEBHOOKS):
        webhooks = ", ".join(sorted(each for each in known if each.startswith(_WEBHOOKS)))
        hint, hint_vi = f"the webhooks are {webhooks or 'none'}", f"các địa chỉ webhook là {webhooks or 'chưa có'}"
    elif near:
        hint, hint_vi = f"did you mean {near}?", f"có phải là {near}?"
    else:
        hint = "events are posted to /events/<domain>.<event>, see /docs"
        hint_vi = "sự kiện được gửi tới /events/<lĩnh vực>.<sự kiện>, xem /docs"
    return Problem(404, "not-found", _sentence(said, hint), detail_vi=_sentence(said_vi, hint_vi))


def _near(path: str, known: Collection[str]) -> str | None:
    bare = path.rstrip("/")
    if bare in known:
        return bare
    return next(iter(get_close_matches(bare[:_SHOWN], known, n=1, cutoff=0.75)), None)


def _sentence(said: str, hint: str) -> str:
    return f"{said}; {hint}" if hint.endswith("?") else f"{said}; {hint}."


def _shown(path: str) -> str:
    cut = path if len(path) <= _SHOWN else f"{path[: _SHOWN - 1]}…"
    return cut.encode("utf-8", "replace").decode()
