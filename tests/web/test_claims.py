"""Claims through the API: once for each visitor, nothing for nobody."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from house import House

from chalicelib.domain.campaign import Campaign


def changed(campaign: Campaign, offer_id: str, **facts: Any) -> Campaign:
    """Return a campaign with one offer changed."""
    offers = [replace(o, **facts) if o.offer_id == offer_id else o for o in campaign.offers]
    return replace(campaign, offers=tuple(offers))


def with_stock(campaign: Campaign, offer_id: str, **facts: Any) -> Campaign:
    """Return a campaign with one offer's stock changed."""
    stock = campaign.offer[offer_id].stock
    assert stock is not None
    return changed(campaign, offer_id, stock=replace(stock, **facts))


def test_a_claim_returns_the_voucher_as_the_contract_has_it(house: House) -> None:
    answer = house.browser("tr").try_to_claim("istanbul", "coffee-pot-20")
    assert answer.status == 201
    voucher = answer.json
    assert set(voucher) == {
        "voucher_id", "code", "token", "url", "campaign_id", "popup_id", "offer_id", "status",
        "issued_at", "usable_from", "usable_until", "time_zone", "benefit", "terms", "revision",
    }  # fmt: skip
    assert voucher["url"] == f"HTTPS://MARQUEE.EXAMPLE/V/{voucher['token']}"
    assert voucher["status"] == "issued"
    assert voucher["issued_at"] == "2026-05-20T12:00:00Z"
    assert voucher["usable_from"] == "2026-05-18T21:00:00Z"
    assert voucher["usable_until"] == "2026-05-21T21:00:00Z"
    assert voucher["time_zone"] == "Europe/Istanbul"
    assert voucher["benefit"] == {
        "kind": "percentage",
        "percentage": 20,
        "cap": {"amount_minor": 30_000, "currency": "TRY"},
    }


def test_claiming_twice_names_the_same_voucher(house: House) -> None:
    browser = house.browser()
    first = browser.try_to_claim("istanbul", "lantern-gift")
    again = browser.try_to_claim("istanbul", "lantern-gift")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json


def test_without_a_cookie_nothing_is_written_and_a_cookie_comes_back(house: House) -> None:
    before = house.items("ledger"), house.items("access")
    browser = house.browser()
    wish = {"campaign_id": "festival-now", "popup_id": "istanbul", "offer_id": "lantern-gift"}
    answer = browser.post("/api/v1/claims", wish)
    assert (answer.status, answer.reason) == (401, "not_signed_in")
    assert (house.items("ledger"), house.items("access")) == before
    (cookie,) = answer.set_cookies
    assert cookie.startswith("__Host-visitor=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "no-store" in answer.headers["cache-control"]
    assert browser.post("/api/v1/claims", wish).status == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_gets_no_cookie_that_would_replace_the_visitors(
    house: House, site: str
) -> None:
    answer = house.browser().post("/api/v1/claims", {}, sec_fetch_site=site)
    assert (answer.status, len(answer.set_cookies)) == (401, 0)
    own = house.browser().post("/api/v1/claims", {}, sec_fetch_site="same-origin")
    assert (own.status, len(own.set_cookies)) == (401, 1)


@pytest.mark.parametrize("cookie", ["rubbish", "a.b", "é", "__Host-visitor", "x" * 5000, "=;=;"])
def test_a_cookie_of_rubbish_is_no_cookie(house: House, cookie: str) -> None:
    browser = house.browser()
    browser.cookies = {"__Host-visitor": cookie, "lang": cookie, "theme": cookie}
    before = house.items()
    answer = browser.post("/api/v1/claims", {})
    assert (answer.status, answer.reason) == (401, "not_signed_in")
    assert house.items() == before


def test_the_cookies_of_other_programs_hide_none_of_ours(house: House) -> None:
    browser = house.browser()
    browser.claim("istanbul", "lantern-gift")
    browser.cookies = {"theirs": '{"a":[1]}', **browser.cookies}
    assert browser.try_to_claim("istanbul", "lantern-gift").status == 200


def test_the_owner_of_a_sold_out_offer_still_gets_the_voucher(house: House) -> None:
    house.publish(with_stock(house.campaign(), "coffee-pot-20", units=1))
    owner, other = house.browser(), house.browser()
    voucher = owner.claim("istanbul", "coffee-pot-20")
    assert other.try_to_claim("istanbul", "coffee-pot-20").reason == "out_of_stock"
    again = owner.try_to_claim("istanbul", "coffee-pot-20")
    assert again.status == 200
    assert again.json["voucher_id"] == voucher["voucher_id"]


def test_every_shard_is_emptied_before_anyone_is_told_sold_out(house: House) -> None:
    house.publish(with_stock(house.campaign(), "lantern-gift", units=5))
    answers = [house.browser().try_to_claim("istanbul", "lantern-gift") for _ in range(8)]
    assert [answer.status for answer in answers] == [201] * 5 + [409] * 3
    assert {answer.reason for answer in answers[5:]} == {"out_of_stock"}
    left = {
        item["pk"]["S"]: item["left"]["N"]
        for item in house.items()
        if item["pk"]["S"].startswith(f"C#stock.2.1.{house.campaign().popup['istanbul'].number}.")
    }
    assert set(left.values()) == {"0"}


def test_an_empty_stock_of_the_whole_campaign_is_a_reached_limit(house: House) -> None:
    house.publish(with_stock(house.campaign(), "mitten-300", units=4))
    answers = [house.browser().try_to_claim("moscow", "mitten-300") for _ in range(5)]
    assert [answer.status for answer in answers] == [201] * 4 + [409]
    assert answers[-1].reason == "limit_campaign"


def refused(house: House, popup_id: str, offer_id: str, **more: object) -> str:
    return house.browser().try_to_claim(popup_id, offer_id, **more).reason


def test_each_reason_of_a_claim_is_reached(house: House) -> None:
    assert refused(house, "madrid", "coffee-pot-20") == "wrong_city"
    assert refused(house, "istanbul", "lantern-gift", ordinal=2) == "limit_visitor"
    assert refused(house, "istanbul", "tea-glass-gift") == "presence_required"
    house.live(paused_offers={"lantern-gift"})
    assert refused(house, "istanbul", "lantern-gift") == "paused"
    house.live(paused_popups={"istanbul"})
    assert refused(house, "istanbul", "coffee-pot-20") == "paused"
    house.live()
    house.at = datetime(2026, 5, 16, 20, 59, 59, tzinfo=UTC)
    assert refused(house, "istanbul", "lantern-gift") == "not_revealed"
    house.at = datetime(2026, 5, 16, 21, 0, 0, tzinfo=UTC)
    assert refused(house, "istanbul", "lantern-gift") == ""
    house.at = datetime(2026, 5, 21, 21, 0, 0, tzinfo=UTC)
    assert refused(house, "istanbul", "lantern-gift") == "expired"


@pytest.mark.parametrize(
    ("campaign_id", "popup_id", "offer_id"),
    [
        ("festival-2019", "istanbul", "lantern-gift"),
        ("festival-now", "nowhere", "lantern-gift"),
        ("festival-now", "istanbul", "nothing"),
        ("nothing", "istanbul", "lantern-gift"),
    ],
)
def test_what_does_not_exist_is_not_found(
    house: House, campaign_id: str, popup_id: str, offer_id: str
) -> None:
    browser = house.browser()
    browser.sign_in()
    wish = {"campaign_id": campaign_id, "popup_id": popup_id, "offer_id": offer_id}
    assert browser.post("/api/v1/claims", wish).reason == "not_found"


# --- reading a voucher ----------------------------------------------------------------------------
def test_only_the_holder_reads_a_voucher(house: House) -> None:
    holder, other = house.browser(), house.browser()
    voucher = holder.claim("istanbul", "lantern-gift")
    other.claim("istanbul", "lantern-gift")
    for typed in (voucher["code"], voucher["code"].lower(), voucher["code"].replace("-", "%20")):
        assert holder.get(f"/api/v1/vouchers/{typed}").json == voucher
        assert other.get(f"/api/v1/vouchers/{typed}").reason == "unknown_code"
    assert house.browser().get(f"/api/v1/vouchers/{voucher['code']}").reason == "unknown_code"


def test_a_voucher_shows_how_it_stands(house: House) -> None:
    browser, phone = house.browser(), house.phone()
    voucher = browser.claim("istanbul", "lantern-gift")

    def status() -> str:
        return str(browser.get(f"/api/v1/vouchers/{voucher['code']}").json["status"])

    used = phone.redeem(voucher["url"]).json
    assert status() == "redeemed"
    phone.reverse(used["redemption_id"])
    assert status() == "reversed"
    house.at = datetime(2026, 5, 22, tzinfo=UTC)
    assert status() == "expired"


def test_a_voucher_is_signed_again_with_a_key_that_may(house: House) -> None:
    browser = house.browser()
    voucher = browser.claim("istanbul", "lantern-gift")
    house.live(withdrawn_keys={1})
    assert browser.get(f"/api/v1/vouchers/{voucher['code']}").reason == "try_again"


# --- what the public may know ---------------------------------------------------------------------
def offers_of(house: House, campaign_id: str = "festival-2019") -> dict[str, list[str]]:
    found = house.browser().get(f"/api/v1/campaigns/{campaign_id}").json["offers"]
    return {offer["offer_id"]: offer["popup_ids"] for offer in found}


@pytest.mark.parametrize(
    ("at", "istanbul", "madrid"),
    [
        ("2019-10-27T20:59:59", False, False),
        ("2019-10-27T21:00:00", True, False),
        ("2019-10-27T22:50:00", True, False),
        ("2019-10-27T22:59:59", True, False),
        ("2019-10-27T23:00:00", True, True),
    ],
)
def test_offers_appear_at_each_citys_own_midnight(
    house: House,
    at: str,
    istanbul: bool,  # noqa: FBT001
    madrid: bool,  # noqa: FBT001
) -> None:
    house.at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    stands = offers_of(house).get("lantern-gift", [])
    assert ("istanbul-2019" in stands) is istanbul
    assert ("madrid-2019" in stands) is madrid
    assert ("fan-gift" in offers_of(house)) is madrid  # Spain alone
    phases = {
        popup["popup_id"]: popup["phase"]
        for popup in house.browser().get("/api/v1/campaigns/festival-2019").json["popups"]
    }
    assert phases["madrid-2019"] == ("revealed" if madrid else "scheduled")


def test_an_offer_that_is_revealed_everywhere_names_no_stands(house: House) -> None:
    assert offers_of(house, "festival-now")["lantern-gift"] == ["*"]


def test_a_campaign_says_what_is_open(house: House) -> None:
    house.live(paused=True)
    campaign = house.browser("tr").get("/api/v1/campaigns/festival-now").json
    assert campaign["phase"] == "paused"
    istanbul = next(p for p in campaign["popups"] if p["popup_id"] == "istanbul")
    assert istanbul == {
        "popup_id": "istanbul",
        "city": "Istanbul",
        "address": "",
        "country": "TR",
        "time_zone": "Europe/Istanbul",
        "currency": "TRY",
        "phase": "paused",
        "open_now": True,
        "opens_next": "2026-05-20T21:00:00Z",
    }
    assert house.browser().get("/api/v1/campaigns/nothing").reason == "not_found"
