"""Reference lists as dimensions. Migrations make these tables and fill the calendar, `seeding.py` fills the others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, Integer, Table, Text

from consumers.warehouse.tables.naming import CORE, FIXED


def _validity() -> tuple[Column[Any], Column[Any]]:
    first = "First day it holds; codes are reused, so join on code and the event's day. / Ngày bắt đầu hiệu lực."
    last = "Last day it holds; null while it does. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực."
    return Column("valid_from", Date, primary_key=True, comment=first), Column("valid_to", Date, comment=last)


def _text(name: str, comment: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable, comment=comment)


def _number(name: str, comment: str) -> Column[Any]:
    return Column(name, Integer, nullable=False, comment=comment)


def _synthetic() -> Column[Any]:
    return Column("synthetic", Boolean, nullable=False, comment="True where invented. / Đúng nếu là giả định.")


dim_admin_unit = Table(
    "dim_admin_unit",
    FIXED,
    Column("code", Text, primary_key=True, comment="Code of the statistics office. / Mã đơn vị hành chính."),
    *_validity(),
    _text("name", "Full name. / Tên đầy đủ."),
    _text("kind", "tinh, thanh_pho, huyen, xa, phuong or thi_tran. / Loại đơn vị."),
    _text("parent_code", "Unit it belongs to, valid at the same time. / Mã đơn vị cấp trên.", nullable=True),
    CheckConstraint("valid_to >= valid_from", name="validity"),
    schema=CORE,
    comment="Administrative units before and after the merger of 2025-07-01. / Đơn vị hành chính trước và sau sáp nhập "
    "ngày 01/7/2025.",
)

dim_admin_unit_change = Table(
    "dim_admin_unit_change",
    FIXED,
    _text("old_code", "Unit until the day before. / Mã đơn vị cũ."),
    _text("new_code", "Unit from that day on, null when abolished. / Mã đơn vị mới.", nullable=True),
    Column("effective_date", Date, nullable=False, comment="Day of the change. / Ngày có hiệu lực."),
    _text(
        "kind_of_change",
        "merged_whole, unchanged, split_part_main, split_part_other or abolished; only the first two may be summed "
        "into the new unit. / Loại thay đổi.",
    ),
    Index(
        "dim_admin_unit_change_key",
        "old_code",
        "new_code",
        "effective_date",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
    schema=CORE,
    comment="What became of each administrative unit. / Biến động của từng đơn vị hành chính.",
)

dim_agency = Table(
    "dim_agency",
    FIXED,
    Column("code", Text, primary_key=True, comment="Identifier of Decision 20/2020/QĐ-TTg. / Mã định danh cơ quan."),
    *_validity(),
    _text("name_vi", "Name in Vietnamese. / Tên tiếng Việt."),
    _text("name_en", "Name in English. / Tên tiếng Anh."),
    _text("level", "province, district or commune. / Cấp."),
    _text("parent_code", "Agency it belongs to. / Mã cơ quan cấp trên.", nullable=True),
    _text("admin_unit_code", "Administrative unit it serves. / Mã đơn vị hành chính.", nullable=True),
    _synthetic(),
    CheckConstraint("valid_to >= valid_from", name="validity"),
    schema=CORE,
    comment="Agencies of the province. / Các cơ quan của tỉnh.",
)

dim_procedure = Table(
    "dim_procedure",
    FIXED,
    Column("code", Text, primary_key=True, comment="Code of the procedure. / Mã thủ tục hành chính."),
    _text("name_vi", "Name. / Tên thủ tục."),
    _text("field", "Field. / Lĩnh vực."),
    _text("authority", "Level that decides it. / Cấp giải quyết."),
    Column("online_level", Integer, nullable=False, comment="Online level, 2 to 4. / Mức độ dịch vụ công trực tuyến."),
    Column("fee_vnd", BigInteger, nullable=False, comment="Fee (VND). / Phí, lệ phí."),
    Column("legal_days", Integer, nullable=False, comment="Working days allowed. / Thời hạn giải quyết (ngày)."),
    _synthetic(),
    schema=CORE,
    comment="Administrative procedures. / Thủ tục hành chính.",
)

dim_date = Table(
    "dim_date",
    FIXED,
    Column("day", Date, primary_key=True, comment="The day, in Vietnam. / Ngày theo giờ Việt Nam."),
    _number("year", "Year. / Năm."),
    _number("quarter", "Quarter, 1 to 4. / Quý."),
    _number("month", "Month, 1 to 12. / Tháng."),
    _number("iso_week", "Week of ISO 8601, 1 to 53. / Tuần theo ISO 8601."),
    _number("weekday", "1 Monday to 7 Sunday. / Thứ trong tuần: 1 là thứ Hai, 7 là Chủ nhật."),
    _text("name_en", "Day of the week in English. / Tên thứ bằng tiếng Anh."),
    _text("name_vi", "Day of the week in Vietnamese. / Tên thứ bằng tiếng Việt."),
    Column(
        "is_weekend",
        Boolean,
        nullable=False,
        comment="Saturday or Sunday; public holidays are not told apart. / Thứ Bảy hoặc Chủ nhật; không xét ngày lễ.",
    ),
    schema=CORE,
    comment="The days from 2020 to 2045. / Các ngày từ năm 2020 đến 2045.",
)
