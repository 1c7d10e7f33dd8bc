"""The sample input: what the files hold, and how each of their faults is told."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.offer import Channel, Kind, Reach, Scope
from chalicelib.domain.validation import faults
from local import sample_loader
from local.sample_loader import BadSheetsError

TODAY = date(2026, 11, 23)
Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="module")
def past() -> Campaign:
    return sample_loader.festival_2019()


@pytest.fixture(scope="module")
def now() -> Campaign:
    return sample_loader.festival_now(TODAY)


class Copy:
    """A copy of the sample files, to break."""

    def __init__(self, folder: Path) -> None:
        self.sample = folder / "sample"
        shutil.copytree(sample_loader.SAMPLE, self.sample)
        shutil.copy(sample_loader.CITIES, self.sample)

    def path(self, file: str) -> Path:
        return self.sample / file

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence."""
        text = self.path(file).read_text(encoding="utf-8")
        assert old in text
        self.path(file).write_text(text.replace(old, new, 1), encoding="utf-8")

    def load(self) -> tuple[Campaign, ...]:
        return sample_loader.load(
            TODAY, cities=self.sample / "popup_cities.csv", sample=self.sample
        )

    def told(self) -> list[str]:
        with pytest.raises(BadSheetsError) as caught:
            self.load()
        return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_thirty_five_stands_in_fifteen_countries(now: Campaign) -> None:
    assert len(now.popups) == 35
    assert len({popup.country for popup in now.popups}) == 15
    assert [popup.number for popup in now.popups] == list(range(1, 36))
    assert now.popup["istanbul"].time_zone == "Europe/Istanbul"


def test_the_past_has_the_same_stands_under_ids_of_their_own(past: Campaign, now: Campaign) -> None:
    assert [popup.popup_id for popup in past.popups] == [f"{p.popup_id}-2019" for p in now.popups]
    assert (past.number, now.number) == (1, 2)


def test_the_past_has_its_true_calendar(past: Campaign) -> None:
    istanbul, madrid = past.popup["istanbul-2019"], past.popup["madrid-2019"]
    assert past.claimable_from(istanbul) == datetime(2019, 10, 27, 21, tzinfo=UTC)
    assert past.claimable_from(madrid) == datetime(2019, 10, 27, 23, tzinfo=UTC)
    assert past.usable_from(madrid) == datetime(2019, 11, 10, 23, tzinfo=UTC)
    assert past.usable_until(madrid) == datetime(2019, 11, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("city", ["istanbul-2019", "madrid-2019"])
def test_the_past_is_open_at_noon(past: Campaign, city: str) -> None:
    popup = past.popup[city]
    noon = datetime(2019, 11, 11, 12, tzinfo=popup.zone)
    assert popup.open_at(noon)
    assert past.popup_phase(popup, noon) is Phase.LIVE


def test_the_festival_of_now_lies_around_the_day(now: Campaign) -> None:
    calendar = now.calendar
    assert calendar.revealed_from == "2026-11-20T00:00"
    assert (calendar.usable_from, calendar.usable_until) == ("2026-11-22T00:00", "2026-11-24T24:00")


@pytest.mark.parametrize("hour", range(24))
def test_every_stand_of_turkey_takes_vouchers_at_each_hour(now: Campaign, hour: int) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
    stands = [popup for popup in now.popups if popup.country == "TR"]
    assert len(stands) == 3
    assert all(popup.open_at(at) for popup in stands)
    assert {now.popup_phase(popup, at) for popup in now.popups} == {Phase.LIVE}


@pytest.mark.parametrize("countries", ["IT ES", "RU", "FR PL DE NL GB", "US BR MX CL", "AE SA"])
def test_each_region_has_stands_open_all_day_and_others(now: Campaign, countries: str) -> None:
    stands = [popup for popup in now.popups if popup.country in countries.split()]
    all_day = [
        popup
        for popup in stands
        if (popup.hours[0].opens, popup.hours[0].closes) == ("00:00", "24:00")
    ]
    assert 0 < len(all_day) < len(stands)


def test_the_night_market_of_madrid_closes_at_two(now: Campaign) -> None:
    madrid = now.popup["madrid"]
    assert madrid.open_at(datetime(2026, 11, 24, 1, 59, tzinfo=madrid.zone))
    assert not madrid.open_at(datetime(2026, 11, 24, 2, 0, tzinfo=madrid.zone))


def test_two_sample_merchants_for_each_of_four_countries(now: Campaign) -> None:
    assert sorted(one.country for one in now.merchants) == [
        "ES",
        "ES",
        "IT",
        "IT",
        "RU",
        "RU",
        "TR",
        "TR",
    ]
    assert all(one.sample and {"en", one.language} <= set(one.story) for one in now.merchants)
    assert now.sample
    assert all(offer.sample for offer in now.offers)


def test_there_are_offers_of_every_kind_reach_and_limit(now: Campaign) -> None:
    offers = now.offers
    assert {offer.benefit.kind for offer in offers} == set(Kind)
    assert {offer.usable_at for offer in offers} >= {Reach.STAND, Reach.CITY, Reach.COUNTRY}
    assert any(offer.day_limit for offer in offers)
    assert any(offer.budget_minor for offer in offers)
    assert any(offer.stock and offer.stock.units == 40 for offer in offers)
    assert any(offer.stock and offer.stock.per is Scope.CAMPAIGN for offer in offers)
    assert any(offer.visitor_limit > 1 for offer in offers)
    assert all({"en", "tr", "ar"} <= set(offer.title) & set(offer.terms) for offer in offers)


def test_the_lantern_runs_everywhere_and_asks_for_nothing(now: Campaign) -> None:
    lantern = now.offer["lantern-gift"]
    assert all(lantern.runs_at(popup.popup_id) for popup in now.popups)
    assert lantern.usable_at is Reach.STAND
    assert lantern.offline
    asks = (lantern.presence_required, lantern.needs_order_total, lantern.counted_at_use)
    assert not any(asks)
    assert lantern.stock is not None
    assert lantern.stock.units >= 2000


def test_one_gift_of_istanbul_asks_for_presence(now: Campaign) -> None:
    (glass,) = [offer for offer in now.offers if offer.presence_required]
    assert glass.benefit.kind is Kind.GIFT
    assert glass.popup_ids == ("istanbul",)


def test_delivery_offers_work_online_too(now: Campaign) -> None:
    (delivery,) = [offer for offer in now.offers if offer.benefit.kind is Kind.DELIVERY]
    assert set(delivery.channels) == {Channel.STAND, Channel.ONLINE}


def test_two_offers_for_parcels_exclude_each_other_and_one_is_online_only(now: Campaign) -> None:
    grouped = [offer for offer in now.offers if offer.group]
    assert {offer.group for offer in grouped} == {"parcel"}
    assert [offer.channels for offer in grouped] == [
        (Channel.ONLINE,),
        (Channel.STAND, Channel.ONLINE),
    ]


def test_a_claim_may_have_to_be_used_in_time_and_a_crowd_is_expected(now: Campaign) -> None:
    assert [(o.offer_id, o.hold_minutes) for o in now.offers if o.hold_minutes] == [
        ("parcel-cup-gift", 2880)
    ]
    assert [o.offer_id for o in now.offers if not o.giftable] == ["tea-glass-gift"]
    lantern = now.offer["lantern-gift"].stock
    assert lantern is not None
    assert lantern.peak_per_second == 100


def test_collecting_is_the_cheapest_delivery_in_every_currency(now: Campaign) -> None:
    assert now.delivery is not None
    *others, collect = now.delivery.options_at("rome")
    assert collect.code == "popup_collect"
    for popup in now.popups:
        price = collect.price_minor[popup.currency]
        assert all(price < other.price_minor[popup.currency] for other in others)


def test_the_campaigns_may_be_published_and_travel_as_json(past: Campaign, now: Campaign) -> None:
    for campaign in (past, now):
        assert faults(campaign) == ()
        assert msgspec.json.decode(msgspec.json.encode(campaign), type=Campaign) == campaign


def test_the_cities_keep_their_numbers_when_one_is_added(copy: Copy) -> None:
    line = "porto,Porto,PT,Europe/Lisbon,41.1496,-8.611,EUR,pt,249633,2735943\n"
    path = copy.path("popup_cities.csv")
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    campaign = copy.load()[1]
    assert campaign.popup["istanbul"].number == 8
    assert campaign.popup["porto"].number == 36


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "popup_cities.csv",
            "IT,Europe/Rome",
            "IT,Europe/Rom",
            "popup_cities.csv, line 2, column timezone: 'Europe/Rom' is no IANA zone",
        ),
        ("popup_cities.csv", "45.4643", "north", "popup_cities.csv, line 2, column latitude: "),
        ("popup_cities.csv", "rome,", "Rome,", "popup_cities.csv, line 3, column id: "),
        ("popup_cities.csv", "rome,", "milan,", "popup_cities.csv, line 3, column id: "),
        ("popup_cities.csv", "1371498,", "", "popup_cities.csv, line 2, column geonames_id: "),
        ("campaigns.csv", "today-3T", "today-XT", "campaigns.csv, line 3, column revealed_from: "),
        ("campaigns.csv", "board_box", "barrel", "campaigns.csv, line 2, column packaging: "),
        ("campaigns.csv", "festival-now,2", "festival-now,1", "campaigns.csv, line 3, column num"),
        ("hours.csv", "18:00,02:00", "18:00,26:00", "hours.csv, line 7, column closes: "),
        ("hours.csv", "1-5", "Mo-Fr", "hours.csv, line 14, column days: "),
        ("hours.csv", "madrid", "madird", "hours.csv, line 7, column popup: "),
        ("hours.csv", "2019,*", "2091,*", "hours.csv, line 2, column campaign: "),
        ("merchants.csv", "IT,Turin", "XX,Turin", "merchants.csv, line 2, column country: "),
        ("offers.csv", ",gift,", ",present,", "offers.csv, line 2, column kind: "),
        ("offers.csv", "stand,,,,,,1", "stall,,,,,,1", "offers.csv, line 2, column channels: "),
        ("offers.csv", ",istanbul,", ",istambul,", "offers.csv, line 3, column stands: "),
        ("offers.csv", ",IT,", ",IT TR,", "offers.csv, line 5, column currency: "),
        ("offers.csv", "2000,popup,2", "0,popup,2", "offers.csv, line 2, column stock_units: "),
        ("offers.csv", "2000,popup,2", "2000,popup,65", "offers.csv, line 2, column stock_shards"),
        ("offers.csv", "no,yes", "no,perhaps", "offers.csv, line 2, column offline: "),
        ("offers.csv", "cam-fener", "cam-lamba", "offers.csv, line 3, column merchant: "),
        ("delivery.csv", ",12,150,", ",12,,", "delivery.csv, line 5, column bulk_parcels: "),
        ("delivery.csv", "1500", "cheap", "delivery.csv, line 2, column AED: "),
        ("texts.csv", "lantern-gift,title", "lantern,title", "texts.csv, line 12, column of: "),
        ("texts.csv", ",en,", ",english,", "texts.csv, line 1, column en: "),
        ("texts.csv", '"A paper lantern, free"', "", "texts.csv, line 12, column en: "),
        ("texts.csv", "of,field,", "of,of,", "texts.csv, line 1, column field: "),
    ],
)
def test_each_fault_names_file_line_and_column(
    copy: Copy, file: str, old: str, new: str, told: str
) -> None:
    copy.edit(file, old, new)
    assert any(line.startswith(told) for line in copy.told()), copy.told()


def test_one_fault_is_told_once(copy: Copy) -> None:
    copy.edit("popup_cities.csv", "IT,Europe/Rome", "IT,Europe/Rom")
    (told,) = copy.told()
    assert told.endswith("'Europe/Rom' is no IANA zone; write for example Europe/Rome")


def test_all_faults_are_told_at_once(copy: Copy) -> None:
    copy.edit("popup_cities.csv", "45.4643", "north")
    copy.edit("popup_cities.csv", "ES,Europe/Madrid", "ES,Europe/Madird")
    copy.edit("hours.csv", "18:00,02:00", "18:00,26:00")
    copy.edit("offers.csv", "2000,popup,2", "0,popup,2")
    told = copy.told()
    assert [line.split(":")[0] for line in told] == [
        "hours.csv, line 7, column closes",
        "offers.csv, line 2, column stock_units",
        "popup_cities.csv, line 2, column latitude",
        "popup_cities.csv, line 5, column timezone",
    ]


def test_missing_lines_say_what_to_add(copy: Copy) -> None:
    copy.edit("texts.csv", "lantern-gift,title", "lantern-gift,titel")
    copy.edit("hours.csv", "festival-2019,*", "festival-2019,milan")
    told = "\n".join(copy.told())
    assert "offers.csv, line 2, column id: needs a text in English" in told
    assert "add a line lantern-gift,title,… to texts.csv" in told
    assert "popup_cities.csv, line 3, column id: has no opening hours" in told
    assert "add a line rome-2019,10:00,20:00,1-7 to hours.csv" in told


def test_a_missing_campaign_is_told(copy: Copy) -> None:
    copy.edit("campaigns.csv", "festival-now,", "festival-later,")
    assert any("there is no campaign festival-now" in line for line in copy.told())


def test_files_that_cannot_be_read_are_told_alone(copy: Copy) -> None:
    copy.path("hours.csv").unlink()
    copy.path("merchants.csv").write_bytes(b"id,name,country,city,language\nx,\xff,IT,Turin,it\n")
    copy.edit("delivery.csv", "home_van_diesel", '"home_van_diesel')
    told = copy.told()
    assert [line.split(":")[0] for line in told] == [
        "delivery.csv, line 6, column code",
        "hours.csv, line 1, column campaign",
        "merchants.csv, line 2, column id",
    ]


def test_a_file_saved_by_a_spreadsheet_is_read(copy: Copy) -> None:
    path = copy.path("popup_cities.csv")
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    assert len(copy.load()[0].popups) == 35


def test_a_new_column_of_texts_is_a_new_language(copy: Copy) -> None:
    copy.edit("texts.csv", "of,field,en,tr,ar,it,es,ru", "of,field,en,tr,ar,it,es,uk")
    assert copy.load()[1].languages == ("en", "tr", "ar", "it", "es", "uk")


def test_the_check_says_what_the_files_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert sample_loader.main() == 0
    assert "festival-2019: 35 stands, 8 merchants, 13 offers" in capsys.readouterr().out
