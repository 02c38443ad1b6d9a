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
from producers.dossier_sync.keys import misspelt_keys
from producers.dossier_sync.values import (
    Faults,
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
from schemas.fitting import Reason
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
class Hints:
    """How the sender tells what a record lacks: ends of sentences about MaXa and LoaiDoiTuong."""

    commune: Reason
    applicants: Reason


BY_OPTIONS = Hints(
    Reason(
        "; a commune for all records that lack it is told by --commune 00688",
        "; xã dùng chung cho các bản ghi thiếu MaXa được nêu bằng --commune 00688",
    ),
    Reason(
        "; what the values of a system mean is told by --applicant 1 citizen",
        "; ý nghĩa các giá trị của hệ thống được nêu bằng --applicant 1 citizen",
    ),
)


@dataclass(frozen=True)
class SyncSource:
    """What a record does not say about the system it comes from.

    `source` is the agency whose system it is (None: the dossier's own), `commune_code` stands in for a record without
    `MaXa`, `applicants` tells what the system's values of LoaiDoiTuong mean. `hints` say how to tell these.
    """

    source: str | None = None
    commune_code: str | None = None
    applicants: Mapping[str, str] = field(default_factory=lambda: USUAL_APPLICANTS)
    synthetic: bool = False
    hints: Hints = BY_OPTIONS


def translate(record: Any, source: SyncSource) -> Translated:
    """The event of a record; raises RecordInvalid. The same step of the same dossier is the same event_id."""
    if not isinstance(record, Mapping):
        kind = kind_of(record)
        raise invalid("record", "type", f"must be an object, is {kind.en}", f"phải là đối tượng, đang là {kind.vi}")
    faults = Faults(misspelt_keys(record))
    read = faults.reading
    code, status = read(need_text, record, "MaHoSo"), read(_status, record)
    agency = code and read(_agency, record, code)
    occurred_at = status and read(_occurred_at, record, status)
    publisher = source.source or agency
    fee = read(_fee, record)
    event = {
        "occurred_at": occurred_at,
        "source": publisher,
        "synthetic": source.synthetic,
        "dossier_code": code,
        "procedure_code": read(need_text, record, "MaTTHC"),
        "agency_code": agency,
        "commune_code": read(_commune, record, source),
        "previous_status": None,
        "status": status,
        "channel": read(choice, record, "KenhThucHien", _CHANNELS, "direct"),
        "applicant_kind": read(choice, record, "LoaiDoiTuong", source.applicants, None, source.hints.applicants),
        "received_at": read(moment, record, "NgayTiepNhan"),
        "due_at": read(moment, record, "NgayHenTra"),
        "fee_vnd": fee,
        "paid_online": read(choice, record, "DuocThanhToanTrucTuyen", _YES_NO, False) if fee else None,
        "needs_result_document": None,
        "electronic_result": read(_electronic_result, record, status),
        "component_count": None,
        "digitised_component_count": read(_digitised, record),
    }
    if faults.found or not (publisher and code and occurred_at):
        raise RecordInvalid(faults.found, Translated(EVENT, event, _PLACES))
    identity = _identity(publisher, code, str(status), occurred_at.isoformat())
    return Translated(EVENT, {"event_id": identity, **event}, _PLACES)


def _commune(record: Record, source: SyncSource) -> str:
    return text(record, "MaXa") or source.commune_code or need_text(record, "MaXa", "", source.hints.commune)


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
    """Told of the state's own field, and of ThoiDiemXuLy for a state that has none."""
    named = fields[1] if fields[1:] else fields[0]
    others = [each for each in fields if each != named]
    instead = f" or {' or '.join(others)}" if others else ""
    instead_vi = f" hoặc {' hoặc '.join(others)}" if others else ""
    said = f"is missing: it{instead} tells when state {status} was reached"
    said_vi = f"bị thiếu: trường này{instead_vi} cho biết thời điểm hồ sơ chuyển sang trạng thái {status}"
    return invalid(named, "required", said, said_vi)


def _fee(record: Record) -> int | None:
    fees = items(record, "DanhSachLePhi")
    if not fees:
        return None
    return sum(whole_number(each, "Gia", f"DanhSachLePhi[{number}].") for number, each in enumerate(fees))


def _electronic_result(record: Record, status: int | None) -> bool | None:
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
