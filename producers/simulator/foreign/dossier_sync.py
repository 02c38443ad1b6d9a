"""Steps of dossiers as records of the dossier synchronisation: a dossier as it stands, all values text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from producers.dossier_sync.records import SyncSource, translate
from producers.simulator.calendar import VIETNAM
from producers.simulator.foreign.message import Message
from producers.simulator.record import Event, Record

EVENT = "dossier_status_changed"
_CHANNEL: Mapping[str, str] = {"direct": "1", "online": "2", "post": "3"}
_APPLICANT: Mapping[str, str] = {"citizen": "0", "business": "1", "household_business": "2"}
UNTOLD = ("previous_status", "needs_result_document", "component_count")
"""Fields of the contract that the synchronisation has none for."""
_TIMES = ("occurred_at", "received_at", "due_at")


def message_of(record: Record) -> Message:
    """The step as a sync record, with times to the second."""
    told = {**record.body, **dict.fromkeys(UNTOLD)}
    told |= {name: told[name] and told[name].replace(microsecond=0) for name in _TIMES}
    content = _sync_record(told)
    told["event_id"] = translate(content, SyncSource(synthetic=True)).event["event_id"]
    return Message(record.as_told(told), content)


def _sync_record(event: Event) -> dict[str, Any]:
    fee = event["fee_vnd"]
    papers = range(event["digitised_component_count"])
    return {
        "MaHoSo": event["dossier_code"],
        "MaTTHC": event["procedure_code"],
        "KenhThucHien": _CHANNEL[event["channel"]],
        "ChuHoSo": "",
        "LoaiDoiTuong": _APPLICANT[event["applicant_kind"]],
        "NgayTiepNhan": _time(event["received_at"]),
        "NgayHenTra": _time(event["due_at"]),
        "TrangThaiHoSo": str(event["status"]),
        "ThoiDiemXuLy": _time(event["occurred_at"]),
        "DonViXuLy": event["agency_code"],
        "MaXa": event["commune_code"],
        "TaiLieuNop": [
            {"MaThanhPhanHoSo": f"TP{number}", "DuongDanTaiTepTin": f"tep/{number}", "IsDeleted": "0"}
            for number in papers
        ],
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": str(fee)}] if fee else [],
        "DuocThanhToanTrucTuyen": "1" if event["paid_online"] else "0",
        "DanhSachGiayToKetQua": [{"DuongDanTepTinKetQua": "tep/ket-qua"}] if event["electronic_result"] else [],
    }


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}" if moment else ""
