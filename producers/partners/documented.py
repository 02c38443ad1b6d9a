"""What the gateway's documentation says of FPT's programme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from producers.gateway.documentation.documented import Documented, Parameter, Sample, one_or_many
from producers.gateway.documentation.json_schema import event_schema
from producers.gateway.documentation.shell_lines import granting, posting, pretty
from producers.partners.programme import EVENTS, SOURCE
from schemas.contract import Contract, Json
from schemas.site.bilingual import Bilingual

SAMPLES = Path(__file__).parent / "samples"


def documented(contracts: Sequence[Contract]) -> Documented:
    """`contracts` are those of the reports."""
    return Documented(
        summary="Reports of FPT's programme / Báo cáo chương trình hợp tác với FPT",
        meaning=Bilingual(
            "A report, or a list of at most 5 000, each with its `event` and the fields of that contract. A correction "
            "is a report with a higher `report_version`. A report that is sent again unchanged counts once.",
            "Một báo cáo hoặc danh sách tối đa 5 000, mỗi báo cáo ghi `event` và các trường của hợp đồng đó. Đính "
            "chính là báo cáo có `report_version` cao hơn. Gửi lại y nguyên không bị tính hai lần.",
        ),
        schema=one_or_many({"oneOf": [_report(contract) for contract in contracts]}),
        preparation=granting(
            "fpt",
            EVENTS,
            (SOURCE,),
            Bilingual("The source of FPT's own reports is `fpt`.", "Nguồn của báo cáo do FPT gửi là `fpt`."),
        ),
        samples=(_programme(),),
        parameters=(
            Parameter(
                "source",
                Bilingual(
                    "The source of reports that do not say; else the client's only source, else fpt.",
                    "Nguồn của báo cáo không ghi source; nếu không ghi: nguồn duy nhất của bạn, hoặc fpt.",
                ),
                example=SOURCE,
            ),
        ),
    )


def _programme() -> Sample:
    body = json.loads((SAMPLES / "programme.json").read_text(encoding="utf-8"))
    path = "/partners/fpt/programme?synthetic=true&wait=true"
    shell = posting(path, {"Content-Type": "application/json"}, pretty(body))
    return Sample(
        "programme", Bilingual("A list with a report of each kind", "Danh sách đủ các loại báo cáo"), body, shell
    )


def _report(contract: Contract) -> Json:
    """The event's own schema with its name beside the fields."""
    event = event_schema(contract)
    required = [name for name in event["required"] if name != "synthetic"]
    properties = {"event": {"const": contract.event}, **event["properties"]}
    return {**event, "properties": properties, "required": ["event", *required]}
