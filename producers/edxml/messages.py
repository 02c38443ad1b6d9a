"""From an edXML message to the event it means: a document that was sent, or a receiver's status."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType

from producers.edxml.document_types import document_type
from producers.edxml.element import Element
from producers.edxml.faults import invalid, missing
from producers.edxml.reading import DEFAULT_LIMITS, XmlLimits, read_elements
from producers.edxml.signatures import Pseudonym, signatures_of
from producers.edxml.values import agency, day, moment
from producers.translated import Translated

SENT, STATUS = "document_sent", "document_status_changed"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vn:hagiang:edxml")
_BUSINESS: Mapping[str, str] = MappingProxyType({"0": "new", "1": "withdrawal", "2": "update", "3": "replacement"})
_REFUSED = ("02", "16")


def translate(
    data: bytes, pseudonym: Pseudonym, *, synthetic: bool = False, limits: XmlLimits = DEFAULT_LIMITS
) -> Translated:
    """The event of a message; raises EdxmlInvalid. Whether it keeps the contract is for whoever publishes it.

    The same message twice is the same event_id.
    """
    root = read_elements(data, limits)
    header = _header_of(root)
    status = header.find("Status") or header.find("MessageHeader")
    if status is not None and status.find("StatusCode") is not None:
        return _status(status, synthetic)
    return _document(root, header, pseudonym, synthetic)


def _header_of(root: Element) -> Element:
    """`edXMLHeader` below `edXML` or `edXMLEnvelope`, or the SOAP header that older systems use."""
    for names in (("edXMLEnvelope", "edXMLHeader"), ("edXMLHeader",), ("Envelope", "Header"), ("Header",)):
        found = root.find(*names)
        if found is not None:
            return found
    if root.name not in ("edXML", "edXMLEnvelope", "Envelope"):
        raise invalid(
            root.path, "type", "must be edXML or edXMLEnvelope", "phải là edXML hoặc edXMLEnvelope", root.name
        )
    raise missing(f"{root.path}/edXMLEnvelope/edXMLHeader")


def _document(root: Element, header: Element, pseudonym: Pseudonym, synthetic: bool) -> Translated:
    message = header.need("MessageHeader")
    sender = agency(message, "From", "OrganId")
    trace, business = (
        _sending(header, message.need_value("From", "OrganId")),
        header.need("TraceHeaderList", "Bussiness"),
    )
    occurred_at, document_id = moment(trace, "Timestamp"), _document_id(message)
    kind = _business_kind(business)
    event = {
        "event_id": _identity(SENT, document_id, kind, occurred_at.isoformat()),
        "occurred_at": occurred_at,
        "source": sender,
        "synthetic": synthetic,
        "document_id": document_id,
        "agency_code": sender,
        "document_type": document_type(
            message.value("DocumentType", "TypeName"), message.value("DocumentType", "Type")
        ),
        "business_kind": kind,
        "may_be_electronic": True,
        "is_electronic": True,
        "with_paper": _with_paper(business),
        "receiver_count": _receivers(message),
        "signatures": signatures_of(root, header, pseudonym),
    }
    paths = {
        "occurred_at": f"{trace.path}/Timestamp",
        "source": f"{message.path}/From/OrganId",
        "agency_code": f"{message.path}/From/OrganId",
        "document_id": f"{message.path}/DocumentId",
        "receiver_count": f"{message.path}/To",
        "signatures": f"{header.path}/DigitalSignature",
    }
    return Translated(SENT, event, MappingProxyType(paths))


def _status(status: Element, synthetic: bool) -> Translated:
    receiver, code = status.need_value("From", "OrganId"), status.need_value("StatusCode")
    source, occurred_at = agency(status, "From", "OrganId"), moment(status, "Timestamp")
    document_id = status.need_value("ResponseFor", "DocumentId")
    event = {
        "event_id": _identity(STATUS, document_id, receiver, code, occurred_at.isoformat()),
        "occurred_at": occurred_at,
        "source": source,
        "synthetic": synthetic,
        "document_id": document_id,
        "receiver_code": receiver,
        "previous_status_code": None,
        "status_code": code,
        # The message gives a reason only in words, which may name people.
        "refusal_reason": "other" if code in _REFUSED else None,
    }
    paths = {
        "occurred_at": f"{status.path}/Timestamp",
        "source": f"{status.path}/From/OrganId",
        "receiver_code": f"{status.path}/From/OrganId",
        "document_id": f"{status.path}/ResponseFor/DocumentId",
        "status_code": f"{status.path}/StatusCode",
    }
    return Translated(STATUS, event, MappingProxyType(paths))


def _identity(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def _sending(header: Element, sender: str) -> Element:
    """The sender's own entry among the stations that the message has passed, else the first."""
    stations = header.need("TraceHeaderList").named("TraceHeader")
    if not stations:
        raise missing(f"{header.path}/TraceHeaderList/TraceHeader")
    return next((each for each in stations if each.value("OrganId") == sender), stations[0])


def _document_id(message: Element) -> str:
    """As stated, else made of its parts as the standard says."""
    stated = message.value("DocumentId")
    if stated:
        return stated
    dated = day(message, "PromulgationInfo", "PromulgationDate")
    number, notation = message.need_value("Code", "CodeNumber"), message.need_value("Code", "CodeNotation")
    return f"{message.need_value('From', 'OrganId')},{dated:%Y/%m/%d},{number}/{notation}"


def _business_kind(business: Element) -> str:
    code = business.need_value("BussinessDocType")
    if code not in _BUSINESS:
        said, said_vi = "must be 0 new, 1 withdrawal, 2 update or 3 replacement", "phải là 0, 1, 2 hoặc 3"
        raise invalid(f"{business.path}/BussinessDocType", "enum", said, said_vi, code)
    return _BUSINESS[code]


def _with_paper(business: Element) -> bool:
    paper = business.value("Paper") or "0"
    if paper not in ("0", "1"):
        raise invalid(f"{business.path}/Paper", "enum", "must be 0 or 1", "phải là 0 hoặc 1", paper)
    return paper == "1"


def _receivers(message: Element) -> int:
    found = message.named("To")
    if not found:
        raise missing(f"{message.path}/To")
    return len({each.need_value("OrganId") for each in found})
