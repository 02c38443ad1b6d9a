"""What the quarantine desk shows to people, as Markdown in both languages: causes, dry runs, open breakers.

No content of events is in it: who may decide need not be who may read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from consumers.warehouse.openings import Opening
from consumers.warehouse.quarantined import Cause

_SHOWN = 20


def causes_text(causes: Sequence[Cause]) -> str:
    """A table of causes, the most frequent first."""
    head = ("Cause / Nguyên nhân", "Records / Số bản ghi", "Since / Từ", "Last / Gần nhất", "Example / Ví dụ")
    rows = (
        (
            each.title,
            f"{each.records:,}",
            f"{each.first_at:%Y-%m-%d %H:%M}",
            f"{each.last_at:%Y-%m-%d %H:%M}",
            f"{each.example_vi} / {each.example_en} (`{each.cause_class}`)",
        )
        for each in causes
    )
    return f"{_table(head, rows)}\n\nTimes in UTC. Content: `hagiang quarantine list`. / Giờ UTC."


def breakers_text(openings: Sequence[Opening]) -> str:
    """A table of open breakers, the oldest first."""
    head = ("Event / Loại sự kiện", "Since (UTC) / Từ", "Fail / Lỗi", "Rules / Quy tắc")
    rows = (
        (
            f"{each.event}, load {each.load_id}",
            f"{each.opened_at:%Y-%m-%d %H:%M}",
            f"{each.failed:,} / {each.total:,} ({each.failed / each.total:.1%})",
            _counts(each.by_rule),
        )
        for each in openings
    )
    return _table(head, rows)


def dry_run_text(repair: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """What a second person decides on.

    `repair` has title, action, asked_by and reason, `found` is Rehearsal.as_json.
    """
    wish = {"replay": "load them after all / nạp lại", "discard": "**discard for good / loại bỏ vĩnh viễn**"}
    lines = [
        f"**{repair['title']}**: {found['entries']:,} records / bản ghi",
        f"- asked by / người đề nghị: **{repair['asked_by']}**: {repair['reason']}",
        f"- to do / việc cần làm: {wish[repair['action']]}",
        "",
        *_outcome(found),
    ]
    if repair["action"] == "replay":
        lines += ["", *_figures(found["figures"]), "", *_marts(found["marts"])]
    elif found["loaded"]:
        lines += ["", f"**{found['loaded']:,} of them would load today. / Có thể nạp được ngay bây giờ.**"]
    return "\n".join(lines)


def _outcome(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"Dry run over / chạy thử trên {found['tried']:,}:"
    yield f"- would load / sẽ nạp được: **{found['loaded']:,}**"
    yield f"- duplicates / trùng: {found['duplicate']:,}"
    yield f"- would fail again / vẫn lỗi: **{found['failing']:,}** {_counts(found['failing_by_rule'])}".rstrip()
    if found["undecodable"]:
        yield f"- cannot be decoded, ever / không giải mã được: {found['undecodable']:,}"
    if found["tried"] + found["undecodable"] < found["entries"]:
        yield "- the rest was not tried: more than one load takes / phần còn lại chưa chạy thử"


def _figures(figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not figures:
        yield "No key figure changes. / Không chỉ số nào thay đổi."
        return
    rows = ((f"{each['name_vi']} / {each['name_en']}", _change(each)) for each in figures[:_SHOWN])
    yield _table(("Figure / Chỉ số", "Before → after / Trước → sau"), rows)
    if len(figures) > _SHOWN:
        yield f"\nand {len(figures) - _SHOWN} more / và các chỉ số khác"


def _change(figure: Mapping[str, Any]) -> str:
    before, after = (_amount(figure[name]) for name in ("before", "after"))
    return f"{before} → {after} {figure['unit']}" if before != after else f"{after} {figure['unit']} (made of more)"


def _amount(amount: str | None) -> str:
    """Two decimals are enough to decide."""
    return "–" if amount is None else f"{float(amount):,.2f}".removesuffix(".00")


def _marts(marts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if marts:
        told = (f"`{each['mart']}` {each['rows_before']:,} → {each['rows_after']:,}" for each in marts)
        yield f"Marts, rows / Bảng số liệu, số dòng: {', '.join(told)}"


def _counts(by_rule: Mapping[str, int]) -> str:
    worst = sorted(by_rule.items(), key=lambda item: -item[1])
    return ", ".join(f"`{rule}` {count:,}" for rule, count in worst[:_SHOWN])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
