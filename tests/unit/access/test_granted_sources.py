"""A source that no granted event can have is a mistyped one."""

from __future__ import annotations

import pytest

from infra.access.granted_sources import require_possible
from infra.access.wishes import SourceNotAllowed, check_sources
from schemas.catalog import load_catalog

CATALOG = load_catalog()
AGENCY = [CATALOG["document_sent"], CATALOG["tourism_visit_reported"]]
SHOP = [CATALOG["order_status_changed"]]


def test_sources_that_an_event_can_have_are_taken() -> None:
    require_possible(["H22.07", "H22.07.*", "H22*", "H*"], AGENCY)
    require_possible(["shopee:1", "shopee:*", "s*"], SHOP)
    require_possible(["fpt", "fpt:*", "H22.05"], [CATALOG["training_session_held"]])
    require_possible(["anything"], [])


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("h22.07", "did you mean H22.07"),
        ("h22*", "did you mean H22*"),
        ("H22.7x", "or H22.07?"),
        ("H22_07", "did you mean H22.07"),
        ("shopee:1", "document_sent, tourism_visit_reported: ^[A-Z]"),
        ("H22.1." + "1" * 60, "can be the source of none of the granted events"),
    ],
)
def test_others_are_refused_with_near_ones_or_what_is_taken(source: str, hint: str) -> None:
    with pytest.raises(SourceNotAllowed) as refused:
        require_possible(["H22.07", source], AGENCY)
    assert source in str(refused.value)
    assert hint in str(refused.value)


@pytest.mark.parametrize("source", ["", "*", "H22*.05", " H22", "H22,H23", "a b", "$HOME", "a'b", "H22\n"])
def test_sources_that_no_file_could_list_are_refused(source: str) -> None:
    with pytest.raises(SourceNotAllowed):
        check_sources([source])
    check_sources(["H22.05", "shopee:*", "xã-a/b@c+d"])


def test_one_event_that_can_have_it_is_enough() -> None:
    require_possible(["shopee:1", "H22.07"], [*AGENCY, *SHOP])
