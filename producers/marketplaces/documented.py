"""What the gateway's documentation says of the addresses that platforms push to."""

from __future__ import annotations

from collections.abc import Mapping

from producers.gateway.documentation.documented import (
    Answer,
    Documented,
    Parameter,
    Preparation,
    WayIn,
    body_of,
    described,
)
from producers.gateway.problems import PROBLEM_JSON
from producers.marketplaces.platforms import PUSHED, Platform
from producers.marketplaces.routes import ANSWERS
from producers.marketplaces.sample_pushes import sample_push, settings_of
from schemas.contract import Json
from schemas.site.bilingual import Bilingual

EVENTS = ("order_status_changed",)
JSON = "application/json"
TAKEN = Bilingual(
    "Durable, a repeat, or about something else or another shop: need not be pushed again.",
    "Đã lưu bền vững, hoặc trùng lặp, hoặc về việc khác, gian hàng khác: không cần gửi lại.",
)
_REFUSED_VI: Mapping[int | str, str] = {
    400: "Chữ ký đúng nhưng nội dung không theo tài liệu của sàn",
    401: "Sai chữ ký hoặc thời điểm ký",
    408: "Nội dung không đến kịp",
    413: "Nội dung quá lớn",
    503: "Hiện chưa lưu được; gửi lại sau",
}

_PROBLEM: Json = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def webhook_ways() -> dict[str, WayIn]:
    """By path."""
    return {f"/webhooks/{platform.path}": _way(platform) for platform in PUSHED}


def _way(platform: Platform) -> WayIn:
    told, proof = _documented(platform), _proof(platform)
    taken = Answer("200", Bilingual(f"Empty. {TAKEN.en}", f"Rỗng. {TAKEN.vi}"))
    answers = [taken, *(Answer(str(status), _refused(status)) for status in ANSWERS)]
    return WayIn(f"/webhooks/{platform.path}", JSON, EVENTS, told, (proof,), answers, _operation(platform, told, proof))


def _refused(status: int | str) -> Bilingual:
    return Bilingual(ANSWERS[status]["description"], _REFUSED_VI[status])


def _documented(platform: Platform) -> Documented:
    signed = platform.base_string is not None
    by, by_vi = ("its signature", "chữ ký") if signed else ("the key in the address", "khóa trong địa chỉ")
    sample = sample_push(platform)
    shop_id = str(sample.body.get("shop_id") or sample.body["seller_id"])
    return Documented(
        summary=f"Order states pushed by {platform.name} / Trạng thái đơn hàng từ {platform.name}",
        meaning=Bilingual(
            f"Called by {platform.name} itself, which proves itself by {by}; an API key is not needed. The body is the "
            "platform's own, at most 64 KiB.",
            f"Do {platform.name} gọi và xác thực bằng {by_vi}; không cần khóa API. Nội dung do sàn quy định, tối đa "
            "64 KiB.",
        ),
        schema={"type": "object"},
        preparation=Preparation(_words(platform, shop_id), settings_of(platform, shop_id)),
        samples=(sample,),
    )


def _words(platform: Platform, shop_id: str) -> Bilingual:
    source, event = f"`{platform.name}:{shop_id}`", f"`{EVENTS[0]}`"
    return Bilingual(
        f"Nothing is granted: the platform's own part `marketplaces` completes the order and writes {event} for the "
        f"source {source}. The operator registers this address with {platform.name}, puts app and shop into "
        "`marketplaces.toml` (mode 0600) and starts gateway and `marketplaces` again. Try the sample on a stack of "
        "your own: its order does not exist, and `marketplaces` goes on asking for it.",
        f"Không cần cấp quyền: thành phần `marketplaces` bổ sung đơn hàng và gửi {event} cho nguồn {source}. Quản trị "
        f"đăng ký địa chỉ này với {platform.name}, ghi ứng dụng và gian hàng vào `marketplaces.toml` (quyền 0600) rồi "
        "khởi động lại gateway và `marketplaces`. Chỉ gửi thử trên hệ thống riêng: đơn hàng mẫu không có thật và "
        "`marketplaces` sẽ hỏi lại nhiều lần.",
    )


def _proof(platform: Platform) -> Parameter:
    if platform.base_string is None:
        meaning = Bilingual("`push_key` of the app.", "`push_key` của ứng dụng.")
        return Parameter("key", meaning)
    meaning = Bilingual(
        f"Hexadecimal HMAC-SHA256 with the app's secret over `{platform.base_string}`: `url` is callback_url, `body` "
        "the bytes as they are sent.",
        f"HMAC-SHA256 dạng thập lục phân, khóa là secret của ứng dụng, trên `{platform.base_string}`; `url` là "
        "callback_url, `body` là đúng các byte được gửi.",
    )
    return Parameter("Authorization", meaning, place="header")


def _operation(platform: Platform, told: Documented, proof: Parameter) -> Json:
    taken: Json = {"200": {"description": TAKEN.en}}
    return {
        "operationId": f"push_{platform.name}",
        "tags": ["marketplaces"],
        "summary": told.summary,
        "description": described(told, EVENTS),
        "security": [],
        "parameters": [proof.told()],
        "requestBody": body_of(JSON, told),
        "responses": taken | {str(status): answer | {"content": _PROBLEM} for status, answer in ANSWERS.items()},
    }
