"""Reads XML of unknown senders into elements, in bounded time and memory (infra/decisions/1003-*)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from producers.edxml.element import Element
from producers.edxml.faults import EdxmlInvalid, invalid
from producers.mistaken_bodies import mistake_in
from schemas.fitting import Reason

CHUNK = 1 << 16
FILE_ELEMENT = "ContentTransferEncoded"
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,40})[\"']")
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")
_UNITS_VI = {"bytes": "byte", "elements": "phần tử", "levels": "cấp", "attributes": "thuộc tính", "characters": "ký tự"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class XmlLimits:
    """`text` bounds the characters of each element but files."""

    bytes: int = 32 * 1024 * 1024
    depth: int = 24
    elements: int = 20_000
    attributes: int = 30
    text: int = 100_000


DEFAULT_LIMITS = XmlLimits()


def read_elements(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> Element:
    """The root of a message in UTF-8; raises EdxmlInvalid for anything that is not plain, small, well-formed XML."""
    _check_bytes(data, limits)
    tree = _Tree(limits)
    parser = DefusedXMLParser(
        target=tree, encoding="utf-8", forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
        parser.close()
    except DefusedXmlException as error:
        raise invalid(
            "/", "doctype", "must have no DOCTYPE and no entities", "không được có DOCTYPE, thực thể"
        ) from error
    except ParseError as error:
        raise _not_well_formed(data, tree, error) from error
    return tree.root


def _check_bytes(data: bytes, limits: XmlLimits) -> None:
    if len(data) > limits.bytes:
        raise _beyond("/", limits.bytes, "bytes")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = mistake_in(data, "XML") or Reason("must be UTF-8", "phải là UTF-8")
        raise invalid("/", "encoding", seen.en, seen.vi) from error
    declared = _DECLARED.match(data.removeprefix(_BOM))
    if declared and declared[1].decode("ascii", "replace").lower() not in _UTF8:
        raise invalid(
            "/",
            "encoding",
            "must declare UTF-8 or nothing",
            "phải khai báo UTF-8",
            declared[1].decode("ascii", "replace"),
        )


def _not_well_formed(data: bytes, tree: _Tree, error: ParseError) -> EdxmlInvalid:
    seen = None if tree.begun else mistake_in(data, "XML")
    if seen:
        return invalid(tree.path, "well_formed", seen.en, seen.vi)
    line, column = error.position[0], error.position[1] + 1
    why = ErrorString(error.code)
    return invalid(
        tree.path,
        "well_formed",
        f"is no well-formed XML at line {line}, column {column}: {why}",
        f"không phải XML hợp lệ ở dòng {line}, cột {column}",
    )


def _beyond(path: str, bound: int, unit: str) -> EdxmlInvalid:
    return invalid(path, "too_large", f"goes beyond {bound} {unit}", f"vượt quá {bound} {_UNITS_VI[unit]}")


class _Tree:
    """What the parser calls: builds elements, and stops it at a limit."""

    def __init__(self, limits: XmlLimits) -> None:
        self._limits = limits
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._sizes: list[int] = []
        self._names: list[Counter[str]] = [Counter()]
        self._count = 0
        self._root: Element | None = None

    @property
    def path(self) -> str:
        """Where the parser is."""
        return self._open[-1].path if self._open else "/"

    @property
    def begun(self) -> bool:
        """Whether an element was seen."""
        return self._root is not None

    @property
    def root(self) -> Element:
        """The finished tree."""
        assert self._root is not None  # noqa: S101 (a parser that has closed without an error has seen a root)
        return self._root

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)[:80]
        self._names[-1][name] += 1
        number = self._names[-1][name]
        above = self._open[-1].path if self._open else ""
        element = Element(name, f"{above}/{name}" + (f"[{number}]" if number > 1 else ""), {})
        self._count += 1
        if self._count > self._limits.elements:
            raise _beyond(element.path, self._limits.elements, "elements")
        if len(self._open) >= self._limits.depth:
            raise _beyond(self.path, self._limits.depth, "levels")
        if len(attributes) > self._limits.attributes:
            raise _beyond(element.path, self._limits.attributes, "attributes")
        element.attributes = {_local(key): value for key, value in attributes.items()}
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._names.append(Counter())
        self._texts.append([])
        self._sizes.append(0)

    def data(self, text: str) -> None:
        if not self._open:
            return
        self._sizes[-1] += len(text)
        if self._sizes[-1] > self._limits.text and self._open[-1].name != FILE_ELEMENT:
            raise _beyond(self.path, self._limits.text, "characters")
        self._texts[-1].append(text)

    def end(self, _tag: str) -> None:
        element = self._open.pop()
        text = "".join(self._texts.pop())
        self._names.pop()
        self._sizes.pop()
        if element.name == FILE_ELEMENT:
            element.sha256 = _sha256_of(text)
        else:
            element.text = text

    def close(self) -> None:
        """The parser has seen all."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sha256_of(encoded: str) -> str | None:
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return hashlib.sha256(content).hexdigest() if content else None
