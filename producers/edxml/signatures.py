"""Digital signatures of a message as the contract wants them: what the message says, checked by nobody yet.

Signatures inside an attached file (PDF) are not seen, and none is verified: `validity` is always `unknown`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from producers.edxml.certificate import certificate_of, is_organisations
from producers.edxml.element import Element
from producers.edxml.faults import invalid
from producers.edxml.values import VIETNAM, day

Pseudonym = Callable[[str, str], str]
"""Purpose and number -> 64 hexadecimal digits (producers/pseudonyms.py)."""

CERTIFICATE = "certificate"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_DIGEST_BYTES = 32
_UNKNOWN = "unknown"


def signatures_of(root: Element, header: Element, pseudonym: Pseudonym) -> list[dict[str, Any]]:
    """One record for each `Signature` below `DigitalSignature`; raises EdxmlInvalid for one that cannot be told."""
    files = files_of(root)
    below = header.find("DigitalSignature")
    found = list(below.walk("Signature")) if below else []
    return [_record(each, header, files, pseudonym) for each in found]


def files_of(root: Element) -> Mapping[str, str | None]:
    """SHA-256 of each attached file by its ContentId without `cid:`."""
    attachments = list(root.walk("Attachment"))
    found = {each.value("ContentId") or "": each.find("ContentTransferEncoded") for each in attachments}
    return {_content_id(name): file.sha256 for name, file in found.items() if file is not None}


def _record(
    signature: Element, header: Element, files: Mapping[str, str | None], pseudonym: Pseudonym
) -> dict[str, Any]:
    certificate = certificate_of(signature)
    if certificate is None:
        said = "must hold X509IssuerSerial or a readable X509Certificate"
        said_vi = "phải có X509IssuerSerial hoặc X509Certificate đọc được"
        raise invalid(f"{signature.path}/KeyInfo/X509Data", "required", said, said_vi)
    message = header.need("MessageHeader")
    by_organisation = is_organisations(certificate, message.value("From", "OrganName"))
    return {
        "file_sha256": _file_sha256(signature, files),
        "kind": "organisation" if by_organisation else "personal",
        "signer_agency_code": message.need_value("From", "OrganId"),
        "certificate_pseudonym": pseudonym(CERTIFICATE, f"{certificate.issuer} {certificate.serial}"),
        "signed_at": _signed_at(signature, message),
        "validity": _UNKNOWN,
        "checked_at": None,
    }


def _file_sha256(signature: Element, files: Mapping[str, str | None]) -> str:
    """The digest of the first reference to an attached file, else of the first reference."""
    signed = signature.find("SignedInfo")
    references = signed.named("Reference") if signed else []
    if not references:
        raise invalid(f"{signature.path}/SignedInfo/Reference", "required", "is missing", "bị thiếu")
    named = [each for each in references if _content_id(each.attributes.get("URI", "")) in files]
    reference = (named or references)[0]
    found = _stated(reference) or files.get(_content_id(reference.attributes.get("URI", "")))
    if found is None:
        said = "must be a SHA-256 digest, or its URI must name an attached file"
        said_vi = "phải là mã băm SHA-256, hoặc URI phải trỏ tới tệp đính kèm"
        raise invalid(f"{reference.path}/DigestValue", "type", said, said_vi)
    return found


def _stated(reference: Element) -> str | None:
    method = reference.find("DigestMethod")
    if method is None or method.attributes.get("Algorithm") != SHA256:
        return None
    try:
        digest = base64.b64decode(reference.value("DigestValue") or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest.hex() if len(digest) == _DIGEST_BYTES else None


def _signed_at(signature: Element, message: Element) -> datetime:
    """XAdES's SigningTime; a signature without it is as old as the document, which is dated when it is signed."""
    stated = next(signature.walk("SigningTime"), None)
    if stated is None:
        return day(message, "PromulgationInfo", "PromulgationDate")
    text = stated.text.strip()
    try:
        # Python reads only so many digits of a fraction.
        when = datetime.fromisoformat(re.sub(r"\.\d+", "", text[:60]))
    except ValueError:
        said = "must be a time such as 2021-06-23T08:00:00+07:00"
        said_vi = "phải là thời điểm dạng 2021-06-23T08:00:00+07:00"
        raise invalid(stated.path, "type", said, said_vi, text) from None
    return when if when.tzinfo else when.replace(tzinfo=VIETNAM)


def _content_id(uri: str) -> str:
    return uri.strip().removeprefix("cid:").removeprefix("#").strip("<>")
