"""What is said of a code that its reference list does not know: the list, and how the record gets in after all.

Such a record is in order otherwise. Its expectation says `reference` in its meta, so that the quarantine keeps it apart
and it is replayed when the list has changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.fitting import Reason

REFERENCE = "reference"
"""Key in an expectation's meta: the list that its SQL looks codes up in."""

_HOW: Mapping[str, tuple[str, str]] = {
    "admin_unit": ("the list of administrative units has it", "danh mục đơn vị hành chính có mã này"),
    "agency": ("agency_registered is published for it", "cơ quan gửi sự kiện agency_registered"),
    "procedure": ("procedure_published is published for it", "cơ quan gửi sự kiện procedure_published"),
    "product": ("ocop_product_rated is published for it", "cơ quan gửi sự kiện ocop_product_rated"),
}
_OTHERWISE = ("its list has it", "danh mục có mã này")


def missing(reference: str) -> Reason:
    """Why the record waits, and until when."""
    until_en, until_vi = _HOW.get(reference, _OTHERWISE)
    return Reason(
        f"names no {reference.replace('_', ' ')} known on the day of the event (reference missing): "
        f"the record can be loaded once {until_en}",
        "chưa có trong danh mục vào ngày xảy ra sự kiện (thiếu dữ liệu tham chiếu): "
        f"bản ghi có thể được nạp khi {until_vi}",
    )
