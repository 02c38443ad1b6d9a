"""Types of documents by their Vietnamese names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

OTHER = "other"

NAMES = (
    ("nghị quyết", "resolution"),
    ("quyết định", "decision"),
    ("chỉ thị", "directive"),
    ("quy chế", "regulation"),
    ("quy định", "rules"),
    ("thông cáo", "communique"),
    ("thông báo", "announcement"),
    ("hướng dẫn", "guideline"),
    ("chương trình", "programme"),
    ("kế hoạch", "plan"),
    ("phương án", "option_plan"),
    ("đề án", "scheme"),
    ("dự án", "project"),
    ("báo cáo", "report"),
    ("biên bản", "minutes"),
    ("tờ trình", "submission"),
    ("hợp đồng", "contract"),
    ("công văn", "official_letter"),
    ("công điện", "telegram"),
    ("bản ghi nhớ", "memorandum"),
    ("bản thỏa thuận", "agreement"),
    ("giấy ủy quyền", "authorisation"),
    ("giấy mời", "invitation"),
    ("giấy giới thiệu", "introduction"),
    ("giấy nghỉ phép", "leave_permit"),
    ("phiếu gửi", "sending_slip"),
    ("phiếu chuyển", "transfer_slip"),
    ("phiếu báo", "notice_slip"),
    ("thư công", "personal_letter"),
)
"""Name and symbol, in the order of Decree 30/2020, whose numbers up to 20 are also those of the lists before it."""
NUMBERED = 20


def _plain(name: str) -> str:
    """Without tone marks, since many systems write `Cong van`."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


_BY_NAME: Mapping[str, str] = MappingProxyType({_plain(name): symbol for name, symbol in NAMES})


def document_type(name: str | None, number: str | None) -> str:
    """The contract's `document_type`: by the name, else by a number up to 20, else `other`.

    Later numbers mean different types in the lists of 2011 and of 2020.
    """
    found = _BY_NAME.get(_plain(name or ""))
    if found:
        return found
    if number and number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= NUMBERED:
        return NAMES[int(number[:4]) - 1][1]
    return OTHER
