"""POST /dossier-sync."""

from __future__ import annotations

import re

from producers.dossier_sync.documented import DOCUMENTED
from producers.dossier_sync.records import EVENT, USUAL_APPLICANTS, Hints, SyncSource, translate
from producers.dossier_sync.values import RecordInvalid, invalid
from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.gateway.problems import told_at_once
from producers.json_documents import items_in
from producers.translated import Translated
from schemas.fitting import Reason
from schemas.rules import Violation

KINDS = ("citizen", "business", "household_business")
_COMMUNE = re.compile(r"\d{5}", re.ASCII)
_OTHERWISE = "systems differ: what yours means is told in the address, as in ?applicants=1:citizen,2:business"
_OTHERWISE_VI = "mỗi hệ thống một khác: nêu ý nghĩa trong địa chỉ, ví dụ ?applicants=1:citizen,2:business"


def dossier_sync_adapter() -> Adapter:
    """A record or a list of them. The query may tell `source`, `commune` and what LoaiDoiTuong means
    (`applicants=1:citizen,2:business`)."""
    return Adapter("/dossier-sync", "Dossier sync", "application/json", (EVENT,), adapt, False, DOCUMENTED)


def adapt(posted: Posted) -> list[Translated | RecordInvalid]:
    """An event or an error for each record; raises DocumentInvalid, and Problem for a query that says nonsense."""
    commune, applicants = posted.query.get("commune"), posted.query.get("applicants")
    wrong = [*_commune_faults(commune), *_applicants_faults(applicants)]
    if wrong:
        raise told_at_once(400, "query", wrong)
    meanings = USUAL_APPLICANTS if applicants is None else dict(_pairs(applicants))
    source = SyncSource(posted.source, commune, meanings, posted.synthetic, _hints(applicants))
    return [_translated(item, source) for item in items_in(posted.body)]


def _translated(item: object, source: SyncSource) -> Translated | RecordInvalid:
    try:
        return translate(item, source)
    except RecordInvalid as error:
        return error


def _hints(applicants: str | None) -> Hints:
    """By what the address says already."""
    commune = Reason(
        "; a commune for all records that lack it is told in the address, as in ?commune=00688",
        "; xã dùng chung cho các bản ghi thiếu MaXa được nêu trong địa chỉ, ví dụ ?commune=00688",
    )
    if applicants is None:
        return Hints(commune, Reason(f"; {_OTHERWISE}", f"; {_OTHERWISE_VI}"))
    return Hints(
        commune,
        Reason(
            "; these are the values that ?applicants= in the address names, which must name all of the system's",
            "; đó là các giá trị nêu ở ?applicants= trong địa chỉ, nơi phải nêu đủ các giá trị của hệ thống",
        ),
    )


def _commune_faults(commune: str | None) -> list[Violation]:
    if commune is None or _COMMUNE.fullmatch(commune):
        return []
    said, said_vi = "must be the five digits of a commune, such as 00688", "phải là mã xã gồm năm chữ số, ví dụ 00688"
    return list(invalid("commune", "pattern", said, said_vi, commune).violations)


def _applicants_faults(applicants: str | None) -> list[Violation]:
    pairs = [] if applicants is None else _pairs(applicants)
    if all(value and kind in KINDS for value, kind in pairs) and len(dict(pairs)) == len(pairs):
        return []
    said = f"must be such as 1:citizen,2:business, each value once, of {', '.join(KINDS)}"
    said_vi = f"phải dạng 1:citizen,2:business, mỗi giá trị một lần, trong {', '.join(KINDS)}"
    return list(invalid("applicants", "pattern", said, said_vi, applicants).violations)


def _pairs(applicants: str) -> list[tuple[str, str]]:
    found = [each.partition(":") for each in applicants.split(",")]
    return [(value.strip(), kind.strip()) for value, _, kind in found]
