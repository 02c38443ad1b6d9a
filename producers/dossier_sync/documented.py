"""What the OpenAPI document says of the dossier synchronisation: the fields that are read, all of them text."""

from __future__ import annotations

from producers.gateway.documented import Documented, one_or_many
from schemas.contract import Json

TIME = r"^(\d{14})?$"
TEXT: Json = {"type": "string"}
_TIMES = (
    "NgayNopHoSo",
    "NgayTiepNhan",
    "NgayTuChoi",
    "NgayHenTra",
    "NgayKetThucXuLy",
    "NgayTra",
    "ThoiDiemXuLy",
)
_TEXTS = ("KenhThucHien", "LoaiDoiTuong", "HinhThuc", "DonViXuLy", "MaXa", "DuocThanhToanTrucTuyen")


def _list_of(*names: str) -> Json:
    return {"type": "array", "items": {"type": "object", "properties": dict.fromkeys(names, TEXT)}}


RECORD: Json = {
    "type": "object",
    "description": "A record as the national portal synchronises it; other fields are allowed and not read.",
    "properties": {
        "MaHoSo": {"type": "string", "description": "Code of the dossier / Mã hồ sơ"},
        "MaTTHC": {"type": "string", "description": "Code of the procedure / Mã thủ tục hành chính"},
        "TrangThaiHoSo": {"enum": [str(state) for state in range(1, 11)], "description": "State / Trạng thái"},
        **{name: {"type": "string", "pattern": TIME, "description": "yyyyMMddHHmmss"} for name in _TIMES},
        **dict.fromkeys(_TEXTS, TEXT),
        "TaiLieuNop": _list_of("MaThanhPhanHoSo", "DuongDanTaiTepTin", "IsDeleted"),
        "DanhSachLePhi": _list_of("TenPhiLePhi", "Gia"),
        "DanhSachGiayToKetQua": _list_of("TenGiayTo", "DuongDanTepTinKetQua"),
    },
    "required": ["MaHoSo", "MaTTHC", "TrangThaiHoSo"],
}
EXAMPLE: Json = {
    "MaHoSo": "H22.05-210621-000001",
    "MaTTHC": "2.002492",
    "KenhThucHien": "2",
    "LoaiDoiTuong": "0",
    "NgayNopHoSo": "20210621073000",
    "NgayTiepNhan": "20210621080000",
    "TrangThaiHoSo": "2",
    "MaXa": "00688",
}
DOCUMENTED = Documented(
    summary="Dossier synchronisation / Đồng bộ hồ sơ của Cổng Dịch vụ công quốc gia",
    description="A record, or a list of at most 5 000. The same step of a dossier counts once.",
    description_vi="Một hoặc nhiều bản ghi; gửi lại cùng một bước xử lý không bị tính hai lần.",
    schema=one_or_many(RECORD),
    examples={"received": EXAMPLE, "list": [EXAMPLE]},
    parameters=(
        {
            "name": "source",
            "in": "query",
            "description": "The agency whose system sends; else the client's only source, else each dossier's own.",
            "schema": {"type": "string", "pattern": r"^[A-Z]\d{2}(\.\d{1,3}){0,3}$"},
        },
        {
            "name": "commune",
            "in": "query",
            "description": "The commune of records without MaXa.",
            "schema": {"type": "string", "pattern": r"^\d{5}$"},
        },
        {
            "name": "applicants",
            "in": "query",
            "description": "What LoaiDoiTuong means in that system, such as 1:citizen,2:business.",
            "schema": {"type": "string"},
            "example": "0:citizen,1:business,2:household_business",
        },
    ),
)
