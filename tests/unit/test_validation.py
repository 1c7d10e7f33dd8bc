"""What a publish refuses, each rule by the one change that breaks it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.delivery_plan import BaselineRecord, DeliveryPlan, StandOption
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Benefit, Channel, Kind, Offer, Reach, Stock
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.validation import faults

TEXT = {"en": "A text", "tr": "Bir metin"}
POPUP = Popup(
    popup_id="istanbul",
    number=1,
    city="Istanbul",
    country="TR",
    time_zone="Europe/Istanbul",
    currency="TRY",
    language="tr",
    latitude=41.0138,
    longitude=28.9497,
    hours=(Session("10:00", "24:00"), Session("00:00", "02:00", (6, 7))),
)
ANKARA = replace(POPUP, popup_id="ankara", number=2, city="Ankara")
ROME = replace(POPUP, popup_id="rome", number=3, city="Rome", country="IT", currency="EUR")
MERCHANT = Merchant(
    merchant_id="cam-fener", name="Cam Fener", country="TR", city="İzmir", language="tr", story=TEXT
)
GIFT = Offer(
    offer_id="lantern-gift",
    number=1,
    title=TEXT,
    terms=TEXT,
    benefit=Benefit(kind=Kind.GIFT),
    popup_ids=("*",),
    merchant_id="cam-fener",
    stock=Stock(units=10, shards=2),
)
AMOUNT = Offer(
    offer_id="lamp-100",
    number=2,
    title=TEXT,
    terms=TEXT,
    benefit=Benefit(kind=Kind.AMOUNT, amount_minor=100, minimum_minor=500, currency="TRY"),
    popup_ids=("istanbul", "ankara"),
    day_limit=5,
    budget_minor=1000,
    claimable_from="2026-11-01T00:00",
)
PERCENTAGE = Offer(
    offer_id="pot-20",
    number=3,
    title=TEXT,
    terms=TEXT,
    benefit=Benefit(kind=Kind.PERCENTAGE, percentage=100),
    popup_ids=("*",),
    channels=(Channel.STAND, Channel.ONLINE),
)
PLAN = DeliveryPlan(
    goods_mass_g=1000,
    volume_cm3=10_000,
    packaging="board_box",
    road_km=500,
    options=(
        StandOption(code="home_van", kind="home", vehicle="van_diesel", price_minor={"TRY": 0}),
        StandOption(
            code="collect",
            kind="popup_collect",
            vehicle="van_diesel",
            bulk_km=12,
            bulk_parcels=150,
        ),
    ),
)
BASELINE = BaselineRecord(
    baseline_id="TR-van", version="2026-10", since="2026-10-01", option_code="home_van"
)
SOUND = Campaign(
    campaign_id="festival-now",
    number=1,
    name=TEXT,
    calendar=Calendar(
        revealed_from="2026-10-28", usable_from="2026-11-11", usable_until="2026-11-11"
    ),
    languages=("en", "tr", "pt-BR"),
    popups=(POPUP, ANKARA, ROME),
    merchants=(MERCHANT,),
    offers=(GIFT, AMOUNT, PERCENTAGE),
    delivery=PLAN,
)

Change = Mapping[str, Any]


def campaign(**change: Any) -> Campaign:
    return replace(SOUND, **change)


def with_popup(**change: Any) -> Campaign:
    return campaign(popups=(replace(POPUP, **change), ANKARA, ROME))


def with_session(*session: Any) -> Campaign:
    return with_popup(hours=(Session(*session),))


def with_merchant(**change: Any) -> Campaign:
    return campaign(merchants=(replace(MERCHANT, **change),))


def with_calendar(**change: Any) -> Campaign:
    return campaign(calendar=replace(SOUND.calendar, **change))


def with_gift(**change: Any) -> Campaign:
    return campaign(offers=(replace(GIFT, **change), AMOUNT, PERCENTAGE))


def with_amount(**change: Any) -> Campaign:
    return campaign(offers=(GIFT, replace(AMOUNT, **change), PERCENTAGE))


def with_percentage(**change: Any) -> Campaign:
    return campaign(offers=(GIFT, AMOUNT, replace(PERCENTAGE, **change)))


def with_gift_figures(**figures: Any) -> Campaign:
    return with_gift(benefit=Benefit(kind=Kind.GIFT, **figures))


def with_amount_figures(**figures: Any) -> Campaign:
    return with_amount(benefit=replace(AMOUNT.benefit, **figures))


def with_percentage_figures(**figures: Any) -> Campaign:
    return with_percentage(benefit=replace(PERCENTAGE.benefit, **figures))


def with_plan(**change: Any) -> Campaign:
    return campaign(delivery=replace(PLAN, **change))


def with_baseline(**change: Any) -> Campaign:
    return with_plan(baselines=(replace(BASELINE, **change),))


def with_option(**change: Any) -> Campaign:
    return with_plan(options=(replace(PLAN.options[0], **change),))


def pointers(broken: Campaign) -> list[str]:
    return [fault.pointer for fault in faults(broken)]


def test_a_sound_campaign_has_no_faults() -> None:
    assert faults(SOUND) == ()


def test_a_plan_with_measured_ways_days_and_baselines_may_be_published() -> None:
    measured: Any = {"km_per_stop": 0.5, "measured_by": "the carrier's log", "days_from": 1}
    option = replace(PLAN.options[0], days_until=3, popup_ids=("istanbul",), **measured)
    plan = replace(PLAN, options=(option, *PLAN.options), baselines=(BASELINE,))
    assert faults(campaign(delivery=plan)) == ()


def test_a_baseline_of_no_country_is_offered_nowhere() -> None:
    assert pointers(with_plan(baselines=(replace(BASELINE, country="Italy"),))) == [
        "/delivery/baselines/0/country",
        "/delivery/baselines/0/option_code",
    ]


def test_two_baselines_of_one_version_are_a_fault() -> None:
    (found,) = faults(with_plan(baselines=(BASELINE, BASELINE)))
    assert found.pointer == "/delivery/baselines/1/version"


def test_a_campaign_without_offers_or_delivery_may_be_published() -> None:
    assert faults(campaign(offers=(), delivery=None)) == ()


@pytest.mark.parametrize("slug", ["ab", "a" * 32, "11-11", "--"])
def test_ids_of_2_to_32_symbols_are_taken(slug: str) -> None:
    assert faults(campaign(campaign_id=slug)) == ()


@pytest.mark.parametrize("slug", ["", "a", "a" * 33, "Istanbul", "is_tan", "i/s", "ış", "ab\n"])
def test_other_ids_are_refused_at_each_part(slug: str) -> None:
    assert pointers(campaign(campaign_id=slug)) == ["/campaign_id"]
    assert "/popups/0/popup_id" in pointers(with_popup(popup_id=slug))
    assert "/merchants/0/merchant_id" in pointers(with_merchant(merchant_id=slug))
    assert pointers(with_gift(offer_id=slug)) == ["/offers/0/offer_id"]


@pytest.mark.parametrize("number", [0, -1, 65_536])
def test_numbers_fit_two_bytes(number: int) -> None:
    assert pointers(campaign(number=number)) == ["/number"]
    assert pointers(with_popup(number=number)) == ["/popups/0/number"]
    assert pointers(with_gift(number=number)) == ["/offers/0/number"]


def test_the_last_number_is_taken() -> None:
    assert faults(with_popup(number=65_535)) == ()


@pytest.mark.parametrize(
    ("make", "change", "pointer"),
    [
        (campaign, {"name": {"tr": "Ad"}}, "/name"),
        (campaign, {"name": {"en": " "}}, "/name/en"),
        (campaign, {"name": {"en": "Name", "fr": "Nom"}}, "/name/fr"),
        (campaign, {"name": {"en": "Name", "a/b~": "?"}}, "/name/a~1b~0"),
        (campaign, {"languages": ("en", "tr", "turkish")}, "/languages/2"),
        (campaign, {"languages": ("en", "tr", "en")}, "/languages/2"),
        (with_calendar, {"revealed_from": "soon"}, "/calendar/revealed_from"),
        (with_calendar, {"revealed_from": "2026-W46-1"}, "/calendar/revealed_from"),
        (with_calendar, {"usable_from": "2026-11-31"}, "/calendar/usable_from"),
        (with_calendar, {"usable_until": "2026-11-11T24:01"}, "/calendar/usable_until"),
        (with_calendar, {"usable_until": "2050-01-01"}, "/calendar/usable_until"),
        (with_calendar, {"usable_until": "2026-11-11T00:00"}, "/calendar/usable_until"),
        (with_calendar, {"usable_until": "2026-11-10T12:00"}, "/calendar/usable_until"),
        (with_popup, {"city": " "}, "/popups/0/city"),
        (with_popup, {"country": "XX"}, "/popups/0/country"),
        (with_popup, {"time_zone": "Europe/Istanbol"}, "/popups/0/time_zone"),
        (with_popup, {"time_zone": ""}, "/popups/0/time_zone"),
        (with_popup, {"time_zone": "../etc/passwd"}, "/popups/0/time_zone"),
        (with_popup, {"language": "Turkish"}, "/popups/0/language"),
        (with_popup, {"latitude": 90.5}, "/popups/0/latitude"),
        (with_popup, {"latitude": float("nan")}, "/popups/0/latitude"),
        (with_popup, {"longitude": -180.5}, "/popups/0/longitude"),
        (with_popup, {"address": "a" * 121}, "/popups/0/address"),
        (with_popup, {"address": "Hall B\nStand 7"}, "/popups/0/address"),
        (with_popup, {"address": "Hall \u202eB"}, "/popups/0/address"),
        (with_popup, {"hours": ()}, "/popups/0/hours"),
        (with_merchant, {"name": ""}, "/merchants/0/name"),
        (with_merchant, {"city": ""}, "/merchants/0/city"),
        (with_merchant, {"country": "Turkey"}, "/merchants/0/country"),
        (with_merchant, {"language": "Türkçe"}, "/merchants/0/language"),
        (with_merchant, {"story": {"tr": "Öykü"}}, "/merchants/0/story"),
        (with_gift, {"title": {}}, "/offers/0/title"),
        (with_gift, {"terms": {"en": ""}}, "/offers/0/terms/en"),
        (with_gift, {"merchant_id": "cam"}, "/offers/0/merchant_id"),
        (with_gift, {"channels": ()}, "/offers/0/channels"),
        (with_gift, {"channels": (Channel.STAND, Channel.STAND)}, "/offers/0/channels"),
        (with_gift, {"popup_ids": ()}, "/offers/0/popup_ids"),
        (with_gift, {"popup_ids": ("paris",)}, "/offers/0/popup_ids/0"),
        (with_gift, {"popup_ids": ("rome", "*")}, "/offers/0/popup_ids/1"),
        (with_gift, {"popup_ids": ("rome", "rome")}, "/offers/0/popup_ids/1"),
        (with_plan, {"goods_mass_g": 0}, "/delivery/goods_mass_g"),
        (with_plan, {"volume_cm3": -1}, "/delivery/volume_cm3"),
        (with_plan, {"packaging": "film_mailer"}, "/delivery/packaging"),
        (with_plan, {"packaging": "barrel"}, "/delivery/packaging"),
        (with_plan, {"road_km": -1}, "/delivery/road_km"),
        (with_plan, {"options": ()}, "/delivery/options"),
        (with_plan, {"options": PLAN.options[:1] * 2}, "/delivery/options/1/code"),
        (with_option, {"code": "by van"}, "/delivery/options/0/code"),
        (with_option, {"kind": "parachute"}, "/delivery/options/0/kind"),
        (with_option, {"kind": "popup_collect"}, "/delivery/options/0/bulk_km"),
        (with_option, {"price_minor": {"TRY": -1}}, "/delivery/options/0/price_minor/TRY"),
        (with_option, {"price_minor": {"XYZ": 1}}, "/delivery/options/0/price_minor/XYZ"),
        (with_option, {"popup_ids": ("mars",)}, "/delivery/options/0/popup_ids"),
        (with_option, {"km_per_stop": 0.5}, "/delivery/options/0/measured_by"),
        (with_option, {"fail_rate": 2.0, "measured_by": "x"}, "/delivery/options/0/fail_rate"),
        (with_option, {"days_from": 2}, "/delivery/options/0/days_from"),
        (with_option, {"days_until": 2}, "/delivery/options/0/days_from"),
        (with_option, {"days_from": 3, "days_until": 2}, "/delivery/options/0/days_from"),
        (with_option, {"days_from": 3, "days_until": 90}, "/delivery/options/0/days_from"),
        (with_baseline, {"baseline_id": "a/b"}, "/delivery/baselines/0/baseline_id"),
        (with_baseline, {"version": "1#2"}, "/delivery/baselines/0/version"),
        (with_baseline, {"since": "2026-13-01"}, "/delivery/baselines/0/since"),
        (with_baseline, {"since": "yesterday"}, "/delivery/baselines/0/since"),
        (with_baseline, {"basis": "a feeling"}, "/delivery/baselines/0/basis"),
        (with_baseline, {"option_code": "balloon"}, "/delivery/baselines/0/option_code"),
    ],
)
def test_each_broken_rule_is_named_at_its_place(
    make: Callable[..., Campaign], change: Change, pointer: str
) -> None:
    assert pointers(make(**change)) == [pointer]


def test_the_reveal_is_not_after_the_first_use() -> None:
    assert (
        faults(
            campaign(
                calendar=Calendar(
                    revealed_from="2026-11-11", usable_from="2026-11-11", usable_until="2026-11-11"
                ),
                offers=(GIFT,),
            )
        )
        == ()
    )
    assert "/calendar/revealed_from" in pointers(with_calendar(revealed_from="2026-11-11T00:01"))


def test_texts_must_speak_a_language_of_the_campaign() -> None:
    assert pointers(campaign(languages=("tr",), name={"en": "Name"}))[0] == "/name"


def test_a_campaign_needs_languages_and_pop_ups() -> None:
    assert "/languages" in pointers(campaign(languages=()))
    assert "/popups" in pointers(campaign(popups=(), offers=()))


def test_ids_and_numbers_are_given_once() -> None:
    twice = campaign(popups=(POPUP, ANKARA, ROME, POPUP), merchants=(MERCHANT, MERCHANT))
    assert pointers(twice) == ["/popups/3/popup_id", "/popups/3/number", "/merchants/1/merchant_id"]
    offers = campaign(offers=(GIFT, AMOUNT, PERCENTAGE, GIFT))
    assert pointers(offers) == ["/offers/3/offer_id", "/offers/3/number"]


def test_the_nearest_name_is_proposed() -> None:
    (fault,) = faults(with_popup(time_zone="Europe/Rom"))
    assert fault.message == "'Europe/Rom' is no IANA zone; write for example Europe/Rome"


@pytest.mark.parametrize(
    "session", [("00:00", "24:00"), ("18:00", "02:00"), ("10:00", "10:00"), ("23:59", "00:00")]
)
def test_hours_may_fill_a_day_and_pass_midnight(session: tuple[str, str]) -> None:
    assert faults(with_session(*session)) == ()


@pytest.mark.parametrize(
    ("session", "field"),
    [
        (("24:00", "02:00"), "opens"),
        (("9:00", "20:00"), "opens"),
        (("10:00", "24:01"), "closes"),
        (("10:00", "evening"), "closes"),
        (("10:00", "20:00", ()), "days"),
        (("10:00", "20:00", (0, 1)), "days"),
        (("10:00", "20:00", (1, 1)), "days"),
    ],
)
def test_other_hours_are_refused(session: tuple[Any, ...], field: str) -> None:
    assert pointers(with_session(*session)) == [f"/popups/0/hours/0/{field}"]


@pytest.mark.parametrize(
    ("make", "figures", "pointer"),
    [
        (with_percentage_figures, {"percentage": None}, "/offers/2/benefit/percentage"),
        (with_percentage_figures, {"percentage": 0}, "/offers/2/benefit/percentage"),
        (with_percentage_figures, {"percentage": 101}, "/offers/2/benefit/percentage"),
        (with_percentage_figures, {"cap_minor": 100}, "/offers/2/benefit/currency"),
        (with_amount_figures, {"amount_minor": None}, "/offers/1/benefit/amount_minor"),
        (with_amount_figures, {"amount_minor": 0}, "/offers/1/benefit/amount_minor"),
        (with_amount_figures, {"minimum_minor": 10**9}, "/offers/1/benefit/minimum_minor"),
        (with_amount_figures, {"percentage": 10}, "/offers/1/benefit/percentage"),
        (with_amount_figures, {"cap_minor": 10}, "/offers/1/benefit/cap_minor"),
        (with_amount_figures, {"currency": None}, "/offers/1/benefit/currency"),
        (with_gift_figures, {"percentage": 10}, "/offers/0/benefit/percentage"),
    ],
)
def test_a_benefit_has_the_figures_of_its_kind_and_no_others(
    make: Callable[..., Campaign], figures: Change, pointer: str
) -> None:
    assert pointers(make(**figures)) == [pointer]


def test_a_gift_needs_no_currency_and_spends_no_budget() -> None:
    assert faults(with_gift_figures(currency="TRY")) == ()
    assert pointers(with_gift(budget_minor=5))[0] == "/offers/0/budget_minor"


def test_an_unknown_currency_is_refused_at_offer_and_pop_up() -> None:
    assert pointers(with_gift_figures(currency="XYZ")) == ["/offers/0/benefit/currency"]
    assert "/popups/0/currency" in pointers(with_popup(currency="Lira"))


def test_an_amount_meets_only_stands_of_its_currency() -> None:
    issued = faults(with_amount(popup_ids=("*",)))
    assert [fault.pointer for fault in issued] == ["/offers/1/benefit/currency"]
    assert "Rome, which counts in EUR" in issued[0].message
    used = faults(with_amount(usable_at=Reach.CAMPAIGN))
    assert [fault.pointer for fault in used] == ["/offers/1/benefit/currency"]


def test_an_amount_used_online_alone_meets_only_the_stands_that_issue_it() -> None:
    assert faults(with_amount(usable_at=Reach.CAMPAIGN, channels=(Channel.ONLINE,))) == ()


@pytest.mark.parametrize("value", [0, -1, 10**9])
def test_a_limit_of_0_is_refused_and_null_explained(value: int) -> None:
    for broken, field in (
        (with_amount(day_limit=value), "day_limit"),
        (with_amount(budget_minor=value), "budget_minor"),
        (with_amount(stock=Stock(units=value)), "stock/units"),
    ):
        (fault,) = faults(broken)
        assert fault.pointer == f"/offers/1/{field}"
        assert "(null) for no limit" in fault.message


@pytest.mark.parametrize("value", [0, 100])
def test_a_visitor_gets_1_to_99(value: int) -> None:
    assert pointers(with_gift(visitor_limit=value)) == ["/offers/0/visitor_limit"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"group": "Both Of Them"}, "group"),
        ({"hold_minutes": 0}, "hold_minutes"),
        ({"hold_minutes": 43_201}, "hold_minutes"),
        ({"stock": Stock(units=10, peak_per_second=0)}, "stock/peak_per_second"),
        ({"stock": Stock(units=10, peak_per_second=3201)}, "stock/peak_per_second"),
    ],
)
def test_groups_holds_and_peaks_stay_within_bounds(change: dict[str, Any], field: str) -> None:
    assert pointers(with_gift(**change)) == [f"/offers/0/{field}"]


def test_a_group_a_hold_and_a_peak_may_be_published() -> None:
    stock = Stock(units=10, peak_per_second=400)
    assert pointers(with_gift(group="big", hold_minutes=30, stock=stock)) == []


@pytest.mark.parametrize(("units", "shards"), [(10, 0), (1000, 65)])
def test_there_are_1_to_64_shards(units: int, shards: int) -> None:
    broken = with_gift(stock=Stock(units=units, shards=shards))
    assert pointers(broken) == ["/offers/0/stock/shards"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"claimable_from": "2026-10-27"}, "claimable_from"),
        ({"claimable_from": "2026-11-11T24:00"}, "claimable_from"),
        ({"claimable_from": "never"}, "claimable_from"),
        ({"usable_from": "2026-11-12"}, "usable_until"),
        ({"usable_until": "2026-11-10"}, "usable_until"),
    ],
)
def test_the_windows_of_an_offer_keep_their_order(change: Change, field: str) -> None:
    assert pointers(with_gift(**change)) == [f"/offers/0/{field}"]


def test_all_faults_are_told_at_once() -> None:
    broken = campaign(number=0, popups=(replace(POPUP, city="", country="?"), ANKARA, ROME))
    assert pointers(broken) == ["/number", "/popups/0/city", "/popups/0/country"]
