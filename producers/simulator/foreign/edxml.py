"""Documents and their statuses as edXML messages, in the structure of QCVN 102:2016."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from producers.edxml.document_types import NAMES
from producers.edxml.messages import translate
from producers.simulator.calendar import VIETNAM
from producers.simulator.foreign.message import Message
from producers.simulator.record import Event, Record

SENT, STATUS = "document_sent", "document_status_changed"
_NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_NAME_OF: Mapping[str, str] = {symbol: name for name, symbol in NAMES}
_REFUSED = ("02", "16")


def can_say(record: Record) -> bool:
    """Whether edXML tells the event whole: it knows electronic documents, and of no signature whether it is valid."""
    if record.event == SENT:
        return bool(record.body["is_electronic"]) and not record.body["signatures"]
    return record.event == STATUS


def message_of(record: Record) -> Message:
    """The event as a message: times to the second, and of a status neither the one before nor a kind of refusal."""
    body = record.body
    told = {**body, "occurred_at": body["occurred_at"].replace(microsecond=0)}
    if record.event == STATUS:
        told |= {
            "previous_status_code": None,
            "refusal_reason": "other" if body["status_code"] in _REFUSED else None,
        }
    content = "".join(_document(told) if record.event == SENT else _status(told)).encode()
    told["event_id"] = translate(content, _no_pseudonym).event["event_id"]
    return Message(record.as_told(told), content)


def _document(event: Event) -> Iterator[str]:
    sender, dated, code = event["document_id"].split(",")
    number, notation = code.split("/")
    yield _HEAD
    yield "<MessageHeader>"
    yield f"<From><OrganId>{sender}</OrganId><OrganName>Cơ quan {sender}</OrganName></From>"
    for receiver in range(event["receiver_count"]):
        yield f"<To><OrganId>H22.99.{receiver + 1}</OrganId><OrganName>Nơi nhận {receiver + 1}</OrganName></To>"
    yield f"<Code><CodeNumber>{number}</CodeNumber><CodeNotation>{escape(notation)}</CodeNotation></Code>"
    yield f"<PromulgationInfo><Place>Hà Giang</Place><PromulgationDate>{dated}</PromulgationDate></PromulgationInfo>"
    yield f"<DocumentType><TypeName>{_NAME_OF[event['document_type']]}</TypeName></DocumentType>"
    yield f"<Subject>Văn bản minh họa</Subject><DocumentId>{escape(event['document_id'])}</DocumentId>"
    yield "</MessageHeader><TraceHeaderList><TraceHeader>"
    yield f"<OrganId>{sender}</OrganId><Timestamp>{_time(event['occurred_at'])}</Timestamp></TraceHeader>"
    yield f"<Bussiness><BussinessDocType>0</BussinessDocType><Paper>{event['with_paper']:d}</Paper></Bussiness>"
    yield f"</TraceHeaderList>{_TAIL}"


def _status(event: Event) -> Iterator[str]:
    sender, dated, code = event["document_id"].split(",")
    yield _HEAD
    yield f"<MessageHeader><ResponseFor><OrganId>{sender}</OrganId><Code>{escape(code)}</Code>"
    yield f"<PromulgationDate>{dated}</PromulgationDate><DocumentId>{escape(event['document_id'])}</DocumentId>"
    yield f"</ResponseFor><From><OrganId>{event['receiver_code']}</OrganId></From>"
    yield f"<StatusCode>{event['status_code']}</StatusCode>"
    yield f"<Timestamp>{_time(event['occurred_at'])}</Timestamp></MessageHeader>{_TAIL}"


_HEAD = f'<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="{_NAMESPACE}"><edXMLEnvelope><edXMLHeader>'
_TAIL = "</edXMLHeader></edXMLEnvelope></edXML>"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y/%m/%d %H:%M:%S}"


def _no_pseudonym(_purpose: str, number: str) -> str:
    raise AssertionError(f"a message without signatures has no certificate {number}")
