"""What the gateway's documentation says of edXML messages."""

from __future__ import annotations

from pathlib import Path

from producers.edxml.messages import SENT, STATUS
from producers.gateway.documentation.documented import Documented, Sample
from producers.gateway.documentation.shell_lines import granting, posting
from schemas.site.bilingual import Bilingual

SAMPLES = Path(__file__).parent / "samples"


def _sample(name: str, title: Bilingual) -> Sample:
    text = (SAMPLES / f"{name}.xml").read_text(encoding="utf-8")
    shell = posting("/edxml?synthetic=true&wait=true", {"Content-Type": "application/xml"}, text)
    return Sample(name, title, text, shell)


DOCUMENTED = Documented(
    summary="One edXML message (QCVN 102:2016/BTTTT) / Một thông điệp edXML",
    meaning=Bilingual(
        "A document that was sent, or a receiver's status, at most 32 MiB of UTF-8; bare or in a SOAP envelope. The "
        "same message twice is one event. Names, subjects, contents and files are not carried on.",
        "Văn bản đã gửi hoặc trạng thái của nơi nhận, tối đa 32 MiB, UTF-8; có thể nằm trong phong bì SOAP. Gửi lại "
        "cùng thông điệp không bị tính hai lần. Họ tên, trích yếu, nội dung và tệp không được chuyển tiếp.",
    ),
    schema={"type": "string", "minLength": 1, "xml": {"name": "edXML"}},
    preparation=granting(
        "agency",
        (SENT, STATUS),
        ("H22.05", "H22.07"),
        Bilingual(
            "The source of an event is the office in From/OrganId, in the order of Decision 20/2020 (000.00.05.H22 is "
            "H22.05): name each office whose messages you pass on, or H22* for all of the province.",
            "Nguồn là cơ quan trong From/OrganId theo Quyết định 20/2020 (000.00.05.H22 là H22.05): nêu từng cơ quan "
            "có thông điệp được chuyển, hoặc H22* cho toàn tỉnh.",
        ),
    ),
    samples=(
        _sample("document", Bilingual("A document that was sent", "Văn bản đã gửi")),
        _sample("status", Bilingual("A receiver's status", "Trạng thái của nơi nhận")),
    ),
)
