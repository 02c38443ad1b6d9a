"""POST /edxml."""

from __future__ import annotations

from pathlib import Path

from producers.edxml.messages import SENT, STATUS, translate
from producers.edxml.reading import DEFAULT_LIMITS
from producers.edxml.signatures import Pseudonym
from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.gateway.documented import Documented
from producers.translated import Translated


def edxml_adapter(pseudonym: Pseudonym) -> Adapter:
    """One message a request; 202 with its event_id, or a problem that names the element."""

    def adapt(posted: Posted) -> list[Translated]:
        return [translate(posted.body, pseudonym, synthetic=posted.synthetic)]

    return Adapter(
        "/edxml", "edXML", "application/xml", (SENT, STATUS), adapt, True, _documented(), DEFAULT_LIMITS.bytes
    )


def _documented() -> Documented:
    sample = (Path(__file__).parent / "samples" / "status.xml").read_text(encoding="utf-8")
    return Documented(
        summary="One edXML message (QCVN 102:2016/BTTTT) / Một thông điệp edXML",
        description="A document that was sent, or a receiver's status, at most 32 MiB of UTF-8; bare or in a SOAP "
        "envelope. The same message twice is one event.",
        description_vi="Văn bản đã gửi hoặc trạng thái của nơi nhận; gửi lại cùng thông điệp không bị tính hai lần.",
        schema={"type": "string", "minLength": 1, "xml": {"name": "edXML"}},
        examples={"status": sample},
    )
