"""For each kind of refusal its status and what its reader does, in both languages: the page that `type` leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Mend(NamedTuple):
    """`status` as answered; what to do, English and Vietnamese."""

    status: str
    en: str
    vi: str


MENDS: Mapping[str, Mend] = {
    "unreadable": Mend(
        "400",
        "Send one JSON object, or a list of at least one; mend the line and column that is named.",
        "Gửi một đối tượng JSON hoặc danh sách; sửa tại dòng, cột được nêu.",
    ),
    "query": Mend(
        "400",
        "Write the name or the value of the parameter as it is told; a misspelt one is never passed over.",
        "Ghi đúng tên hoặc giá trị của tham số được nêu; tham số viết sai không bao giờ bị bỏ qua.",
    ),
    "event-invalid": Mend(
        "422",
        "Mend the fields that errors names and send again. Of a batch answered with 207 send only what was refused.",
        "Sửa các trường nêu trong errors rồi gửi lại; với mã 207 chỉ gửi lại những sự kiện bị từ chối.",
    ),
    "no-key": Mend(
        "401",
        "Send Authorization: Bearer <key>. A key that was right before was rotated or revoked: ask the operator.",
        "Gửi kèm Authorization: Bearer <khóa>; nếu khóa đã bị đổi hoặc thu hồi, hãy hỏi quản trị hệ thống.",
    ),
    "not-granted": Mend(
        "403",
        "Write only for your own sources, or ask the operator for the event or source that is named. It is audited.",
        "Chỉ gửi cho nguồn của mình, hoặc đề nghị quản trị cấp quyền; việc từ chối được ghi nhật ký.",
    ),
    "unknown-event": Mend(
        "404", "Use one of the near names, or look the event up here.", "Dùng tên gần đúng được gợi ý hoặc tra tại đây."
    ),
    "not-arrived": Mend(
        "404",
        "Ask again after some minutes; if it stays, look whether the id, the event and the source are yours.",
        "Hỏi lại sau vài phút; nếu vẫn vậy, kiểm tra mã sự kiện, loại sự kiện và nguồn có phải của mình không.",
    ),
    "not-found": Mend("404", "Use the address that is told.", "Dùng địa chỉ được nêu."),
    "method": Mend("405", "Use the method that is named, mostly POST.", "Dùng phương thức được nêu, thường là POST."),
    "body-too-slow": Mend("408", "Send smaller batches.", "Gửi từng lô nhỏ hơn."),
    "too-large": Mend(
        "413", "Send smaller batches; the bound is named.", "Gửi từng lô nhỏ hơn theo giới hạn được nêu."
    ),
    "media-type": Mend(
        "415",
        "Set Content-Type (curl's own default is a form), UTF-8, uncompressed.",
        "Đặt Content-Type phù hợp, bảng mã UTF-8, không nén.",
    ),
    "idempotency": Mend(
        "422",
        "Use a new Idempotency-Key for another body.",
        "Dùng Idempotency-Key mới cho nội dung khác.",
    ),
    "idempotency-key": Mend(
        "400",
        "Send an Idempotency-Key of 1 to 255 printable ASCII characters, or none.",
        "Gửi Idempotency-Key gồm 1 đến 255 ký tự ASCII in được, hoặc bỏ tiêu đề này.",
    ),
    "too-many": Mend("429", "Wait as long as Retry-After says.", "Chờ theo Retry-After rồi gửi lại."),
    "spool-full": Mend(
        "507",
        "Nothing was taken: send the same later, as Retry-After says.",
        "Chưa nhận dữ liệu nào; gửi lại sau theo Retry-After.",
    ),
    "unavailable": Mend(
        "503",
        "Send the same again later, with the same event_id.",
        "Gửi lại sau với cùng event_id.",
    ),
    "internal": Mend(
        "500",
        "Send the same again; if it stays, tell the operator the time.",
        "Gửi lại; nếu vẫn lỗi, báo thời điểm cho quản trị hệ thống.",
    ),
    "not-signed": Mend(
        "401",
        "For operators of a platform's app: compare secret, callback_url and base_string with what the platform signs.",
        "Đối chiếu secret, callback_url và base_string của ứng dụng với chữ ký của sàn.",
    ),
}
