"""What a published campaign has promised, no later revision may take back."""

from dataclasses import replace
from typing import Any

import pytest
from made import ANKARA, FIVE_OFF, ISTANBUL, MADRID, TEXT, campaign, offer

from chalicelib.domain import promise
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Benefit, Kind, Scope, Stock

BEFORE = campaign(offer(visitor_limit=2, stock=Stock(units=10, shards=2)))


def broken(**facts: Any) -> list[str]:
    whole = {"visitor_limit": 2, "stock": Stock(units=10, shards=2), **facts}
    return [fault.pointer for fault in promise.broken(BEFORE, campaign(offer(**whole)))]


def test_a_first_publish_breaks_nothing() -> None:
    assert promise.broken(None, BEFORE) == ()
    assert promise.broken(BEFORE, BEFORE) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": 2}, "number"),
        ({"benefit": FIVE_OFF}, "benefit"),
        ({"visitor_scope": Scope.CAMPAIGN}, "visitor_scope"),
        ({"visitor_limit": 1}, "visitor_limit"),
        ({"stock": Stock(units=10, shards=1)}, "stock/shards"),
        ({"stock": Stock(units=10, shards=2, per=Scope.CAMPAIGN)}, "stock/per"),
    ],
)
def test_promised_terms_stay(change: dict[str, Any], field: str) -> None:
    assert broken(**change) == [f"/offers/0/{field}"]


@pytest.mark.parametrize(
    "change",
    [
        {"visitor_limit": 3},
        {"stock": Stock(units=1, shards=2)},
        {"stock": Stock(units=99, shards=8)},
        {"stock": None},
        {"usable_until": "2026-05-20"},
        {"day_limit": 5},
        {"closed": True},
        {"popup_ids": ("madrid",)},
    ],
)
def test_windows_places_and_limits_follow_the_current_revision(change: dict[str, Any]) -> None:
    assert broken(**change) == []


def test_nothing_published_is_removed_or_renumbered() -> None:
    after = campaign(
        offer("new", 2),
        number=8,
        popups=(ISTANBUL, replace(ANKARA, number=9), MADRID),
    )
    messages = [str(fault.message) for fault in promise.broken(BEFORE, after)]
    assert messages == [
        "a published campaign keeps its number",
        "ankara keeps its number 2",
        "istanbul-kadikoy is published: it may be closed, not removed",
        "lantern is published: close it, do not remove it",
    ]


MERCHANT = Merchant(
    merchant_id="cam-fener", name="Cam Fener", country="TR", city="x", language="tr", story=TEXT
)


def test_a_way_back_carries_along_what_came_later() -> None:
    older = campaign(offer(), popups=(ISTANBUL,))
    current = campaign(offer(), offer("later", 2, merchant_id="cam-fener"), merchants=(MERCHANT,))
    goal = promise.carry_along(current, older)
    assert [(o.offer_id, o.closed) for o in goal.offers] == [("lantern", False), ("later", True)]
    assert [popup.popup_id for popup in goal.popups] == [p.popup_id for p in current.popups]
    assert goal.merchants == (MERCHANT,)
    assert promise.broken(current, goal) == ()


def test_a_way_back_keeps_what_may_only_rise() -> None:
    older = campaign(offer(visitor_limit=1, stock=Stock(units=5)))
    current = campaign(offer(visitor_limit=3, stock=Stock(units=9, shards=4)))
    kept = promise.carry_along(current, older).offer["lantern"]
    assert kept.visitor_limit == 3
    assert kept.stock == Stock(units=5, shards=4)
    assert promise.broken(current, promise.carry_along(current, older)) == ()


def test_a_way_back_takes_windows_and_limits_as_they_were() -> None:
    older = campaign(offer(usable_until="2026-05-20"))
    current = campaign(offer(usable_until="2026-05-30", stock=Stock(units=9, shards=4)))
    kept = promise.carry_along(current, older).offer["lantern"]
    assert kept.usable_until == "2026-05-20"
    assert kept.stock is None


def test_a_revision_that_is_older_than_an_offer_of_its_own_keeps_it() -> None:
    older = campaign(offer(), offer("only-then", 3, benefit=Benefit(kind=Kind.DELIVERY)))
    goal = promise.carry_along(campaign(offer()), older)
    assert [o.offer_id for o in goal.offers] == ["lantern", "only-then"]
