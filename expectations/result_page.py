"""A result of Great Expectations as HTML: its own rendering, made harmless, below a summary in both languages."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from expectations import avoid_condition, no_rows  # noqa: F401  make their renderings known
from expectations.check_summary import CheckSummary

SITE = Path(__file__).parent / "site"
PAGES = Environment(
    loader=FileSystemLoader(SITE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

Json = dict[str, Any]

# Left out of Great Expectations' pages: scripts, most of them from elsewhere, and links to pages that are not made.
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_LINKS = re.compile(r"</?a\b[^>]*>", re.IGNORECASE)
_SECTIONS = re.compile(r'<div id="section-\d+".*(?=</div>\s*</div>\s*</div>\s*(?:<footer|</body))', re.DOTALL)


def result_page(event: str, check: CheckSummary, document: Json) -> str:
    """The page of one check; it fetches and runs nothing, and values of bad rows stay text in it."""
    return PAGES.get_template("check.html.j2").render(event=event, check=check, rendered=rendered(document))


def rendered(document: Json) -> Markup:
    """The sections of Great Expectations' own page of the result."""
    result = expectationSuiteValidationResultSchema.load(
        {**document, "results": list(map(_escaped, document["results"]))}
    )
    page = DefaultJinjaPageView().render(ValidationResultsPageRenderer(run_info_at_end=True).render(result))
    sections = _SECTIONS.search(_LINKS.sub("", _SCRIPTS.sub("", page)))
    return Markup(sections[0] if sections else "")  # noqa: S704  what came from outside has been escaped


def _escaped(result: Json) -> Json:
    """Great Expectations puts sample values into its pages as they are: whoever sends a bad row could send a script."""
    return {**result, "result": _escape(result["result"])}


def _escape(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {name: _escape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_escape(each) for each in value]
    return value
