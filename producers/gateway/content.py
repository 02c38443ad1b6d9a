"""What a body is, by its headers."""

from __future__ import annotations

from enum import Enum

from producers.gateway.problems import Problem

_JSON = ("application/json", "text/json")
_AVRO = ("application/avro", "avro/binary", "application/vnd.apache.avro+binary")
KNOWN = "application/json, application/cloudevents+json, application/cloudevents-batch+json, application/avro"

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
    """The kind of body; raises Problem 415."""
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise Problem(415, "media-type", "Send the body uncompressed, without Content-Encoding.")
    media, _, parameters = headers.get(b"content-type", b"").decode("latin-1").partition(";")
    media = media.strip().lower()
    _check_charset(parameters)
    binary = b"ce-specversion" in headers
    if media in _JSON:
        return Content.BINARY_JSON if binary else Content.JSON
    if media in _AVRO:
        return Content.BINARY_AVRO if binary else Content.AVRO
    if media == "application/cloudevents+json":
        return Content.CLOUD_EVENT
    if media == "application/cloudevents-batch+json":
        return Content.CLOUD_EVENTS
    raise Problem(415, "media-type", f"Set the header Content-Type to one of: {KNOWN}.")


def _check_charset(parameters: str) -> None:
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8", "us-ascii"):
            raise Problem(415, "media-type", "Send the body in UTF-8.")
