"""The templates of the gateway's pages."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from producers.gateway.documentation.shell_lines import pretty

FOLDER = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`]+)`")


def page_templates() -> Environment:
    """Text that is put into them is escaped."""
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = _prose
    found.filters["pretty"] = pretty
    return found


def _prose(text: str) -> Markup:
    """A sentence with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped right here)
