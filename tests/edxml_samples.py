"""edXML messages made up for tests, in the structure of QCVN 102:2016; people and offices in them are invented."""

from __future__ import annotations

import hashlib
from pathlib import Path

from producers.edxml.documented import SAMPLES

DOCUMENT = (SAMPLES / "document.xml").read_text(encoding="utf-8")
STATUS = (SAMPLES / "status.xml").read_text(encoding="utf-8")
SOAP_STATUS = (Path(__file__).parent / "edxml" / "soap_status.xml").read_text(encoding="utf-8")

DOCUMENT_ID = "000.00.05.H22,2021/06/23,267/STP-VP"
SERIAL = "5404FFFEB7033FB316D672201B7BD4D3"
# Of the attached file.
FILE_SHA256 = hashlib.sha256(b"%PDF-1.7 an official letter").hexdigest()
# The document's signature, as it stands in it.
SIGNATURE = DOCUMENT[DOCUMENT.index("<Signature ") : DOCUMENT.index("</Signature>") + len("</Signature>")]
