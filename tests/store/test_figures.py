"""The ledger's stream becomes figures, and choices are kept by their holders alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from house import House
from made import NOW, VOUCHER_ID, given_back, plan, use, voucher

from chalicelib import streams
from chalicelib.domain import delivery_report
from chalicelib.domain.choice import CentigramRange, Choice, Chooser
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import Use
from chalicelib.store import choices, insights, uses, vouchers

CHOICE = Choice(
    voucher_id=VOUCHER_ID,
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id="cam-fener",
    option="locker",
    coming_anyway=None,
    total=CentigramRange(value=31_200, low=20_000, high=50_000),
    saving=CentigramRange(value=9_000, low=7_500, high=11_000),
    verdict="lower",
    points=3,
    method="1",
    baseline="tr/1",
    chosen_at=NOW,
)


LESS = CentigramRange(value=100, low=50, high=200)


def total(house: House) -> dict[str, int]:
    house.project()
    return {name: n for name, n in insights.figures("festival").get("TOTAL", {}).items() if n}


def test_a_life_is_counted_step_by_step(house: House) -> None:
    vouchers.claim(voucher(), token="claim")
    assert total(house) == {"claimed": 1}
    first = uses.use(plan(use(discount_minor=500, currency="TRY")))
    assert isinstance(first, Use)
    assert total(house) == {"claimed": 1, "redeemed": 1, "discount_TRY": 500}
    uses.end_use(voucher(), given_back(first))
    assert total(house) == {"claimed": 1, "reversed": 1}
    uses.use(plan(use(nonce="nonce-0002")))
    assert total(house) == {"claimed": 1, "redeemed": 1, "reversed": 1}
    assert insights.hours("festival")["HOUR#istanbul#2026-05-20T15"]["redeemed"] == 1


def test_a_stands_day_is_the_sum_of_its_hours(house: House) -> None:
    hours = ("2026-05-19T23", "2026-05-20T00", "2026-05-20T23", "2026-05-21T00")
    for number, hour in enumerate(hours):
        made = voucher(voucher_id=f"{number}{'0' * 14}", local_hour=hour)
        vouchers.claim(made, token=f"claim-{number}")
    vouchers.claim(voucher(voucher_id="5" * 15, popup_id="istanbul-2"), token="elsewhere")
    house.project()
    assert insights.of_day("festival", "istanbul", date(2026, 5, 20)) == {"claimed": 2}
    assert insights.of_day("festival", "istanbul", date(2026, 5, 22)) == {}


def test_a_batch_that_comes_again_counts_once(house: House) -> None:
    vouchers.claim(voucher(), token="claim")
    assert house.project() > 0
    house.tables.forget_tokens()
    assert house.project() == 0
    assert total(house) == {"claimed": 1}


def test_what_time_removes_is_still_counted(house: House) -> None:
    vouchers.claim(voucher(), token="claim")
    house.project()
    image = next(i for i in house.items() if i["pk"]["S"] == f"V#{VOUCHER_ID}")
    removed = {
        "eventName": "REMOVE",
        "dynamodb": {
            "SequenceNumber": "9" * 30,
            "ApproximateCreationDateTime": NOW.timestamp(),
            "OldImage": image,
        },
        "userIdentity": {"principalId": "dynamodb.amazonaws.com"},
    }
    assert streams.project({"shardId": "shard", "Records": [removed]}) == 0
    by_hand = {**removed, "userIdentity": None}
    assert streams.project({"shardId": "shard", "Records": [by_hand]}) == 1
    assert insights.figures("festival")["TOTAL"]["claimed"] == 0


@pytest.mark.parametrize(
    ("state", "visitor", "reason"),
    [
        ({}, "visitor-1", None),
        ({}, "visitor-2", Reason.WRONG_HOLDER),
        ({"voucher_id": "Z" * 15}, "visitor-1", Reason.UNKNOWN_CODE),
    ],
)
def test_only_the_holder_chooses(
    house: House, state: dict[str, Any], visitor: str, reason: Reason | None
) -> None:
    del house
    vouchers.claim(voucher(**state), token="claim")
    assert choices.choose(CHOICE, Chooser(visitor=visitor), token="choose") is reason
    assert choices.get(VOUCHER_ID) == (None if reason else CHOICE)


@pytest.mark.parametrize("merchant", [None, "cam-fener"])
def test_a_later_choice_replaces_the_first_in_the_figures_too(
    house: House, merchant: str | None
) -> None:
    vouchers.claim(voucher(), token="claim")
    first = replace(CHOICE, merchant_id=merchant, coming_anyway=True)
    second = replace(CHOICE, merchant_id=merchant, option="popup_collect", total=LESS)
    second = replace(second, chosen_at=NOW + timedelta(minutes=1))
    choices.choose(first, Chooser(visitor="visitor-1"), token="one")
    choices.choose(second, Chooser(visitor="visitor-1"), token="two")
    assert choices.get(VOUCHER_ID) == second
    assert total(house) == {"claimed": 1, "chosen": 1}
    (line,) = delivery_report.report(insights.deliveries("festival"), "option")
    assert (line.name, line.chosen, line.total) == ("popup_collect", 1, LESS)
    options = insights.figures("festival")
    assert options["OPTION#locker"]["chosen"] == 0
    assert options["OPTION#popup_collect"]["chosen"] == 1
