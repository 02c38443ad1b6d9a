"""What a body is, by its headers."""

from __future__ import annotations

from enum import Enum

from producers.gateway.problems import Problem

_JSON = ("application/json", "text/json")
_AVRO = ("application/avro", "avro/binary", "application/vnd.apache.avro+binary")
CLOUD_EVENT, CLOUD_EVENTS = "application/cloudevents+json", "application/cloudevents-batch+json"
KNOWN = f"application/json, {CLOUD_EVENT}, {CLOUD_EVENTS}, application/avro"

Headers = dict[bytes, bytes]


class Content(Enum):
    """The kinds of body that the gateway reads."""

    JSON = "plain JSON, an event or a list of events"
    CLOUD_EVENT = "one CloudEvent, structured"
    CLOUD_EVENTS = "a list of CloudEvents"
    BINARY_JSON = "the data of a CloudEvent whose attributes are headers, in JSON"
    AVRO = "one Avro datum"
    BINARY_AVRO = "the data of a CloudEvent whose attributes are headers, in Avro"


def content_of(headers: Headers) -> Content:
    """The kind of body; raises Problem 415, and 400 for half a CloudEvent in binary mode."""
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding != b"identity":
        raise _not_taken(
            f"Send the body uncompressed; Content-Encoding is {_shown(encoding)} here.",
            f"Gửi nội dung không nén; Content-Encoding ở đây là {_shown(encoding)}.",
        )
    told = headers.get(b"content-type", b"")
    media, _, parameters = told.decode("latin-1").partition(";")
    media = media.strip().lower()
    _check_charset(parameters)
    binary = b"ce-specversion" in headers
    if media in _JSON:
        return Content.BINARY_JSON if binary else _plain(Content.JSON, headers)
    if media in _AVRO:
        return Content.BINARY_AVRO if binary else _plain(Content.AVRO, headers)
    if media == CLOUD_EVENT:
        return Content.CLOUD_EVENT
    if media == CLOUD_EVENTS:
        return Content.CLOUD_EVENTS
    form = media in ("application/x-www-form-urlencoded", "multipart/form-data")
    found = f"it is {_shown(told)}{', as curl sets it by itself' if form else ''}" if told else "it is missing"
    found_vi = f"hiện là {_shown(told)}{' do curl tự đặt' if form else ''}" if told else "hiện đang thiếu"
    raise _not_taken(
        f"Set the header Content-Type to one of: {KNOWN}; {found}.",
        f"Đặt tiêu đề Content-Type là một trong: {KNOWN}; {found_vi}.",
    )


def _plain(content: Content, headers: Headers) -> Content:
    """The content, when no header says that it was meant as the data of a CloudEvent."""
    attribute = next((name for name in headers if name.startswith(b"ce-")), None)
    if attribute is None:
        return content
    raise Problem(
        400,
        "unreadable",
        f"The header {_shown(attribute)} is of a CloudEvent in binary mode: add ce-specversion: 1.0, or send no ce-"
        " header.",
        detail_vi=f"Tiêu đề {_shown(attribute)} thuộc CloudEvent dạng nhị phân: thêm ce-specversion: 1.0, hoặc bỏ các"
        " tiêu đề ce-.",
    )


def _check_charset(parameters: str) -> None:
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8", "us-ascii"):
            found = _shown(value.strip().encode("latin-1"))
            raise _not_taken(
                f"Send the body in UTF-8; charset is {found} here.",
                f"Gửi nội dung bằng UTF-8; charset ở đây là {found}.",
            )


def _not_taken(detail: str, detail_vi: str) -> Problem:
    return Problem(415, "media-type", detail, detail_vi=detail_vi)


def _shown(value: bytes) -> str:
    return value[:60].decode("ascii", "replace")
