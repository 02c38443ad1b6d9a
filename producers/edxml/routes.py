"""POST /edxml."""

from __future__ import annotations

from producers.edxml.documented import DOCUMENTED
from producers.edxml.messages import SENT, STATUS, translate
from producers.edxml.reading import DEFAULT_LIMITS
from producers.edxml.signatures import Pseudonym
from producers.gateway.adapted_records import Posted
from producers.gateway.adapters import Adapter
from producers.translated import Translated


def edxml_adapter(pseudonym: Pseudonym) -> Adapter:
    """One message a request; 202 with its event_id, or a problem that names the element."""

    def adapt(posted: Posted) -> list[Translated]:
        return [translate(posted.body, pseudonym, synthetic=posted.synthetic)]

    return Adapter("/edxml", "edXML", "application/xml", (SENT, STATUS), adapt, True, DOCUMENTED, DEFAULT_LIMITS.bytes)
