"""A campaign that says something in every cell of its files."""

from dataclasses import replace

from made import ISTANBUL, MADRID, campaign, offer

from chalicelib.domain.delivery_plan import BaselineRecord, DeliveryPlan, StandOption
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Benefit, Channel, Kind, Reach, Scope, Stock
from chalicelib.domain.popup import Session

PLAN = DeliveryPlan(
    goods_mass_g=900.5,
    volume_cm3=10_000.0,
    packaging="board_box",
    road_km=12.0,
    options=(
        StandOption(
            code="collect", kind="popup_collect", vehicle="van_bev", bulk_km=3.0, bulk_parcels=9
        ),
        StandOption(code="locker", kind="locker", vehicle="van_bev", price_minor={"EUR": 290}),
        StandOption(
            code="locker",
            kind="locker",
            vehicle="van_diesel",
            speed="fast",
            popup_ids=("madrid",),
            carrier="-Carrier, SA",
            days_from=1,
            days_until=3,
            km_per_stop=1.25,
            fail_rate=0.06,
            locker_km_per_parcel=0.1,
            feeder_km_per_parcel=0.02,
            measured_by="Carrier's log, 2026-04",
        ),
    ),
    baselines=(
        BaselineRecord(
            baseline_id="ES-locker",
            version="2026-10",
            since="2026-05-01",
            option_code="locker",
            basis="most_chosen",
            country="ES",
        ),
    ),
)
TEA = Merchant(
    merchant_id="tea", name='Tea, "hot"', country="TR", city="=İzmir", language="tr",
    story={"en": "Tea\r\nand more", "tr": "+Çay"},
)  # fmt: skip
FULL = campaign(
    offer(
        "everything",
        1,
        title={"en": "-15 %", "tr": "@bir"},
        terms={"en": "'quoted'", "tr": "'=1+1"},
        benefit=Benefit(
            kind=Kind.PERCENTAGE,
            percentage=15,
            cap_minor=2000,
            minimum_minor=500,
            currency="EUR",
        ),
        merchant_id="tea",
        popup_ids=("madrid",),
        usable_at=Reach.COUNTRY,
        channels=(Channel.ONLINE, Channel.STAND),
        claimable_from="2026-05-02",
        usable_from="2026-05-11T10:00",
        usable_until="2026-05-30",
        visitor_limit=3,
        visitor_scope=Scope.CAMPAIGN,
        stock=Stock(units=40, per=Scope.CAMPAIGN, shards=3, peak_per_second=10),
        day_limit=7,
        budget_minor=90_000,
        presence_required=True,
        group="tea",
        hold_minutes=60,
        giftable=False,
        offline=False,
        closed=True,
        sample=True,
    ),
    offer("plain", 9),
    languages=("en", "tr"),
    merchants=(TEA,),
    delivery=PLAN,
    popups=(
        ISTANBUL,
        replace(
            MADRID,
            number=12,
            latitude=-40.41,
            address='Puerta 7, local B; "patio"',
            hours=(Session("18:00", "02:00", (1, 2, 3, 5)), Session("10:00", "12:00", (7, 6))),
        ),
    ),
)
