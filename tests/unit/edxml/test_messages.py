"""What an edXML message becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from producers.edxml.document_types import document_type
from producers.edxml.faults import EdxmlInvalid
from producers.edxml.messages import translate
from producers.translated import Translated, located
from schemas.catalog import load_catalog
from schemas.codec import EventInvalid, prepare
from tests.edxml_samples import DOCUMENT, DOCUMENT_ID, FILE_SHA256, SERIAL, SIGNATURE, SOAP_STATUS, STATUS

CODECS = {name: prepare(load_catalog()[name]) for name in ("document_sent", "document_status_changed")}


def told(text: str) -> Translated:
    return translate(text.encode(), lambda purpose, number: f"{purpose}: {number}")


def refused(text: str) -> EdxmlInvalid:
    with pytest.raises(EdxmlInvalid) as error:
        told(text)
    return error.value


def test_a_document_becomes_an_event_of_its_sending() -> None:
    made = told(DOCUMENT)
    event = dict(made.event)
    (signature,) = event.pop("signatures")
    event_id = event.pop("event_id")
    assert made.event_name == "document_sent"
    assert event == {
        "occurred_at": datetime(2021, 6, 23, 1, 5, tzinfo=UTC),
        "source": "H22.05",
        "synthetic": False,
        "document_id": DOCUMENT_ID,
        "agency_code": "H22.05",
        "document_type": "official_letter",
        "business_kind": "new",
        "may_be_electronic": True,
        "is_electronic": True,
        "with_paper": True,
        "receiver_count": 2,
    }
    assert signature == {
        "file_sha256": FILE_SHA256,
        "kind": "organisation",
        "signer_agency_code": "000.00.05.H22",
        "certificate_pseudonym": f"certificate: CN=CA mẫu,C=VN {SERIAL}",
        "signed_at": datetime(2021, 6, 22, 17, 0, tzinfo=UTC),
        "validity": "unknown",
        "checked_at": None,
    }
    assert told(DOCUMENT).event["event_id"] == event_id
    assert told(DOCUMENT.replace("08:05:00", "08:05:01")).event["event_id"] != event_id


def test_a_signature_is_never_said_to_be_valid() -> None:
    claims = SIGNATURE.replace("<SignatureValue>", "<Validity>valid</Validity><SignatureValue>")
    (signature,) = told(DOCUMENT.replace(SIGNATURE, claims)).event["signatures"]
    assert signature["validity"] == "unknown"


def test_the_events_keep_their_contracts() -> None:
    for text in (DOCUMENT, STATUS, SOAP_STATUS, DOCUMENT.replace(SIGNATURE, "")):
        made = translate(text.encode(), lambda _purpose, _number: "ab" * 32, synthetic=True)
        assert CODECS[made.event_name].check(made.event) == []


def test_a_status_is_the_receivers() -> None:
    made = told(STATUS)
    assert made.event_name == "document_status_changed"
    assert (made.event["source"], made.event["receiver_code"]) == ("H22.07", "H22.07")
    assert (made.event["document_id"], made.event["status_code"]) == (DOCUMENT_ID, "03")
    assert made.event["refusal_reason"] is None
    assert told(STATUS.replace(">03<", ">02<")).event["refusal_reason"] == "other"


def test_the_older_soap_form_and_its_dates_mean_the_same() -> None:
    assert told(SOAP_STATUS).event == told(STATUS).event


def test_a_document_without_an_identity_is_identified_by_its_parts() -> None:
    stated = f"<edXML:DocumentId>{DOCUMENT_ID}</edXML:DocumentId>\n      </edXML:MessageHeader>"
    assert stated in DOCUMENT
    assert told(DOCUMENT.replace(stated, "</edXML:MessageHeader>")).event["document_id"] == DOCUMENT_ID


def test_a_signature_over_a_sha1_digest_is_known_by_the_attached_file() -> None:
    older = DOCUMENT.replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")
    assert told(older).event["signatures"][0]["file_sha256"] == FILE_SHA256


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("CN=Người Ký Mẫu,UID=CCCD:002000000000", "personal"),
        ("CN=Sở Mẫu,C=VN", "organisation"),
        ("CN=Người Ký Mẫu,UID=CCCD:002000000000,OU=MST:5100000001", "personal"),
        ("CN=Ai đó", "personal"),
        ("", "personal"),
    ],
)
def test_a_certificate_that_does_not_say_so_is_no_organisations(subject: str, kind: str) -> None:
    text = DOCUMENT.replace("CN=Sở Mẫu,O=Sở Mẫu,UID=MST:5100000001,C=VN", subject)
    assert told(text).event["signatures"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        (
            "000.00.05.H22</edXML:OrganId><edXML:OrganName>",
            "Sở Mẫu</edXML:OrganId><edXML:OrganName>",
            "From/OrganId",
            "Sở Mẫu",
        ),
        ("2021/06/23 08:05:00", "2021/02/30 08:05:00", "TraceHeader[2]/Timestamp", "2021/02/30"),
        ("2021/06/23 08:05:00", "2021-06-23T08:05:00Z", "TraceHeader[2]/Timestamp", "must be a time such as"),
        ("<edXML:BussinessDocType>0<", "<edXML:BussinessDocType>7<", "Bussiness/BussinessDocType", "is '7'"),
        ("<edXML:BussinessDocType>0<", "<edXML:BussinessDocType><", "Bussiness/BussinessDocType", "missing or empty"),
        ("<edXML:Paper>1<", "<edXML:Paper>yes<", "Bussiness/Paper", "is 'yes'"),
        (f"{SERIAL}", "", "Signature/KeyInfo/X509Data", "X509IssuerSerial"),
        ('URI="cid:a1"', 'URI="cid:zz"', "Reference/DigestValue", "SHA-256"),
        ("<edXML:OrganId>H22.07</edXML:OrganId>", "", "MessageHeader/To/OrganId", "missing"),
        ("edXML:TraceHeaderList", "edXML:Trace", "edXMLHeader/TraceHeaderList", "missing"),
    ],
)
def test_what_is_wrong_is_told_with_the_elements_path(old: str, new: str, path: str, said: str) -> None:
    assert old in DOCUMENT
    (fault,) = refused(DOCUMENT.replace(old, new)).violations
    assert fault.field.endswith(path)
    assert fault.field.startswith("/edXML/edXMLEnvelope/edXMLHeader")
    assert said in fault.message


def test_a_broken_contract_is_told_with_the_elements_path() -> None:
    made = translate(
        DOCUMENT.replace("267/STP-VP</edXML:DocumentId>", "267</edXML:DocumentId>").encode(), lambda *_: "ab" * 32
    )
    error = located(EventInvalid(CODECS["document_sent"].check(made.event)), made.places)
    (fault,) = error.violations
    assert fault.field == "/edXML/edXMLEnvelope/edXMLHeader/MessageHeader/DocumentId"
    assert "must match" in fault.message


@pytest.mark.parametrize(
    ("name", "number", "symbol"),
    [
        ("Công văn", None, "official_letter"),
        ("CONG VAN", "1", "official_letter"),
        ("Quyết định", "2", "decision"),
        (None, "14", "report"),
        ("Giấy đi đường", "28", "other"),
        (None, "23", "other"),
        (None, "²", "other"),
        (None, None, "other"),
    ],
)
def test_a_documents_type_is_known_by_its_name_or_a_number_that_all_lists_share(
    name: str | None, number: str | None, symbol: str
) -> None:
    assert document_type(name, number) == symbol


def test_types_are_in_the_contracts_order() -> None:
    field = next(each for each in load_catalog()["document_sent"].fields if each.name == "document_type")
    assert [document_type(None, str(n)) for n in range(1, 21)] == list(field.symbols[:20])
