"""A receipt as a document: what is proven, and apart from it what is only told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.sealing.seal import Seal, Statement
from infra.errors import OperatorError

FORMAT = "hagiang-receipt-v1"
NOTE = (
    "Told by the platform at this time; the seal does not prove it. "
    "/ Thông tin do nền tảng cung cấp tại thời điểm này, không được niêm phong chứng minh."
)
_SHA256_DIGITS = 64


class ReceiptUnreadable(OperatorError):
    """The file is no receipt as `hagiang receipt` writes it: ask for it again."""


@dataclass(frozen=True)
class Receipt:
    """`index` is the leaf's number from 0 on; `path` leads from it to the root of the seal; `told` is not proven."""

    leaf: Leaf
    salt: bytes
    index: int
    path: tuple[bytes, ...]
    seal: Seal
    told: Mapping[str, Any]

    def to_json(self) -> str:
        """The document, whose format consumers/warehouse/RECEIPTS.md tells."""
        document = {
            "format": FORMAT,
            "record": asdict(self.leaf),
            "salt": self.salt.hex(),
            "leaf_index": self.index,
            "path": [each.hex() for each in self.path],
            "seal": {**asdict(self.seal.statement), "signature": self.seal.signature.hex()},
            "told_not_proven": {"note": NOTE, **self.told},
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Raises ReceiptUnreadable."""
        try:
            return _receipt(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReceiptUnreadable(f"{type(error).__name__} {error}") from error


def _receipt(document: dict[str, Any]) -> Receipt:
    if document["format"] != FORMAT:
        raise ReceiptUnreadable(f"its format is {document['format']}, not {FORMAT}")
    stated = dict(document["seal"])
    signature = bytes.fromhex(stated.pop("signature"))
    return Receipt(
        leaf=Leaf(**_typed(Leaf, document["record"])),
        salt=bytes.fromhex(document["salt"]),
        index=_number(document["leaf_index"]),
        path=tuple(_digest(each) for each in document["path"]),
        seal=Seal(Statement(**_typed(Statement, stated)), signature),
        told=document.get("told_not_proven", {}),
    )


def _typed(kind: type[Leaf | Statement], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field and no other, numbers as numbers and texts as texts."""
    kinds = {field.name: int if field.type == "int" else str for field in fields(kind)}
    wrong = kinds.keys() ^ values.keys() | {
        name for name in kinds.keys() & values.keys() if type(values[name]) is not kinds[name]
    }
    if wrong:
        raise ReceiptUnreadable(f"missing, foreign or of the wrong kind: {', '.join(sorted(wrong))}")
    return dict(values)


def _number(value: object) -> int:
    if type(value) is not int:
        raise ReceiptUnreadable(f"{value!r} is no number")
    return value


def _digest(value: str) -> bytes:
    if len(value) != _SHA256_DIGITS:
        raise ReceiptUnreadable(f"{value!r} is no SHA-256")
    return bytes.fromhex(value)
