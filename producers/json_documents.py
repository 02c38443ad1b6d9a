"""JSON documents of other systems: an object, or a list of them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from producers.mistaken_bodies import mistake_in
from producers.repeated_keys import KeyRepeated, distinct
from schemas.codec import EventInvalid
from schemas.fitting import Reason
from schemas.rules import HIDDEN, Violation, kind_of


class DocumentInvalid(EventInvalid):
    """The document is no JSON of the kind that is wanted: mend it and send it again."""


def items_in(data: bytes) -> list[Any]:
    """The items of a list, or the one object; decimals stay exact. Raises DocumentInvalid."""
    value = _loaded(data)
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return value
    kind = kind_of(value)
    raise _invalid(
        "type",
        kind.en,
        f"must be an object or a list, is {kind.en}",
        f"phải là đối tượng hoặc danh sách, đang là {kind.vi}",
    )


def _loaded(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=distinct)
    except UnicodeDecodeError as error:
        seen = mistake_in(data, "JSON") or Reason("is not UTF-8", "không phải UTF-8")
        raise _invalid("encoding", HIDDEN, seen.en, seen.vi) from error
    except KeyRepeated as error:
        raise _invalid(
            "repeated_key",
            str(error),
            f"has the key {error} twice in one object: only one of the two can be meant",
            f"có khóa {error} hai lần trong cùng một đối tượng: chỉ giữ một",
        ) from error
    except json.JSONDecodeError as error:
        at, at_vi = f"line {error.lineno}, column {error.colno}", f"dòng {error.lineno}, cột {error.colno}"
        wrong = Reason(f"is no JSON at {at}: {error.msg}", f"không phải JSON hợp lệ ở {at_vi}")
        seen = mistake_in(data, "JSON") or wrong
        raise _invalid("json", HIDDEN, seen.en, seen.vi) from error
    except RecursionError as error:
        raise _invalid("json", HIDDEN, "is nested too deeply", "lồng nhau quá sâu") from error
    except ValueError as error:
        raise _invalid("json", HIDDEN, "has a number of too many digits", "có số quá dài") from error


def _invalid(rule: str, value: str, said: str, said_vi: str) -> DocumentInvalid:
    return DocumentInvalid([Violation("document", rule, value, f"document {said}", f"tài liệu {said_vi}")])
