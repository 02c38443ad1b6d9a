"""Vietnamese spelling, as far as it tells one encoding from another."""

from __future__ import annotations

import re
import unicodedata

_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưy]{1,3}"
    r"(?:ng|nh|ch|[cmnpt])?"
)


def share_of_syllables(text: str) -> float:
    """Of the words with a letter beyond ASCII, the share that can be Vietnamese syllables; 0 when there are none."""
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def is_syllable(word: str) -> bool:
    """Whether the letters of one word can stand in this order, with at most one tone."""
    if not (word.islower() or word.istitle() or word.isupper()):
        return False
    bare, tones = _TONE.subn("", unicodedata.normalize("NFD", word.lower()))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def folded(text: str) -> str:
    """Text without case, marks, tones, and signs: `  Mã  sản-phẩm*` and `MA SAN PHAM` are the same.

    Text of signs alone stays as it is.
    """
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    bare = "".join(sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split()) or text.strip()
