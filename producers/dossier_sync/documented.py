"""What the gateway's documentation says of the dossier synchronisation: the fields that are read, all of them text."""

from __future__ import annotations

import json
from pathlib import Path

from producers.gateway.documentation.documented import Documented, Parameter, Sample, one_or_many
from producers.gateway.documentation.shell_lines import granting, posting, pretty
from schemas.contract import Json
from schemas.site.bilingual import Bilingual

SAMPLES = Path(__file__).parent / "samples"

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


def _sample(name: str, title: Bilingual) -> Sample:
    body = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    path = "/dossier-sync?synthetic=true&wait=true"
    return Sample(name, title, body, posting(path, {"Content-Type": "application/json"}, pretty(body)))


DOCUMENTED = Documented(
    summary="Dossier synchronisation / Đồng bộ hồ sơ của Cổng Dịch vụ công quốc gia",
    meaning=Bilingual(
        "A record, or a list of at most 5 000; all values are text, times yyyyMMddHHmmss. The same step of a dossier "
        "counts once. Names, identity numbers and phones are not carried on.",
        "Một bản ghi hoặc danh sách tối đa 5 000; mọi giá trị là chuỗi, thời gian dạng yyyyMMddHHmmss. Gửi lại cùng "
        "một bước xử lý không bị tính hai lần. Họ tên, số định danh, điện thoại không được chuyển tiếp.",
    ),
    schema=one_or_many(RECORD),
    preparation=granting(
        "agency",
        ("dossier_status_changed",),
        ("H22.05",),
        Bilingual(
            "The source is the agency whose system sends: a client that is granted exactly one need not name it.",
            "Nguồn là cơ quan có hệ thống gửi; nếu chỉ được cấp một nguồn thì không cần ghi.",
        ),
    ),
    samples=(
        _sample("received", Bilingual("A dossier that was received", "Hồ sơ được tiếp nhận")),
        _sample("list", Bilingual("A list: a dossier's steps", "Danh sách: các bước của hồ sơ")),
    ),
    parameters=(
        Parameter(
            "source",
            Bilingual(
                "The agency whose system sends; else the client's only source, else each dossier's own.",
                "Cơ quan có hệ thống gửi; nếu không ghi: nguồn duy nhất của bạn, hoặc cơ quan của từng hồ sơ.",
            ),
            {"type": "string", "pattern": r"^[A-Z]\d{2}(\.\d{1,3}){0,3}$"},
            example="H22.05",
        ),
        Parameter(
            "commune",
            Bilingual("The commune of records without MaXa.", "Mã xã của bản ghi không có MaXa."),
            {"type": "string", "pattern": r"^\d{5}$"},
            example="00688",
        ),
        Parameter(
            "applicants",
            Bilingual("What LoaiDoiTuong means in that system.", "Ý nghĩa của LoaiDoiTuong trong hệ thống gửi."),
            example="0:citizen,1:business,2:household_business",
        ),
    ),
)
