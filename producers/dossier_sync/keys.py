"""Keys of a sync record that are misspelt: they would be passed over, and what they say with them.

The national record has more keys than are read here and may grow: a key that is like none of ours is tolerated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from producers.dossier_sync.documented import RECORD
from producers.near_names import misspelt
from schemas.contract import Json
from schemas.rules import HIDDEN, Violation, show

# Keys of the national record that are not read; some are an edit or two from one that is.
_UNREAD = frozenset(
    """TenTTHC MaLinhVuc TenLinhVuc ChuHoSo MaDoiTuong SoGiayToChuHoSo LoaiDinhDanh SoDinhDanh ThongTinKhac Email Fax
    SoDienThoai TrichYeuHoSo ThongTinTra GhiChu NoiNopHoSo HoSoCoThanhPhanSoHoa TaiKhoanDuocXacThucVoiVNeID
    DinhDanhCHS NgayYeuCau DSKetNoiCSDL UrlDetail DiaChi DanhSachTepDinhKemKhac
    DanhSachHoSoBoSung""".split()
)
_UNREAD_OF_ITEMS = frozenset(
    """TepDinhKemId TenTepDinhKem DuocSoHoa DuocTaiSuDung DuocLayTuKhoDMQG MaKetQuaThayThe MaPhiLePhi HinhThucThu
    LoaiPhiLePhi MaThanhPhanHoSo GiayToId MaGiayToKetQua SoLuong LoaiGiayTo""".split()
)
_PROPERTIES: Mapping[str, Json] = RECORD["properties"]
_KNOWN = frozenset(_PROPERTIES) | _UNREAD
_LISTS = {
    name: frozenset(told["items"]["properties"]) | _UNREAD_OF_ITEMS
    for name, told in _PROPERTIES.items()
    if told.get("type") == "array"
}


def misspelt_keys(record: Mapping[str, Any]) -> list[Violation]:
    """A fault for each key of the record and its lists that is unknown and nearly a known one."""
    found = [_fault(name, name, meant) for name, meant in misspelt(record, _KNOWN)]
    for name, known in _LISTS.items():
        listed = record.get(name)
        for number, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, dict):
                found += [_fault(f"{name}[{number}].{key}", key, meant) for key, meant in misspelt(item, known)]
    return found


def _fault(at: str, name: str, meant: str) -> Violation:
    return Violation(
        at.encode("utf-8", "replace").decode(),
        "unknown_field",
        HIDDEN,
        f"{show(name)} is no key of a record (did you mean {meant}?): it would not be read, so mend it or leave it out",
        f"{show(name)} không phải là khóa của bản ghi (có phải là {meant}?): sẽ không được đọc, hãy sửa hoặc bỏ đi",
    )
