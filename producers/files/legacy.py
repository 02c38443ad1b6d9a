"""Text in the Vietnamese encodings from before Unicode that Python has no codec for: TCVN3 (ABC) and VNI.

Both are given as latin-1 text, one character a byte. TCVN3: the upper half of TCVN 5712:1993. VNI: a vowel is followed
by a second byte that carries its mark and tone; only the letters that VNI itself spells are touched.
"""

from __future__ import annotations

import re

_TCVN_UPPER_HALF = (
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN = {0xA0 + place: letter for place, letter in enumerate(_TCVN_UPPER_HALF)}

_TONES = "øùûõï"  # the byte after a vowel: huyền, sắc, hỏi, ngã, nặng
_VNI_PAIRS = {
    "a": ("àáảãạ", "âàáåãäêèéúüë", "âầấẩẫậăằắẳẵặ"),
    "e": ("èéẻẽẹ", "âàáåãä", "êềếểễệ"),
    "o": ("òóỏõọ", "âàáåãä", "ôồốổỗộ"),
    "u": ("ùúủũụ", "", ""),
    "y": ("ỳýỷỹ", "", ""),
    "ô": ("ờớởỡợ", "", ""),
    "ö": ("ừứửữự", "", ""),
}
_VNI_SINGLE = dict(zip("ôöìíæóòîñ", "ơưìíỉĩịỵđ", strict=True))


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for base, (toned, marks, marked) in _VNI_PAIRS.items():
        table |= {base + tone: letter for tone, letter in zip(_TONES, toned, strict=False)}
        table |= {base + mark: letter for mark, letter in zip(marks, marked, strict=True)}
    capitals = {pair.upper(): letter.upper() for pair, letter in table.items()}
    mixed = {pair[0].upper() + pair[1:]: letter.upper() for pair, letter in table.items() if len(pair) > 1}
    return {**mixed, **capitals, **table}


_VNI = _vni_table()
_VNI_LETTERS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def from_tcvn3(text: str) -> str:
    """Unicode of TCVN3 bytes that were read as latin-1."""
    return text.translate(_TCVN)


def from_vni(text: str) -> str:
    """Unicode of VNI bytes that were read as latin-1."""
    return _VNI_LETTERS.sub(lambda found: _VNI[found[0]], text)
