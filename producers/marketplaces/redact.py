"""What is kept of a payload: everything but the buyer (decision 0803)."""

from __future__ import annotations

import json
import re
from typing import Any

from producers.marketplaces.change import PushUnreadable

REMOVED = "[removed]"
# Fields that name or describe a buyer or receiver on any of the platforms. The order's own `name` of a product stays.
_PERSONAL = re.compile(
    r"buyer|customer|recipient|receiver|consignee|address|phone|mobile|email|passport|identify_no|cpf|tax_code"
    r"|registration_number|first_?name|last_?name|full_?name|user_?name|national_id|bank|user_id|message_to_seller|note$",
    re.IGNORECASE,
)


def without_personal(body: bytes) -> bytes:
    """The same bytes when they tell nothing of a buyer, else the JSON with every such value removed.

    Raises PushUnreadable for what is not JSON.
    """
    try:
        document = json.loads(body)
        clean = _clean(document)
        return body if clean == document else json.dumps(clean).encode()
    except (ValueError, RecursionError) as error:
        raise PushUnreadable(f"not JSON: {type(error).__name__}") from error


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: REMOVED if _PERSONAL.search(name) else _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value
