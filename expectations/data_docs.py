"""Data Docs: the latest results of each suite as a small site of plain files, made from what the lake keeps.

Outside the way of a load: a page that is late or missing changes nothing (infra/decisions/0506-data-docs.md).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from expectations.check_summary import CheckSummary, from_json, summary_of, to_json
from expectations.result_page import PAGES, SITE, result_page
from expectations.results import load_of, result_key, results_prefix
from schemas.contract import Contract

log = logging.getLogger(__name__)

KEPT = 20
LIST = "checks.json"


class ResultStore(Protocol):
    """The part of the lake that is needed here."""

    def get(self, key: str) -> bytes:
        """The object of that key."""

    def list_after(self, prefix: str, start_after: str = "") -> Iterator[str]:
        """Keys with the prefix that sort after `start_after`, in order."""


def document(store: ResultStore, contract: Contract, folder: Path, kept: int = KEPT) -> None:
    """Bring the site in `folder` up to date with the newest `kept` results of the contract's suite.

    Raises the store's errors. Safe beside calls for other events; calls for the same event must follow each other.
    """
    place = folder / contract.event
    place.mkdir(parents=True, exist_ok=True)
    known = {check.load_id: check for check in known_checks(place)}
    checks = [_documented(store, contract, place, key, known) for key in _newest_keys(store, contract, known, kept)]
    checks.sort(key=lambda check: -check.load_id)
    _write(place / LIST, json.dumps([to_json(check) for check in checks], ensure_ascii=False))
    _write(place / "index.html", _event_page(contract, checks))
    _remove_others(place, {check.page for check in checks})
    write_front(folder)
    log.info("Documented %d checks", len(checks), extra={"action": "document", "event": contract.event})


def write_front(folder: Path) -> None:
    """The front page and the style sheet; a site without any check has them too."""
    folder.mkdir(parents=True, exist_ok=True)
    events = sorted(path.parent for path in folder.glob(f"*/{LIST}"))
    latest = [(place.name, checks[0]) for place in events if (checks := known_checks(place))]
    _write(folder / "index.html", PAGES.get_template("index.html.j2").render(latest=latest))
    _write(folder / "style.css", (SITE / "style.css").read_text(encoding="utf-8"))


def known_checks(place: Path) -> list[CheckSummary]:
    """The checks an event's part of the site shows, the newest first."""
    path = place / LIST
    return list(map(from_json, json.loads(path.read_text(encoding="utf-8")))) if path.is_file() else []


def _newest_keys(store: ResultStore, contract: Contract, known: dict[int, CheckSummary], kept: int) -> list[str]:
    """Only keys from the oldest that is shown on are listed: the lake may hold very many before it."""
    start = result_key(contract.event, min(known) - 1) if known else ""
    return list(store.list_after(results_prefix(contract.event), start))[-kept:]


def _documented(
    store: ResultStore, contract: Contract, place: Path, key: str, known: dict[int, CheckSummary]
) -> CheckSummary:
    """The check's summary, its page written unless it stands there already; a load may have been checked again."""
    body = store.get(key)
    digest = hashlib.sha256(body).hexdigest()
    earlier = known.get(load_of(key))
    if earlier is not None and earlier.digest == digest and (place / earlier.page).is_file():
        return earlier
    found = json.loads(body)
    check = summary_of(load_of(key), found, digest)
    _write(place / check.page, result_page(contract.event, check, found))
    return check


def _event_page(contract: Contract, checks: list[CheckSummary]) -> str:
    return PAGES.get_template("event.html.j2").render(
        event=contract.event,
        doc=contract.doc,
        doc_vi=contract.doc_vi,
        prefix=results_prefix(contract.event),
        checks=checks,
    )


def _remove_others(place: Path, pages: set[str]) -> None:
    for path in place.glob("[0-9]*.html"):
        if path.name not in pages:
            path.unlink()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, for whoever reads meanwhile."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
