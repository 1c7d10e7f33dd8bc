"""What a voucher is worth, and where it may be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ANKARA, FIVE_OFF, GIFT, ISTANBUL, KADIKOY, MADRID, offer

from chalicelib.domain import money
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Benefit, Channel, Kind, Reach, Stock
from chalicelib.domain.popup import Popup


@pytest.mark.parametrize(
    ("amount", "percentage", "share"),
    [
        (250, 1, 2),  # 2.5: half to even
        (350, 1, 4),  # 3.5
        (150, 1, 2),
        (50, 1, 0),
        (1, 99, 1),
        (10**12, 33, 330_000_000_000),
        (999, 100, 999),
        (0, 50, 0),
    ],
)
def test_shares_are_rounded_half_to_even(amount: int, percentage: int, share: int) -> None:
    assert money.share_of(amount, percentage) == share


def test_currencies_have_their_own_minor_units() -> None:
    assert money.MINOR_DIGITS["CLP"] == 0
    assert money.MINOR_DIGITS["EUR"] == 2


TWENTY = Benefit(kind=Kind.PERCENTAGE, percentage=20)
CAPPED = Benefit(kind=Kind.PERCENTAGE, percentage=20, cap_minor=1000, currency="TRY")
WITH_MINIMUM = Benefit(kind=Kind.AMOUNT, amount_minor=500, minimum_minor=2500, currency="TRY")


@pytest.mark.parametrize(
    ("benefit", "total", "discount"),
    [
        (TWENTY, 10_000, 2000),
        (TWENTY, None, 0),
        (CAPPED, 4999, 1000),
        (CAPPED, 100_000, 1000),
        (FIVE_OFF, None, 500),
        (FIVE_OFF, 10_000, 500),
        (FIVE_OFF, 300, 300),
        (FIVE_OFF, 0, 0),
        (GIFT, 10_000, 0),
        (Benefit(kind=Kind.DELIVERY), None, 0),
    ],
)
def test_a_discount_follows_the_benefit(benefit: Benefit, total: int | None, discount: int) -> None:
    assert benefit.discount(total) == discount


@given(
    st.builds(
        Benefit,
        kind=st.sampled_from(Kind),
        percentage=st.integers(1, 100),
        amount_minor=st.integers(1, 10**9),
        cap_minor=st.none() | st.integers(1, 10**9),
    ),
    st.integers(0, 10**12),
)
def test_a_discount_is_never_above_the_order(benefit: Benefit, total: int) -> None:
    assert 0 <= benefit.discount(total) <= total


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        (offer(), False),
        (offer(benefit=FIVE_OFF), False),
        (offer(benefit=TWENTY), True),
        (offer(benefit=CAPPED), True),
        (offer(benefit=WITH_MINIMUM), True),
        (offer(benefit=FIVE_OFF, budget_minor=10_000), True),
        (offer(benefit=Benefit(kind=Kind.DELIVERY)), False),
    ],
)
def test_only_what_depends_on_the_order_asks_for_its_total(given: object, needed: bool) -> None:  # noqa: FBT001
    assert given.needs_order_total is needed  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("reach", "places"),
    [
        (Reach.STAND, {ISTANBUL}),
        (Reach.CITY, {ISTANBUL, KADIKOY}),
        (Reach.COUNTRY, {ISTANBUL, KADIKOY, ANKARA}),
        (Reach.CAMPAIGN, {ISTANBUL, KADIKOY, ANKARA, MADRID}),
    ],
)
def test_a_voucher_reaches_as_far_as_its_offer_says(reach: Reach, places: set[Popup]) -> None:
    given = offer(usable_at=reach)
    everywhere = {ISTANBUL, KADIKOY, ANKARA, MADRID}
    assert {used for used in everywhere if given.reaches(ISTANBUL, used)} == places


def test_a_use_moves_counters_only_for_days_and_budgets() -> None:
    assert not offer(stock=Stock(units=5)).counted_at_use
    assert offer(day_limit=5).counted_at_use
    assert offer(budget_minor=5).counted_at_use


def test_an_offer_is_used_at_the_stand_unless_it_says_otherwise() -> None:
    assert offer().channels == (Channel.STAND,)


@given(st.integers(0, 10**6), st.integers(1, 64))
def test_shards_share_the_units(units: int, shards: int) -> None:
    caps = Stock(units=units, shards=shards).caps()
    assert sum(caps) == units
    assert len(caps) == shards
    assert max(caps) - min(caps) <= 1


@pytest.mark.parametrize(
    ("language", "text"),
    [("tr", "Fener"), ("tr-TR", "Fener"), ("ar", "Lantern"), ("en", "Lantern")],
)
def test_a_text_falls_back_to_english(language: str, text: str) -> None:
    assert text_in({"en": "Lantern", "tr": "Fener"}, language) == text


def test_a_text_without_english_falls_back_to_any() -> None:
    assert text_in({"tr": "Fener"}, "ar") == "Fener"
    assert text_in({}, "ar") == ""


def test_what_may_run_out_meanwhile_is_for_the_network_alone_unless_it_says_otherwise() -> None:
    assert offer().works_offline
    assert not offer(day_limit=5).works_offline
    assert not offer(budget_minor=5).works_offline
    assert not offer(hold_minutes=5).works_offline
    assert offer(day_limit=5, offline=True).works_offline
    assert not offer(offline=False).works_offline
