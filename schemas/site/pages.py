"""The documentation as a folder of static HTML pages; no page needs anything from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.asyncapi import Servers, asyncapi
from schemas.catalog import load_catalog
from schemas.example_files import load_examples
from schemas.folders import ContractFolders
from schemas.site.bilingual import DOMAINS, Bilingual
from schemas.site.contract_view import ContractView, contract_view
from schemas.site.mart_view import figure_rows, mart_views
from schemas.usage.marts import load_marts
from schemas.usage.readers import ReaderFolders, event_tables, readers_of
from schemas.versions import load_released

TEMPLATES = Path(__file__).parent / "templates"
EVENTS_INTRO = Bilingual(
    "Each event has one contract: what one event means, its fields and rules, where it travels and what is made of it.",
    "Mỗi sự kiện có một hợp đồng dữ liệu: ý nghĩa, các trường và quy tắc, đường đi và những bảng, chỉ số dùng đến nó.",
)
MARTS_INTRO = Bilingual(
    "Tables for dashboards, which the DAG build_marts keeps up to date with core; the role dashboard may read them.",
    "Các bảng cho bảng điều khiển, do luồng build_marts cập nhật từ core; vai trò dashboard được đọc.",
)


@dataclass(frozen=True)
class DomainPart:
    """A domain of the index with its events."""

    name: str
    title: Bilingual
    pages: Sequence[ContractView]


def site(folders: ContractFolders, readers: ReaderFolders, servers: Servers, version: str) -> Mapping[str, str]:
    """Every file of the site by its name: index.html, marts.html, `<event>.html`, style.css and asyncapi.json."""
    catalog, examples = load_catalog(folders.avro), load_examples(folders.examples)
    released, marts = load_released(folders.released), load_marts(readers.marts)
    views = [
        contract_view(each, released.get(each.event, ()), examples.get(each.event, ()), readers_of(each, readers))
        for each in catalog.values()
    ]
    events = [(each.event, event_tables(each)) for each in catalog.values()]
    views_of_marts = list(mart_views(marts, events))
    templates = _environment()
    document = asyncapi(catalog, examples, servers, version)
    return {
        "index.html": templates.get_template("index.html.j2").render(intro=EVENTS_INTRO, domains=_domains(views)),
        "marts.html": templates.get_template("marts.html.j2").render(
            intro=MARTS_INTRO, marts=views_of_marts, figures=figure_rows(marts), tables={mart.table for mart in marts}
        ),
        **{f"{view.event}.html": templates.get_template("contract.html.j2").render(page=view) for view in views},
        "style.css": (TEMPLATES / "style.css").read_text(encoding="utf-8"),
        "asyncapi.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n",
    }


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["breakable"] = _breakable
    return found


def _breakable(name: str) -> Markup:
    """A long name that may be broken after its underscores and dots, and is copied without a trace of that."""
    return Markup("<wbr>").join(re.split(r"(?<=[_.])", name))


def _domains(views: Sequence[ContractView]) -> list[DomainPart]:
    """In the order of the province's plan; one it does not know comes last, under its own name."""
    names = [*DOMAINS, *sorted({view.domain for view in views} - DOMAINS.keys())]
    parts = [
        DomainPart(name, DOMAINS.get(name, Bilingual(name, name)), [view for view in views if view.domain == name])
        for name in names
    ]
    return [part for part in parts if part.pages]
