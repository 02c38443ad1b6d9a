"""The published figures beside the computed ones, and the order in which made events are published."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rich.console import Console

from infra.demo.figures import KpiRow
from infra.demo.made import WAVES, ScenarioTooSmall, made_events
from infra.demo.published import print_published
from producers.simulator.figures import expected_figures
from producers.simulator.published import Published

PUBLISHED = [Published("level_four_share", "80,53")]


def kpi(numerator: int, *, key: str = "level_four_share", synthetic: bool = True) -> KpiRow:
    return KpiRow(key, "Mức độ 4", Decimal(numerator), Decimal(1900), None, "percent", None, None, 0, synthetic)


def differences(*rows: KpiRow) -> tuple[int, str]:
    page = io.StringIO()
    tally = print_published(Console(file=page, width=160), PUBLISHED, rows)
    assert tally.compared == 1
    return tally.different, page.getvalue()


def test_a_figure_that_rounds_to_the_published_one_agrees() -> None:
    different, page = differences(kpi(1530))
    assert different == 0
    assert "80,53 %" in page
    assert "1,530/1,900" in page


def test_a_figure_that_does_not_is_told() -> None:
    different, page = differences(kpi(1531))
    assert different == 1
    assert "✗" in page


def test_a_figure_that_is_missing_differs() -> None:
    assert differences()[0] == 1
    assert differences(kpi(1530, key="another"))[0] == 1


def test_what_others_refer_to_is_published_and_loaded_first() -> None:
    made = made_events(3, 1500)
    *referred_to, rest = made.waves()
    assert [{record.event for record in wave.records} for wave in referred_to] == list(WAVES)
    assert not {record.event for record in rest.records} & set().union(*WAVES)
    assert sum(wave.size for wave in made.waves()) == made.size


def test_only_a_whole_baseline_is_held_against_the_published_figures() -> None:
    assert not made_events(3, 1500).published
    whole = made_events(3, 60_000)
    assert len(whole.published) == 9
    figures = expected_figures(whole.records)
    told = [(each.key, each.at_this_precision(*figures[each.key])) for each in whole.published]
    assert told == [(each.key, each.text) for each in whole.published], "what other formats lose changes none of them"
    assert not made_events(3, 10_000, "growth").published


def test_a_scenario_that_is_too_small_is_refused() -> None:
    with pytest.raises(ScenarioTooSmall, match="growth has at least 10,000"):
        made_events(3, 9_999, "growth")
    with pytest.raises(ScenarioTooSmall, match="june-2021 has at least 1,000"):
        made_events(3, 999)
