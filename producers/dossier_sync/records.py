"""From a record of the dossier synchronisation to `dossier_status_changed`.

The record is a dossier as it stands; the event is the step that brought it there. Names of applicants, numbers of
papers, addresses and links stay behind.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from producers.agency_codes import canonical_agency_code
from producers.dossier_sync.values import (
    Record,
    RecordInvalid,
    choice,
    invalid,
    items,
    moment,
    need_text,
    text,
    whole_number,
)
from producers.translated import Translated
from schemas.rules import kind_of

EVENT = "dossier_status_changed"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vn:hagiang:dossier-sync")
FINISHED, HANDED_OVER = 9, 10
LAST_STATUS = 10

_CHANNELS: Mapping[str, str] = MappingProxyType({"1": "direct", "2": "online", "3": "post"})
_YES_NO: Mapping[str, bool] = MappingProxyType({"0": False, "1": True})
# The fields that tell when a state was reached, the first that is filled in. Other states have none of their own.
_TIMES: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("NgayNopHoSo", "NgayTiepNhan"),
        2: ("NgayTiepNhan",),
        3: ("NgayTuChoi", "NgayKetThucXuLy"),
        8: ("NgayKetThucXuLy",),
        FINISHED: ("NgayKetThucXuLy",),
        HANDED_OVER: ("NgayTra",),
    }
)
_EVERY_STATE = "ThoiDiemXuLy"
_DELETED = ("1", "true", "True")
_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "dossier_code": "MaHoSo",
        "procedure_code": "MaTTHC",
        "agency_code": "DonViXuLy",
        "commune_code": "MaXa",
        "status": "TrangThaiHoSo",
        "channel": "KenhThucHien",
        "applicant_kind": "LoaiDoiTuong",
        "received_at": "NgayTiepNhan",
        "due_at": "NgayHenTra",
        "fee_vnd": "DanhSachLePhi",
    }
)

# The most common meaning of LoaiDoiTuong; systems differ.
USUAL_APPLICANTS: Mapping[str, str] = MappingProxyType({"0": "citizen", "1": "business", "2": "household_business"})


@dataclass(frozen=True)
class SyncSource:
    """What a record does not say about the system it comes from.

    `source` is the agency whose system it is (None: the dossier's own), `commune_code` stands in for a record without
    `MaXa`, `applicants` tells what the system's values of LoaiDoiTuong mean.
    """

    source: str | None = None
    commune_code: str | None = None
    applicants: Mapping[str, str] = field(default_factory=lambda: USUAL_APPLICANTS)
    synthetic: bool = False


def translate(record: Any, source: SyncSource) -> Translated:
    """The event of a record; raises RecordInvalid. The same step of the same dossier is the same event_id."""
    if not isinstance(record, Mapping):
        kind = kind_of(record)
        raise invalid("record", "type", f"must be an object, is {kind.en}", f"phải là đối tượng, đang là {kind.vi}")
    code, status = need_text(record, "MaHoSo"), _status(record)
    agency, occurred_at = _agency(record, code), _occurred_at(record, status)
    publisher = source.source or agency
    fee = _fee(record)
    event = {
        "event_id": _identity(publisher, code, str(status), occurred_at.isoformat()),
        "occurred_at": occurred_at,
        "source": publisher,
        "synthetic": source.synthetic,
        "dossier_code": code,
        "procedure_code": need_text(record, "MaTTHC"),
        "agency_code": agency,
        "commune_code": text(record, "MaXa") or source.commune_code or need_text(record, "MaXa"),
        "previous_status": None,
        "status": status,
        "channel": choice(record, "KenhThucHien", _CHANNELS, empty="direct"),
        "applicant_kind": choice(record, "LoaiDoiTuong", source.applicants),
        "received_at": moment(record, "NgayTiepNhan"),
        "due_at": moment(record, "NgayHenTra"),
        "fee_vnd": fee,
        "paid_online": choice(record, "DuocThanhToanTrucTuyen", _YES_NO, empty=False) if fee else None,
        "needs_result_document": None,
        "electronic_result": _electronic_result(record, status),
        "component_count": None,
        "digitised_component_count": _digitised(record),
    }
    return Translated(EVENT, event, _PLACES)


def _status(record: Record) -> int:
    status = whole_number(record, "TrangThaiHoSo")
    if not 1 <= status <= LAST_STATUS:
        said, said_vi = f"must be from 1 to {LAST_STATUS}", f"phải từ 1 đến {LAST_STATUS}"
        raise invalid("TrangThaiHoSo", "max", said, said_vi, str(status))
    return status


def _agency(record: Record, dossier_code: str) -> str:
    """DonViXuLy when it is a code; many systems write a name there, and the dossier's code begins with the agency's."""
    named = canonical_agency_code(text(record, "DonViXuLy") or "")
    found = named or canonical_agency_code(dossier_code.partition("-")[0])
    if found is None:
        said, said_vi = "must begin with an agency's code, as DonViXuLy is none", "phải bắt đầu bằng mã cơ quan"
        raise invalid("MaHoSo", "pattern", said, said_vi, dossier_code)
    return found


def _occurred_at(record: Record, status: int) -> datetime:
    fields = (_EVERY_STATE, *_TIMES.get(status, ()))
    for each in fields:
        found = moment(record, each)
        if found is not None:
            return found
    raise _no_time(fields, status)


def _no_time(fields: tuple[str, ...], status: int) -> RecordInvalid:
    named = " or ".join(fields)
    said = f"is missing: it tells when state {status} was reached"
    return invalid(named, "required", said, f"bị thiếu: thời điểm hồ sơ chuyển sang trạng thái {status}")


def _fee(record: Record) -> int | None:
    fees = items(record, "DanhSachLePhi")
    return sum(whole_number(each, "Gia") for each in fees) if fees else None


def _electronic_result(record: Record, status: int) -> bool | None:
    """Whether a result is attached; not known before the dossier is finished."""
    results = items(record, "DanhSachGiayToKetQua") or []
    attached = any(text(each, "DuongDanTepTinKetQua") for each in results)
    return attached if attached or status in (FINISHED, HANDED_OVER) else None


def _digitised(record: Record) -> int | None:
    """Components with a file attached; None when the record does not list papers."""
    papers = items(record, "TaiLieuNop")
    if papers is None:
        return None
    attached = [each for each in papers if text(each, "DuongDanTaiTepTin") and each.get("IsDeleted") not in _DELETED]
    # A paper that does not say which component it is counts by itself.
    return len({text(each, "MaThanhPhanHoSo") or number for number, each in enumerate(attached)})


def _identity(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))
