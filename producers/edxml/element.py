"""An element of a message that has been read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from producers.edxml.faults import missing


@dataclass(slots=True)
class Element:
    """`name` and names of attributes are without namespaces; `path` counts elements of one name from 1.

    Of a file in the message only `sha256` is kept, None for one that is not base64.
    """

    name: str
    path: str
    attributes: dict[str, str]
    text: str = ""
    sha256: str | None = None
    children: list[Element] = field(default_factory=list)

    def named(self, name: str) -> list[Element]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def find(self, *names: str) -> Element | None:
        """The first element at the end of these names; None when there is none."""
        found: Element | None = self
        for name in names:
            found = next((child for child in found.children if child.name == name), None) if found else None
        return found

    def need(self, *names: str) -> Element:
        """As `find`; raises EdxmlInvalid that names the path."""
        found = self.find(*names)
        if found is None:
            raise missing("/".join((self.path, *names)))
        return found

    def value(self, *names: str) -> str | None:
        """The text at the end of these names in NFC, without spaces around it; None when missing or empty."""
        found = self.find(*names)
        return (unicodedata.normalize("NFC", found.text.strip()) or None) if found else None

    def need_value(self, *names: str) -> str:
        """As `value`; raises EdxmlInvalid."""
        value = self.value(*names)
        if value is None:
            raise missing("/".join((self.path, *names)))
        return value

    def walk(self, name: str) -> Iterator[Element]:
        """Every element of that name below this one, in the order of the message."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.walk(name)
