"""Delivery through the API: what a request may say of its order, and what reports add up."""

import csv
import io
from typing import Any

import pytest
from house import Answer, House, Json

from chalicelib.domain.api_key import Role

OPTIONS, REPORT = "/api/v1/delivery/options", "/api/v1/insights/delivery"
ROME, ISTANBUL = {"lat": 41.9, "lon": 12.5}, {"lat": 41.01, "lon": 28.98}


def options(house: House, **facts: Any) -> Json:
    answer = house.browser().post(OPTIONS, {"popup_id": "milan", **facts})
    assert answer.status == 200, answer.text
    document: Json = answer.json
    return document


def told(house: House, path: str, campaign_id: str = "festival-now") -> Answer:
    """Ask for a report with the key of a campaign's marketing team."""
    slug = f"press-{house.nonce()}"
    key = house.key(slug, campaign_id=campaign_id, role=Role.MARKETER)[1]
    return house.ask("GET", path, headers={"authorization": f"Bearer {key}"})


def haul(document: Json) -> Json:
    leg: Json = next(leg for leg in document["options"][0]["legs"] if leg["leg"] == "linehaul")
    return leg


def test_an_option_says_all_that_a_shop_has_to_print(house: House) -> None:
    found = options(house)
    assert found["baseline"]["basis"] == "market_default"
    assert found["method"]["url"] == "/method/1.0.0"
    electric = next(one for one in found["options"] if one["code"] == "home_van_electric")
    assert electric["price"] == {"amount_minor": 490, "currency": "EUR"}
    assert (electric["earliest"], electric["latest"]) == ("2026-05-22", "2026-05-24")
    assert electric["carrier"] == "Corriere Esempio"
    assert electric["non_co2_air"] is None
    assert "compared with standard home delivery" in electric["display"]["against_baseline"]
    assert house.browser().get(found["method"]["url"]).status == 200
    assert house.browser().get("/method/0.9.0").status == 404


def test_the_way_is_measured_between_two_places_or_as_it_is_told(house: House) -> None:
    near = options(house, origin=ROME)
    there = {"country": "TR", **ISTANBUL}
    far = options(house, origin=ROME, destination=there)
    assert haul(near)["km"] < haul(far)["km"]
    flown = options(house, origin={"line_haul": [{"mode": "air", "km": 1300}]})
    assert haul(flown)["mode"] == "air"
    assert "AIR_SHORT_PROXY" in flown["options"][0]["warnings"]
    assert flown["options"][0]["non_co2_air"] > 0


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"voucher": "ABCD-EFGH-JKMN-PQRS"}, "/popup_id"),
        ({"origin": {}}, "/origin"),
        ({"origin": {"lat": 1}}, "/origin"),
        ({"origin": ROME | {"line_haul": []}}, "/origin"),
        ({"origin": ROME, "destination": {"country": "IT", "lon": 1}}, "/destination"),
        ({"destination": {"country": "Italy"}}, "/destination/country"),
        ({"parcel": {"goods_mass_g": 1, "volume_cm3": 0}}, "/parcel/volume_cm3"),
        (
            {"parcel": {"goods_mass_g": 1, "volume_cm3": 1, "packaging": "film_mailer"}},
            "/parcel/pack_g",
        ),
        ({"origin": {"line_haul": [{"mode": "road", "km": -1}]}}, "/origin/line_haul/0/km"),
        ({"origin": {"line_haul": [{"mode": "mule", "km": 1}]}}, "/origin/line_haul/0/mode"),
        ({"trip": {"one_way_km": -1}}, "/trip/one_way_km"),
        ({"trip": {"mode": "horse"}}, "/trip/mode"),
        ({"orders_together": 0}, "/orders_together"),
    ],
)
def test_an_impossible_order_is_refused_where_it_is_wrong(
    house: House, facts: Json, pointer: str
) -> None:
    answer = house.browser().post(OPTIONS, {"popup_id": "milan", **facts})
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert pointer.startswith(answer.json["errors"][0]["pointer"].replace("[...]", "/0"))


def test_a_voucher_names_its_stand_to_its_holder_and_its_shops_alone(house: House) -> None:
    browser = house.browser()
    code = browser.claim("milan", "parcel-10")["code"]
    assert browser.post(OPTIONS, {"voucher": code}).status == 200
    stranger = house.browser()
    stranger.sign_in()
    assert stranger.post(OPTIONS, {"voucher": code}).reason == "unknown_code"
    assert house.shop().post(OPTIONS, {"voucher": code}).status == 200
    other = house.shop("market", "cam-fener")
    assert other.post(OPTIONS, {"voucher": code}).reason == "wrong_merchant"
    elsewhere = house.shop("old", campaign_id="festival-2019")
    assert elsewhere.post(OPTIONS, {"voucher": code}).reason == "unknown_code"


def test_reports_add_up_the_same_choices_along_each_name(house: House) -> None:
    for stand, option in (("milan", "locker"), ("milan", "home_cargo_bike"), ("rome", "locker")):
        browser = house.browser()
        code = browser.claim(stand, "parcel-10")["code"]
        choice = {"voucher": code, "option": option}
        assert browser.post("/api/v1/delivery/choices", choice).status == 201
    house.project()

    def lines(by: str) -> list[Json]:
        answer = told(house, f"{REPORT}?campaign_id=festival-now&by={by}")
        assert answer.status == 200, answer.text
        found: list[Json] = answer.json["lines"]
        return found

    (whole,) = lines("campaign")
    assert (whole["chosen"], whole["method"]) == (3, "1.0.0")
    for by, names in (
        ("city", {"milan": 2, "rome": 1}),
        ("merchant", {"caffettiera-ammaccata": 3}),
        ("option", {"home_cargo_bike": 1, "locker": 2}),
    ):
        found = lines(by)
        assert {line["name"]: line["chosen"] for line in found} == names
        total = sum(round(line["total_kg"]["value"] * 100_000) for line in found)
        assert total == round(whole["total_kg"]["value"] * 100_000)
    text = told(house, f"{REPORT}/csv?campaign_id=festival-now&by=option").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["name"], row["chosen"]) for row in rows] == [
        ("home_cargo_bike", "1"),
        ("locker", "2"),
    ]


def test_a_report_is_for_the_campaigns_own_marketing(house: House) -> None:
    path = f"{REPORT}?campaign_id=festival-now"
    assert house.ask("GET", path).reason == "not_signed_in"
    assert told(house, path, "festival-2019").reason == "not_allowed"
    wrong = told(house, f"{path}&by=moon")
    assert (wrong.status, wrong.json["errors"][0]["pointer"]) == (422, "/by")
    assert told(house, REPORT).json["campaign_id"] == "festival-now"
