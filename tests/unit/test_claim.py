"""May this visitor claim this offer here and now? The first broken rule gives the reason."""

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from made import ISTANBUL, MADRID, campaign, offer, published, wish

from chalicelib.domain import presence
from chalicelib.domain.claim import refusal
from chalicelib.domain.live import Closing, Live
from chalicelib.domain.offer import Scope, Stock
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason
from local import sample_loader


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# In their order. Each names the offer's facts and the wish's.
TROUBLES: list[tuple[Reason, dict[str, Any], dict[str, Any]]] = [
    (Reason.WRONG_CITY, {"popup_ids": ("madrid",)}, {}),
    (Reason.NOT_REVEALED, {"claimable_from": "2026-05-25"}, {}),
    (Reason.PAUSED, {}, {"paused": True}),
    (Reason.EXPIRED, {"closed": True}, {}),
    (Reason.LIMIT_VISITOR, {}, {"ordinal": 2}),
    (Reason.PRESENCE_REQUIRED, {"presence_required": True}, {}),
]


def judged(offer_facts: dict[str, Any], wish_facts: dict[str, Any]) -> Reason | None:
    given = offer(**offer_facts)
    facts = dict(wish_facts)
    live = Live(paused=facts.pop("paused", False))
    refused = refusal(wish(published=published(campaign(given), live=live), offer=given, **facts))
    return refused.reason if refused else None


@pytest.mark.parametrize(("reason", "offer_facts", "wish_facts"), TROUBLES)
def test_each_broken_rule_has_its_reason(
    reason: Reason, offer_facts: dict[str, Any], wish_facts: dict[str, Any]
) -> None:
    assert judged(offer_facts, wish_facts) is reason


@pytest.mark.parametrize(("first", "second"), list(combinations(TROUBLES, 2)))
def test_of_two_broken_rules_the_first_gives_the_reason(
    first: tuple[Reason, dict[str, Any], dict[str, Any]],
    second: tuple[Reason, dict[str, Any], dict[str, Any]],
) -> None:
    assert judged(first[1] | second[1], first[2] | second[2]) is first[0]


def test_nothing_speaks_against_a_sound_wish() -> None:
    assert judged({}, {}) is None
    assert judged({"presence_required": True}, {"absence": None}) is None
    assert judged({"visitor_limit": 3}, {"ordinal": 3}) is None


def test_presence_that_is_over_is_told_where_presence_is_asked() -> None:
    over = {"absence": presence.EXPIRED}
    assert judged({"presence_required": True}, over) is Reason.PRESENCE_EXPIRED
    assert judged({}, over) is None


@pytest.mark.parametrize("ordinal", [0, -1, 2])
def test_ordinals_count_from_one_to_the_limit(ordinal: int) -> None:
    assert judged({}, {"ordinal": ordinal}) is Reason.LIMIT_VISITOR


FESTIVAL_2019 = sample_loader.festival_2019()


@pytest.mark.parametrize(
    ("city", "at", "shown"),
    [
        ("istanbul-2019", "2019-10-27T20:59:59", False),
        ("istanbul-2019", "2019-10-27T21:00:00", True),
        ("madrid-2019", "2019-10-27T22:59:59", False),
        ("madrid-2019", "2019-10-27T23:00:00", True),
        ("madrid-2019", "2019-11-11T22:59:59", True),
        ("madrid-2019", "2019-11-11T23:00:00", False),
    ],
)
def test_2019_may_be_claimed_from_each_citys_own_midnight(city: str, at: str, shown: bool) -> None:  # noqa: FBT001
    popup, gift = FESTIVAL_2019.popup[city], FESTIVAL_2019.offer["lantern-gift"]
    asked = wish(published=published(FESTIVAL_2019), popup=popup, offer=gift, at=utc(at))
    assert (refusal(asked) is None) is shown


def test_claims_open_before_use_and_by_night() -> None:
    night = wish(at=utc("2026-05-02T01:00"))  # the stand is closed, use starts eight days later
    assert refusal(night) is None


@pytest.mark.parametrize(
    ("stock", "popup", "number"),
    [
        (None, ISTANBUL, 1),
        (Stock(units=5), ISTANBUL, 1),
        (Stock(units=5), MADRID, 3),
        (Stock(units=5, per=Scope.CAMPAIGN), MADRID, 0),
    ],
)
def test_the_unit_comes_from_the_stand_or_from_the_whole_campaign(
    stock: Stock | None, popup: Popup, number: int
) -> None:
    assert wish(offer=offer(stock=stock), popup=popup).stock_popup_number == number


def test_nothing_is_claimed_at_a_stand_that_its_manager_closed() -> None:
    live = Live(closings={"istanbul": Closing(utc("2026-05-20T10:00"), utc("2026-05-21T10:00"))})
    refused = refusal(wish(published=published(campaign(offer()), live=live), offer=offer()))
    assert refused is not None
    assert refused.reason is Reason.PAUSED
