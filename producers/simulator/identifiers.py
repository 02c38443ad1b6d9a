"""Numbers that look like a real firm's or product's, with their check digits; none is known to belong to one."""

from __future__ import annotations

import hashlib

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code(number: int) -> str:
    """A tax code of Hà Giang (`51...`) with a right check digit; different for each number below 100 000."""
    for serial in range(10 * number, 10 * number + 10):
        digits = f"51{serial + 1:07d}"
        check = 10 - sum(w * int(d) for w, d in zip(TAX_WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise ValueError(number)


def gtin(number: int) -> str:
    """A GTIN-13 with Vietnam's prefix 893 and a right check digit."""
    digits = f"8939999{number:05d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return f"{digits}{-total % 10}"


def pseudonym(owner: str) -> str:
    """64 hexadecimal digits, the same for one owner, as a keyed hash of a registration number would be."""
    return hashlib.sha256(f"simulated {owner}".encode()).hexdigest()
