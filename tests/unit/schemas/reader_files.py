"""Marts and expectations that read the event `thing_happened`, in a folder of their own."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.usage.readers import ReaderFolders

DAILY = """-- from: thing_happened
CREATE TABLE IF NOT EXISTS mart.thing_daily (day date, amount bigint, status text);
COMMENT ON TABLE mart.thing_daily IS 'The province''s things by day. / Việc theo ngày.';
COMMENT ON COLUMN mart.thing_daily.amount IS 'Sum of amounts. / Tổng.';
DELETE FROM mart.thing_daily;
WITH step AS (
    SELECT source, amount, note AS remark -- colour
    FROM core.thing_happened AS thing
    WHERE thing.state <> 'weight'
),
other AS (
    SELECT height FROM core.something_else
)
INSERT INTO mart.thing_daily (day, total, label)
SELECT now()::date, sum(amount), max(height)
FROM step, other;
"""
PARTS = """INSERT INTO mart.part_count
SELECT count(*), sum(part.quantity)
FROM core.thing_happened_parts AS part JOIN core.thing_happened AS thing USING (event_id);
"""
KPI = """INSERT INTO mart.kpi
WITH things AS (
    SELECT sum(amount) AS amount FROM mart.thing_daily
),
figure AS (
    SELECT 'things_done', 'Things done', 'Việc đã xong', amount FROM things
    UNION ALL
    SELECT 'others', 'Others', 'Việc khác', 1 FROM core.something_else
)
SELECT * FROM figure;
"""
SUITE = {
    "name": "thing_happened",
    "expectations": [
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "height"},
            "severity": "critical",
            "meta": {"origin": "contract", "rule": "height_required", "reason_en": "x", "reason_vi": "x"},
        },
        {
            "type": "expect_column_values_to_avoid_condition",
            "kwargs": {"column": "state", "condition": "amount < 0 AND state = 'note'"},
            "severity": "warning",
            "meta": {"origin": "hand", "rule": "owes", "reason_en": "must not owe", "reason_vi": "không được nợ"},
        },
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {
                "unexpected_rows_query": "SELECT 1 FROM {batch} WHERE EXISTS (SELECT FROM {parts} WHERE quantity = 7)"
            },
            "severity": "critical",
            "meta": {"origin": "hand", "rule": "no_seven", "reason_en": "no seven", "reason_vi": "không có bảy"},
        },
    ],
}


def write_readers(folder: Path) -> ReaderFolders:
    """Three marts and one suite below `folder`."""
    folders = ReaderFolders(folder / "expectations", folder / "marts")
    for made in (folder / "expectations", folder / "marts"):
        made.mkdir(parents=True)
    for name, sql in (("thing_daily", DAILY), ("part_count", PARTS), ("kpi", KPI)):
        (folder / "marts" / f"{name}.sql").write_text(sql, encoding="utf-8")
    suite = json.dumps(SUITE, ensure_ascii=False, indent=2)
    (folder / "expectations" / "thing_happened.json").write_text(suite, encoding="utf-8")
    return folders
