"""A stand on its manager's phone: its state and what it says, at once everywhere."""

import csv
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from colleague import Colleague, colleague, inputs
from handing import OfflinePhone
from house import Answer, House, path_of

from chalicelib.domain.device import Profile
from chalicelib.domain.member import Role
from chalicelib.domain.member import Scope as MemberScope
from chalicelib.domain.offer import Scope, Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Reason
from chalicelib.store import insights, trails
from chalicelib.web.console.stand_report import COLUMNS

GIFT = "lantern-gift"
SCOPE = MemberScope(area="festival-now", member_id="x", email="x")
STAND = "/console/c/festival-now/stand/istanbul"


def manager(house: House, *stands: str, **facts: Any) -> Colleague:
    """Return a manager of these stands of the festival."""
    mine = frozenset(stands or ("istanbul",))
    return colleague(house, Role.MANAGER, popup_ids=mine, **facts)


@pytest.fixture
def mine(house: House) -> Colleague:
    return manager(house)


def test_a_paused_stand_says_why_to_visitors_its_screen_and_its_phones(
    house: House, mine: Colleague
) -> None:
    phone = OfflinePhone(house)
    answer = mine.act(f"{STAND}/state", state="paused", message="  Back at\n three ")
    assert answer.status == 303
    for path in ("/p/istanbul", "/screen/istanbul"):
        assert "Back at three" in house.browser().get(path).text
    assert "Paused for a moment" in house.browser().get("/p/istanbul").text
    told = phone.manifest().json
    assert (told["paused"], told["messages"]) == (True, ["Back at three"])
    refused = house.browser().try_to_claim("istanbul", "lantern-gift")
    assert refused.reason == Reason.PAUSED
    assert inputs(mine.page(STAND))["message"] == "Back at three"


def test_an_opened_stand_says_nothing_any_more(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="Back at three")
    mine.act(f"{STAND}/state", state="open", message="")
    assert "Back at three" not in house.browser().get("/p/istanbul").text
    house.browser().claim("istanbul", "lantern-gift")


def test_a_closed_stand_opens_by_itself_on_its_next_day(house: House, mine: Colleague) -> None:
    browser, phone = house.browser(), OfflinePhone(house)
    voucher = browser.claim("istanbul", "lantern-gift")
    mine.act(f"{STAND}/state", state="closed", message="Good night")
    page = house.browser().get("/p/istanbul").text
    assert "The stand is closed" in page
    assert "Closed, opens" in page
    assert (
        "The stand in Istanbul is closed now; it opens" in browser.get(path_of(voucher["url"])).text
    )
    assert house.phone().redeem(voucher["url"]).reason == Reason.NOT_NOW
    told = phone.manifest().json
    assert not told["paused"]
    assert told["closed_until"] == "2026-05-20T21:00:00Z"  # open day and night there
    house.at = house.at.replace(hour=21)
    page = house.browser().get("/p/istanbul").text
    assert "Good night" not in page
    assert "Open until" in page
    assert phone.manifest().json["closed_until"] is None
    assert house.phone().redeem(voucher["url"]).status == 201


def test_a_script_in_a_message_stays_text(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="<script>alert(1)</script>")
    for page in (house.browser().get("/p/istanbul"), house.browser().get("/screen/istanbul")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


def test_a_manager_reaches_only_own_stands(house: House, mine: Colleague) -> None:
    other = "/console/c/festival-now/stand/madrid"
    assert mine.get(other).status == 404
    assert mine.act(f"{other}/state", state="paused").status == 404
    assert mine.get("/console/c/festival-now/stand/nowhere").status == 404
    both = manager(house, "istanbul", "madrid", member_id="both")
    assert both.get(other).status == 200


@pytest.mark.parametrize("wish", [{"state": "shut"}, {}, {"state": "open", "message": "x" * 141}])
def test_what_makes_no_sense_changes_nothing(mine: Colleague, wish: dict[str, str]) -> None:
    answer = mine.act(f"{STAND}/state", **wish)
    assert answer.status == 422
    assert "Not saved" in answer.text


def test_the_trail_has_each_change_with_its_words(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="closed", message="Good night")
    mine.act(f"{STAND}/state", state="open")
    trail = colleague(house, Role.AUDITOR).page("/console/c/festival-now/trail")
    assert "stand opened" in trail
    assert "stand closed" in trail
    assert "Good night" in trail


def test_a_rollback_leaves_a_stand_as_its_manager_left_it(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="Back at three")
    house.roll_back("festival-now", 1)
    assert "Back at three" in house.browser().get("/p/istanbul").text


# --- stock ----------------------------------------------------------------------------------------
def form_of(page: str, offer_id: str) -> dict[str, str]:
    """Return what the form of an offer's stock carries."""
    part = page[page.index(f'id="stock-{offer_id}"') :]
    found = inputs(part[: part.index("</form>")])
    return {name: found[name] for name in ("offer_id", "nonce")}


def book(one: Colleague, kind: str, number: object, offer_id: str = GIFT, **more: str) -> Answer:
    """Book as the page's form does."""
    wish = form_of(one.page(STAND), offer_id) | {"kind": kind, "number": str(number)} | more
    return one.act(f"{STAND}/stock", **wish)


def figures(page: str, offer_id: str = GIFT) -> dict[str, int]:
    """Return what the page says of an offer's stock."""
    part = page[page.index(f'id="stock-{offer_id}"') :]
    found = re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", part[: part.index("</dl>")])
    return {name: int(number.replace(",", "")) for name, number in found}


def test_what_came_broke_and_was_counted_is_in_hand_at_once(house: House, mine: Colleague) -> None:
    before = figures(mine.page(STAND))
    assert book(mine, "received", 7, note="second box").status == 303
    assert book(mine, "damaged", 2).status == 303
    voucher = house.browser().claim("istanbul", GIFT)
    house.phone().redeem(voucher["url"])
    house.project()
    after = figures(mine.page(STAND))
    assert after["In hand"] == before["In hand"] + 7 - 2 - 1
    assert after["Free to claim"] == before["Free to claim"] + 7 - 2 - 1
    assert after["Given here"] == 1
    assert book(mine, "counted", after["In hand"] - 3).status == 303
    counted = mine.page(STAND)
    assert figures(counted)["In hand"] == after["In hand"] - 3
    assert f"expected {after['In hand']}" in counted
    assert "second box" in counted
    trail = colleague(house, Role.AUDITOR).page("/console/c/festival-now/trail")
    assert "stock counted" in trail


def test_the_trail_has_the_instant_a_stock_moved_whatever_day_the_campaign_lives_in(
    house: House, mine: Colleague
) -> None:
    house.wait(timedelta(hours=3))
    assert book(mine, "received", 7).status == 303
    (entry,) = [one for one in trails.entries(SCOPE) if one.action == "stock received"]
    assert entry.at == house.real_at != house.at


def test_a_form_that_is_sent_twice_counts_once(mine: Colleague) -> None:
    before = figures(mine.page(STAND))["In hand"]
    wish = form_of(mine.page(STAND), GIFT) | {"kind": "received", "number": "5"}
    assert mine.act(f"{STAND}/stock", **wish).status == 303
    assert mine.act(f"{STAND}/stock", **wish).status == 303
    assert figures(mine.page(STAND))["In hand"] == before + 5
    other = mine.act(f"{STAND}/stock", **wish | {"number": "6"})
    assert other.status == 409
    assert "booked already with another number" in other.text
    assert figures(mine.page(STAND))["In hand"] == before + 5


def test_what_visitors_claimed_is_not_taken_and_what_was_typed_stays(mine: Colleague) -> None:
    free = figures(mine.page(STAND))["Free to claim"]
    answer = book(mine, "damaged", free + 4, note="the shelf fell")
    assert answer.status == 409
    page = unescape(answer.text)
    assert f"only {free} are not claimed yet" in page
    assert f'value="{free + 4}"' in page
    assert "the shelf fell" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "-1"},
        {"number": "1.5"},
        {"number": ""},
        {"number": "0"},
        {"number": "1000001"},
        {"kind": "stolen"},
        {"kind": ""},
        {"offer_id": "nothing"},
        {"nonce": "x"},
        {"note": "x" * 141},
    ],
)
def test_what_cannot_be_booked_is_said_and_changes_nothing(
    mine: Colleague, wrong: dict[str, str]
) -> None:
    before = figures(mine.page(STAND))
    wish = form_of(mine.page(STAND), GIFT) | {"kind": "received", "number": "5"} | wrong
    answer = mine.act(f"{STAND}/stock", **wish)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert figures(mine.page(STAND)) == before


def test_a_publish_keeps_what_was_booked(house: House, mine: Colleague) -> None:
    before = figures(mine.page(STAND))
    assert book(mine, "received", 9).status == 303
    house.roll_back("festival-now", 1)
    assert figures(mine.page(STAND))["Free to claim"] == before["Free to claim"] + 9


def test_what_all_stands_share_is_booked_by_marketing_alone(house: House, mine: Colleague) -> None:
    whole = house.campaign()
    fresh = replace(
        whole.offer[GIFT],
        offer_id="shared-gift",
        number=99,
        stock=Stock(units=40, per=Scope.CAMPAIGN),
    )
    published = house.publish(replace(whole, offers=(*whole.offers, fresh)))
    assert isinstance(published, Pointer), published
    page = mine.page(STAND)
    assert "All stands share this stock." in page
    assert "Marketing books what comes" in page
    owner = colleague(house, Role.OWNER)
    wish = form_of(owner.page(STAND), "shared-gift") | {"kind": "received", "number": "5"}
    assert mine.act(f"{STAND}/stock", **wish).status == 422
    assert owner.act(f"{STAND}/stock", **wish).status == 303
    assert figures(owner.page(STAND), "shared-gift")["Free to claim"] == 45
    counted = form_of(owner.page(STAND), "shared-gift") | {"kind": "counted", "number": "5"}
    assert owner.act(f"{STAND}/stock", **counted).status == 422


# --- the report -----------------------------------------------------------------------------------
def rows(one: Colleague, query: str = "") -> list[dict[str, str]]:
    answer = one.get(f"{STAND}/report/csv{query}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(answer.text.splitlines()))


def test_the_report_adds_up_and_agrees_with_its_csv_and_the_figures(
    house: House, mine: Colleague
) -> None:
    phone, browsers = house.phone(), [house.browser() for _ in range(4)]
    vouchers = [browser.claim("istanbul", GIFT) for browser in browsers]
    uses = [phone.redeem(voucher["url"]).json["redemption_id"] for voucher in vouchers[:3]]
    assert phone.reverse(uses[0]).status in {200, 201}
    house.project()
    book(mine, "received", 10)
    book(mine, "damaged", 4)
    in_hand = figures(mine.page(STAND))["In hand"]
    book(mine, "counted", in_hand - 1)
    (line,) = [row for row in rows(mine) if row["name"] == GIFT]
    numbers = {name: int(line[name]) for name in COLUMNS}
    assert (numbers["claimed"], numbers["given"], numbers["reversed"]) == (4, 3, 1)
    assert numbers["left"] == numbers["opening"] + 10 - 4 - 3 + 1 == in_hand
    assert (numbers["counted"], numbers["difference"]) == (in_hand - 1, -1)
    day = insights.of_day("festival-now", "istanbul", date(2026, 5, 20))
    offers = [row for row in rows(mine) if row["line"] == "offer"]
    assert sum(int(row["claimed"]) for row in offers) == day["claimed"]
    assert sum(int(row["given"]) - int(row["reversed"]) for row in offers) == day["redeemed"]
    page = mine.page(f"{STAND}/report")
    for name in ("opening", "left", "counted"):
        assert f'<bdi dir="ltr">{numbers[name]:,}</bdi>' in page
    assert (line["time_zone"], line["day"]) == ("Europe/Istanbul", "2026-05-20")
    assert "As of" in page
    assert "Europe/Istanbul" in page
    house.at += timedelta(days=1)
    (next_day,) = [row for row in rows(mine) if row["name"] == GIFT]
    assert int(next_day["opening"]) == in_hand - 1


def test_the_report_waits_for_a_phone_and_says_which(house: House, mine: Colleague) -> None:
    phone = OfflinePhone(house, name="Left door")
    assert "the day is not over" in mine.page(f"{STAND}/report")
    house.at = house.real_at = house.at + timedelta(hours=1)
    mine.act(f"{STAND}/state", state="closed")
    page = mine.page(f"{STAND}/report")
    assert "Left door was not heard of since the stand closed" in page
    house.at = house.real_at = house.at + timedelta(minutes=5)
    phone.ask("/api/v1/devices/self/manifest?waiting=3")
    assert "Left door has 3 scans waiting" in mine.page(f"{STAND}/report")
    assert {row["final"] for row in rows(mine)} == {"no"}
    house.at = house.real_at = house.at + timedelta(minutes=5)
    phone.ask("/api/v1/devices/self/manifest?waiting=0")
    assert "Final: the stand is closed" in mine.page(f"{STAND}/report")
    assert {row["final"] for row in rows(mine)} == {"yes"}


def test_a_name_that_a_spreadsheet_would_run_is_text(house: House, mine: Colleague) -> None:
    OfflinePhone(house, name="=1+1")
    assert "'=1+1" in {row["name"] for row in rows(mine)}


def test_a_day_that_is_none_is_today_and_a_coming_one_is_not_over(mine: Colleague) -> None:
    assert {row["day"] for row in rows(mine, "?day=yesterday")} == {"2026-05-20"}
    assert "the day is not over" in mine.page(f"{STAND}/report?day=2026-06-01")


def test_another_managers_report_does_not_exist(mine: Colleague) -> None:
    for path in ("report", "report/csv"):
        assert mine.get(f"/console/c/festival-now/stand/madrid/{path}").status == 404


# --- devices and cases ----------------------------------------------------------------------------
def test_the_page_lists_the_stands_devices_and_what_waits(house: House, mine: Colleague) -> None:
    phone = OfflinePhone(house, name="Left door")
    OfflinePhone(house, "madrid", name="Far door")
    house.real_at += timedelta(minutes=2)
    phone.ask("/api/v1/devices/self/manifest?waiting=2")
    page = mine.page(STAND)
    assert "Left door" in page
    assert "2 waiting" in page
    assert "Far door" not in page


def test_a_manager_finds_own_stands_on_the_first_page(house: House, mine: Colleague) -> None:
    home = mine.page("/console/")
    assert STAND in home
    assert "/stand/madrid" not in home
    assert STAND in mine.page("/console/c/festival-now")
    assert "/stand/madrid" in colleague(house, Role.OWNER).page("/console/c/festival-now")


def test_a_case_is_decided_with_one_tap_and_once(house: House, mine: Colleague) -> None:
    url = str(house.browser().claim("istanbul", GIFT)["url"])
    north, south = OfflinePhone(house, name="North"), OfflinePhone(house, name="South")
    north.accept(url)
    house.at += timedelta(minutes=1)
    south.accept(url)
    house.at += timedelta(hours=1)
    assert south.hand_in().outcomes == ["accepted"]
    assert north.hand_in().outcomes == ["conflict already_redeemed"]
    page = mine.page(STAND)
    assert "North" in page[page.index('id="cases"') :]
    wish = inputs(page[page.index('id="cases"') :]) | {"decision": "write_off"}
    assert mine.act(f"{STAND}/case", **wish).status == 303
    assert mine.act(f"{STAND}/case", **wish).status == 303
    assert mine.act(f"{STAND}/case", **wish | {"decision": "keep"}).status == 412
    assert "Nothing waits" in mine.page(STAND)
    noted = [entry for entry in trails.entries(SCOPE) if entry.action == "case decided"]
    assert [entry.after["decision"] for entry in noted] == ["write_off"], "with the decision, once"
    for wrong in ({"decision": "burn"}, {"case_id": "x"}, {"case_id": "0" * 15}):
        assert mine.act(f"{STAND}/case", **wish | wrong).status == 404
    boss = OfflinePhone(house, profile=Profile.SUPERVISOR, name="Boss")
    (case,) = boss.cases()
    assert case["resolution"]["device_id"] == "member-manager-1"
    assert "Decided: 1" in mine.page(f"{STAND}/report")
