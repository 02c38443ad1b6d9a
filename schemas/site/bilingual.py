"""Words of the documentation in English and Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas.contract import Field


@dataclass(frozen=True)
class Bilingual:
    """The same text twice."""

    en: str
    vi: str


DOMAINS: Mapping[str, Bilingual] = {
    "government": Bilingual("Digital government", "Chính quyền số"),
    "society": Bilingual("Digital society", "Xã hội số"),
    "economy": Bilingual("Digital economy", "Kinh tế số"),
    "marketplace": Bilingual("Marketplaces", "Sàn thương mại điện tử"),
    "fpt": Bilingual("Cooperation with FPT", "Hợp tác với FPT"),
}
SEVERITIES: Mapping[str, Bilingual] = {
    "critical": Bilingual("critical", "nghiêm trọng"),
    "warning": Bilingual("warning", "cảnh báo"),
}
PERSONAL_DATA: Mapping[str, Bilingual] = {
    "basic": Bilingual("personal data: basic", "dữ liệu cá nhân cơ bản"),
    "sensitive": Bilingual("personal data: sensitive", "dữ liệu cá nhân nhạy cảm"),
}
LISTS: Mapping[str, Bilingual] = {
    "admin_unit": Bilingual("administrative units", "đơn vị hành chính"),
    "agency": Bilingual("agencies", "cơ quan"),
    "procedure": Bilingual("procedures", "thủ tục hành chính"),
    "product": Bilingual("products", "sản phẩm"),
}
OPTIONAL = Bilingual("may be empty", "có thể để trống")
RELEASED = Bilingual("released", "đã phát hành")
DRAFT = Bilingual("draft", "dự thảo")


def rule_words(field: Field) -> Iterator[Bilingual]:
    """Each rule of the field as a phrase."""
    rules = field.rules
    if rules.min is not None:
        yield Bilingual(f"≥ {rules.min:,}", f"≥ {rules.min:,}")
    if rules.max is not None:
        yield Bilingual(f"≤ {rules.max:,}", f"≤ {rules.max:,}")
    if rules.max_length is not None:
        yield Bilingual(f"at most {rules.max_length} characters", f"không quá {rules.max_length} ký tự")
    if rules.pattern is not None:
        yield Bilingual(rules.pattern, rules.pattern)
    if rules.ref is not None:
        name = LISTS.get(rules.ref, Bilingual(rules.ref, rules.ref))
        yield Bilingual(f"in the list of {name.en}", f"thuộc danh mục {name.vi}")


def split_comment(comment: str) -> Bilingual:
    """A warehouse comment, `English. / Tiếng Việt.`; one without Vietnamese is shown twice."""
    english, found, vietnamese = comment.rpartition(" / ")
    return Bilingual(english, vietnamese) if found else Bilingual(comment, comment)
