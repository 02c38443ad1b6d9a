"""Records of the dossier synchronisation made up for tests: all values text, people in them invented."""

from __future__ import annotations

from typing import Any


def sync_record(**changes: Any) -> dict[str, Any]:
    """A dossier that is finished, with fee, papers and result."""
    return {
        "MaHoSo": "H22.05-210621-000001",
        "MaTTHC": "2.002492",
        "TenTTHC": "Thủ tục mẫu",
        "MaLinhVuc": "LV01",
        "TenLinhVuc": "Lĩnh vực mẫu",
        "KenhThucHien": "2",
        "SoGiayToChuHoSo": "002099000000",
        "ChuHoSo": "Người Nộp Mẫu",
        "LoaiDoiTuong": "0",
        "MaDoiTuong": "",
        "Email": "nguoi.nop@vi.du",
        "SoDienThoai": "0900000000",
        "NgayNopHoSo": "20210621073000",
        "NgayTiepNhan": "20210621080000",
        "NgayHenTra": "20210625170000",
        "TrangThaiHoSo": "9",
        "NgayTra": "",
        "HinhThuc": "0",
        "NgayKetThucXuLy": "20210623160000",
        "DonViXuLy": "Sở Mẫu",
        "MaXa": "00688",
        "TaiLieuNop": [
            {"TepDinhKemId": "1", "MaThanhPhanHoSo": "TP1", "DuongDanTaiTepTin": "https://vi.du/1", "IsDeleted": ""},
            {"TepDinhKemId": "2", "MaThanhPhanHoSo": "TP1", "DuongDanTaiTepTin": "https://vi.du/2", "IsDeleted": "0"},
            {"TepDinhKemId": "3", "MaThanhPhanHoSo": "TP2", "DuongDanTaiTepTin": "https://vi.du/3", "IsDeleted": "1"},
            {"TepDinhKemId": "4", "MaThanhPhanHoSo": "TP3", "DuongDanTaiTepTin": "", "IsDeleted": ""},
        ],
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": "15000"}, {"TenPhiLePhi": "Phí", "Gia": "5000"}],
        "DuocThanhToanTrucTuyen": "1",
        "DanhSachGiayToKetQua": [{"TenGiayTo": "Kết quả", "DuongDanTepTinKetQua": "https://vi.du/kq"}],
        **changes,
    }
