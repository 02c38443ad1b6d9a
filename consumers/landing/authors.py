"""Who wrote each record of a batch, proven by its signature, and whether he might (ADR 0604)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from consumers.lake.seals import Numbers
from consumers.landing.claims import Claim, Claimed, claims_of
from consumers.landing.records import OpenBatch
from consumers.landing.rejects import Reason
from consumers.landing.writer_schemas import Refusal
from infra.access.clients import PLATFORM
from infra.access.rights import Period, Rights, Snapshot
from infra.access.view import AccessView
from schemas.signature import signatures, signing_key_of

# How far the broker's clock may lag behind the database's when a right has just been granted.
_SKEW_MS = 2_000
_SHOWN = 60
_SOURCE = "source"

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Refusals = dict[int, Refusal]


@dataclass
class Authors:
    """The proven author of each record: its place in `rights`, or -1; `refused` says by place what is wrong.

    `clients` counts the records by who wrote them.
    """

    numbers: np.ndarray[Any, np.dtype[np.int32]]
    rights: list[Rights] = field(default_factory=list)
    refused: Refusals = field(default_factory=dict)
    clients: dict[str, int] = field(default_factory=dict)

    def foreign_sources(self, rows: Numbers, timestamps: Numbers, table: pa.Table) -> Mapping[int, tuple[str, str]]:
        """Which of these records speak for a source that is not their author's: index -> the author and the source.

        `rows` are their places in the batch, `table` holds them decoded. Each pair of author and source is looked up
        once.
        """
        codes, values = _coded_sources(table)
        pairs = self.numbers[rows].astype(np.int64) * len(values) + codes
        foreign: dict[int, tuple[str, str]] = {}
        for pair in np.unique(pairs).tolist():
            number, code = divmod(pair, len(values))
            rights, source = self.rights[number], values[code]
            places = np.flatnonzero(pairs == pair)
            granted = _within(rights.periods_of_source(source), timestamps[places])
            foreign |= dict.fromkeys(places[~granted].tolist(), (rights.name, source))
        return foreign


def _coded_sources(table: pa.Table) -> tuple[Numbers, Sequence[str]]:
    """For each row the number of its source, and the sources; a row that tells none has the empty one."""
    if _SOURCE not in table.column_names:
        return np.zeros(len(table), np.int64), [""]
    column = table.column(_SOURCE).cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
    return column.indices.to_numpy(zero_copy_only=False).astype(np.int64), column.dictionary.to_pylist()


class AuthorCheck:
    """Proves authors against the rights as they were at the records' Kafka timestamps."""

    def __init__(self, view: AccessView, signing_master: bytes) -> None:
        self._view = view
        self._master = signing_master
        self._keys: dict[str, bytes] = {}

    def authors_of(self, batch: OpenBatch, event: str) -> Authors:
        """The authors of a batch of the event.

        Raises AccessUnavailable while a client cannot be looked up; one that is known goes on meanwhile.
        """
        authors = Authors(np.full(len(batch.values), -1, np.int32))
        claims, unclaimed = claims_of(batch.headers)
        authors.refused |= dict.fromkeys(unclaimed, _NOT_SIGNED)
        snapshot = self._snapshot_for(claims, max(batch.timestamps, default=0))
        for claim, claimed in claims.items():
            self._judge(batch, event, claim, claimed, snapshot.rights.get(claim.name), authors)
        return authors

    def _snapshot_for(self, claims: Iterable[Claim], at: int) -> Snapshot:
        """The rights at that time; read anew before anyone is called unknown."""
        snapshot = self._view.snapshot_at(at)
        known = all(
            claim.name in snapshot.rights and claim.version in snapshot.rights[claim.name].keys for claim in claims
        )
        return snapshot if known else self._view.refresh()

    def _judge(
        self, batch: OpenBatch, event: str, claim: Claim, claimed: Claimed, rights: Rights | None, authors: Authors
    ) -> None:
        if rights is None:
            refusal = Refusal(None, Reason.UNKNOWN_CLIENT, f"there is no client {claim.name[:_SHOWN]}")
            authors.refused |= dict.fromkeys(claimed.rows, refusal)
            return
        key = rights.keys.get(claim.version)
        right = self._rightly_signed(batch, claim, claimed) if key else np.zeros(len(claimed.rows), np.bool_)
        rows = np.asarray(claimed.rows)
        authors.refused |= dict.fromkeys(rows[~right].tolist(), _bad_signature(claim, key))
        rows = rows[right]
        authors.clients[_counted_as(claim)] = len(rows)
        timestamps = np.asarray(batch.timestamps, np.int64)[rows]
        for periods, refusal in (
            (rights.keys.values(), _had_no_access(claim)),
            ((key,) if key else (), _key_not_in_force(claim)),
            (rights.periods_of_event(event), _event_not_granted(claim, event)),
        ):
            granted = _within(periods, timestamps)
            authors.refused |= dict.fromkeys(rows[~granted].tolist(), refusal)
            rows, timestamps = rows[granted], timestamps[granted]
        authors.numbers[rows] = len(authors.rights)
        authors.rights.append(rights)

    def _rightly_signed(self, batch: OpenBatch, claim: Claim, claimed: Claimed) -> Mask:
        """Which of the records have the signature they should have."""
        rows = claimed.rows
        whole = len(rows) == len(batch.values)
        keys = batch.keys if whole else [batch.keys[row] for row in rows]
        values = batch.values if whole else [batch.values[row] for row in rows]
        wanted = signatures(self._signing_key(claim.client), batch.topic, keys, values)
        if hmac.compare_digest(b"".join(wanted), b"".join(claimed.signatures)):
            return np.ones(len(rows), np.bool_)
        return np.fromiter(map(hmac.compare_digest, wanted, claimed.signatures), np.bool_, len(rows))

    def _signing_key(self, client: str) -> bytes:
        if client not in self._keys:
            self._keys[client] = signing_key_of(self._master, client)
        return self._keys[client]


def _within(periods: Iterable[Period], timestamps: Numbers) -> Mask:
    """Which timestamps lie in one of the periods."""
    within = np.zeros(len(timestamps), np.bool_)
    for period in periods:
        within |= (timestamps >= period.start - _SKEW_MS) & (timestamps < period.end)
    return within


def _counted_as(claim: Claim) -> str:
    """Only the platform's own parts write for others."""
    return f"{claim.on_behalf_of} via {PLATFORM}" if claim.on_behalf_of and claim.name == PLATFORM else claim.name


_NOT_SIGNED = Refusal(None, Reason.NOT_SIGNED, "it lacks the headers hg-client and hg-signature")


def _bad_signature(claim: Claim, key: Period | None) -> Refusal:
    found = "the signature is another" if key else "the client has no signing key of that version"
    return Refusal(None, Reason.BAD_SIGNATURE, f"{claim.client}: {found}")


def _had_no_access(claim: Claim) -> Refusal:
    return Refusal(None, Reason.UNKNOWN_CLIENT, f"{claim.name} had no access at that time", claim.name)


def _key_not_in_force(claim: Claim) -> Refusal:
    found = f"the signing key {claim.client} was not in force at that time"
    return Refusal(None, Reason.BAD_SIGNATURE, found, claim.name)


def _event_not_granted(claim: Claim, event: str) -> Refusal:
    return Refusal(None, Reason.EVENT_NOT_GRANTED, f"{claim.name} may not write {event}", claim.name)
