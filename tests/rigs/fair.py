"""The fair: a made campaign in which every limit binds soon, at stands that nobody used yet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from made import FIVE_OFF, ISTANBUL, offer

from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.offer import EVERYWHERE, Channel, Offer, Stock
from local import sample_loader

UNITS, SHARDS = 50, 8
DAY_LIMIT = 10
BUDGET_USES = 10
TEN_OFF = replace(FIVE_OFF, amount_minor=1_000)
BUDGET = BUDGET_USES * 1_000
HELD = 5
ANYWHERE = (Channel.STAND, Channel.ONLINE)
TOTAL = (60_000, "TRY")


def fair(now: datetime, *, stands: int, coupons: int) -> Campaign:
    """Return the campaign. Each race takes a stand of its own, one of a budget a coupon."""
    zone, today = _where_it_is_noon(now), now.date()
    popups = tuple(
        replace(ISTANBUL, popup_id=f"stand-{n}", number=n, city=f"City {n}", time_zone=zone)
        for n in range(1, stands + 1)
    )
    return Campaign(
        campaign_id="fair",
        number=9,
        name={"en": "The fair"},
        calendar=Calendar(
            revealed_from=f"{today - timedelta(days=3)}T00:00",
            usable_from=f"{today - timedelta(days=2)}T00:00",
            usable_until=f"{today + timedelta(days=30)}",
        ),
        languages=("en",),
        popups=popups,
        merchants=(),
        offers=tuple(_offers(coupons)),
        delivery=_delivery(today),
    )


def _delivery(today: date) -> DeliveryPlan:
    """Return what the sample offers at any stand; its cities are not here."""
    plan = sample_loader.load(today)[0].delivery
    assert plan is not None
    anywhere = tuple(option for option in plan.options if option.popup_ids == (EVERYWHERE,))
    return replace(plan, options=anywhere, baselines=())


def _offers(coupons: int) -> Iterator[Offer]:
    yield offer("lantern", 1, stock=Stock(units=UNITS, shards=SHARDS))
    yield offer("tea", 2)
    yield offer("cake", 3, day_limit=DAY_LIMIT)
    yield offer("last", 4, stock=Stock(units=1))
    for n in range(1, coupons + 1):
        yield offer(f"coupon-{n}", 10 + 2 * n, benefit=TEN_OFF, budget_minor=BUDGET)
    # All limits at once, for a crowd.
    yield offer(
        "feast",
        5,
        benefit=FIVE_OFF,
        stock=Stock(units=30, shards=4),
        day_limit=20,
        budget_minor=50 * 500,
    )
    yield offer("trio", 6, stock=Stock(units=3, shards=2))
    yield offer("seat", 7, stock=Stock(units=HELD), hold_minutes=1, offline=False)
    yield offer("parcel", 8, benefit=FIVE_OFF, channels=ANYWHERE, day_limit=DAY_LIMIT)
    yield offer("ribbon", 9, channels=ANYWHERE, group="wrap")
    yield offer("bow", 10, channels=ANYWHERE, group="wrap")


def _where_it_is_noon(now: datetime) -> str:
    """Return a zone in which no day ends while a test runs."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
