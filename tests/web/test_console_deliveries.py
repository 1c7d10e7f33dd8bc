"""What chosen deliveries add up to at the console: as the API has it, a merchant its own alone."""

import csv
import io

import pytest
from colleague import Colleague, colleague, merchant
from house import House

from chalicelib.domain.member import Role

HOME = "/console/c/festival-now/delivery"
POTS, LAMPS = "caffettiera-ammaccata", "cam-fener"


@pytest.fixture
def chosen(house: House) -> House:
    """Return a festival at which two ways were chosen in Milan, for one merchant's offer."""
    for option in ("locker", "home_cargo_bike"):
        browser = house.browser()
        choice = {"voucher": browser.claim("milan", "parcel-10")["code"], "option": option}
        assert browser.post("/api/v1/delivery/choices", choice).status == 201
    house.project()
    return house


def rows(one: Colleague, by: str) -> list[dict[str, str]]:
    answer = one.get(f"{HOME}/csv?by={by}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("campaign", ["The 11.11 festival"]),
        ("city", ["Milan"]),
        ("merchant", ["Caffettiera Ammaccata"]),
        ("option", ["Home, by cargo bike", "Parcel locker"]),
    ],
)
def test_marketing_reads_the_sums_along_each_name(chosen: House, by: str, names: list[str]) -> None:
    anna = colleague(chosen, Role.MARKETER)
    page = anna.page(f"{HOME}?by={by}")
    for name in names:
        assert f'<th scope="row">{name}</th>' in page
    assert "IT-home-diesel/2026-10" in page
    assert "How we calculate" in page
    assert sum(int(row["chosen"]) for row in rows(anna, by)) == 2


def test_page_and_file_say_the_same_and_how_old_the_factors_are(chosen: House) -> None:
    anna = colleague(chosen, Role.MARKETER)
    (row,) = rows(anna, "campaign")
    total = float(row["total_kg"]), float(row["total_low_kg"]), float(row["total_high_kg"])
    page = anna.page(HOME)
    assert "{:.2f} ({:.2f} … {:.2f})".format(*total) in page
    assert f"from {row['factors_from']} to {row['factors_to']}" in page
    assert row["as_of"] == "2026-05-20T12:00:00Z"
    assert "As of 20 May 2026 12:00 UTC. " in page


def test_a_merchant_reads_of_its_own_offers_alone(chosen: House) -> None:
    mine = merchant(chosen, POTS)
    assert "Parcel locker" in mine.page(f"{HOME}?by=option")
    assert sum(int(row["chosen"]) for row in rows(mine, "option")) == 2
    other = merchant(chosen, LAMPS, member_id="merchant-2")
    assert "Nothing chosen yet" in other.page(HOME)
    assert rows(other, "option") == []


def test_a_manager_reads_of_its_own_stands_alone(chosen: House) -> None:
    milan = colleague(chosen, Role.MANAGER, popup_ids=frozenset({"milan"}))
    assert "Parcel locker" in milan.page(f"{HOME}?by=option")
    assert sum(int(row["chosen"]) for row in rows(milan, "merchant")) == 2
    rome = colleague(chosen, Role.MANAGER, member_id="manager-2", popup_ids=frozenset({"rome"}))
    for by in ("campaign", "city", "merchant", "option"):
        assert "Nothing chosen yet" in rome.page(f"{HOME}?by={by}")
        assert rows(rome, by) == []


def test_a_report_by_nothing_known_is_refused(house: House) -> None:
    assert colleague(house, Role.MARKETER).get(f"{HOME}?by=moon").status == 422
