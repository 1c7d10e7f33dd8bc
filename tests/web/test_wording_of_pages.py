"""No page says of emissions what the rules forbid, in no language and under no answer."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

import pytest
from colleague import Colleague, colleague, merchant
from house import Browser, House, path_of

from app import app
from chalicelib.domain.member import Role
from chalicelib.web.console.rules import RULES
from chalicelib.web.languages import LANGUAGES
from local import wording
from local.wording import Fault

# What shows no page: data, pictures, calendars, workers, ways elsewhere. Vouchers, gifts and
# private links are opened below, by those who hold them.
NO_PAGE = {
    *("/health", "/health/deep", "/preferences", "/me/export", "/staff/sw.js", "/V/sw.js"),
    "/brand/{campaign_id}/{name}",
    "/photo/{digest}/{name}",
    *(
        "/V/{token}/state",
        "/V/{token}/qr.svg",
        "/V/{token}/qr.png",
        "/V/{token}/use.ics",
        "/p/{popup_id}/remind.ics",
    ),
}
HELD = {"/V/{token}", "/g/{secret}", "/r/{secret}"}
PARTS = {
    "campaign_id": "festival-now",
    "popup_id": "istanbul",
    "batch": "1",
    "kind": "poster",
    "merchant_id": "cam-fener",
}
SHEETS = ("campaign", "popups", "hours", "merchants", "offers", "texts", "delivery", "baselines")


def told(found: Iterable[Fault]) -> list[tuple[str, ...]]:
    return [(f.path[:40], f.language, f.finding.rule, f.finding.words) for f in found]


def walked(browsers: Mapping[str, Browser], paths: Iterable[str]) -> list[tuple[str, ...]]:
    """Open each page in the browser that it belongs to, in every language; return the faults."""

    def opened(path: str, language: str) -> str:
        page = browsers[path.partition("?")[0]].get(path, accept_language=language)
        assert page.status in {200, 404}, (path, page.status)
        return page.text

    return told(wording.faults(opened, paths))


def test_every_route_that_shows_a_page_is_read(house: House) -> None:
    routes = {path for path, methods in app.routes.items() if "GET" in methods}
    public = {path for path in routes if not path.startswith(("/api/", "/console"))}
    read = wording.pages_of(house.campaign()).keys() - {"/nowhere"}
    assert public == read | HELD | NO_PAGE


def test_no_public_page_breaks_a_rule_of_wording(house: House) -> None:
    browser = house.browser()
    paths = list(chain.from_iterable(wording.pages_of(house.campaign()).values()))
    assert walked(dict.fromkeys(paths, browser), paths) == []


def test_no_voucher_of_any_country_breaks_a_rule_of_wording(house: House) -> None:
    browser, campaign = house.browser(), house.campaign()
    paths = []
    for popup in {one.country: one for one in campaign.popups}.values():
        offer = next(one for one in campaign.offers_at(popup) if not one.presence_required)
        paths.append(path_of(browser.claim(popup.popup_id, offer.offer_id)["url"]))
    assert walked(dict.fromkeys(paths, browser), paths) == []


def test_no_answer_about_the_trip_breaks_a_rule_of_wording(house: House) -> None:
    istanbul, milan, chosen = house.browser(), house.browser(), house.browser()
    tickets = {
        path_of(istanbul.claim("istanbul", "coffee-pot-20")["url"]): istanbul,
        path_of(milan.claim("milan", "moka-15")["url"]): milan,
        _used(house, chosen): chosen,
    }
    paths = [*wording.under_each_answer(tickets), "/me"]
    assert walked({**tickets, "/me": chosen}, paths) == []


def test_no_gift_and_no_private_link_breaks_a_rule_of_wording(house: House) -> None:
    giver = house.browser()
    code = giver.claim("istanbul", "lantern-gift")["code"]
    gift = path_of(giver.post(f"/api/v1/vouchers/{code}/gift", {}).json["url"])
    assert giver.submit("/me/mail", {"address": "ada@example.org"}).status == 303
    private = path_of(next(word for word in house.mails[-1].text.split() if "/r/" in word))
    friend = house.browser()
    assert walked({gift: friend, private: friend}, [gift, private]) == []


def test_no_answer_of_the_api_breaks_a_rule_of_wording(house: House) -> None:
    browser = house.browser()
    for trip in ({}, {"coming_anyway": True}, {"coming_anyway": False, "one_way_km": 2}):

        def asked(stand: str, language: str, trip: Any = trip) -> Any:
            wish = {"popup_id": stand, "trip": trip, "locale": language}
            return browser.post("/api/v1/delivery/options", wish).json

        assert told(wording.faults_of_ways(asked, house.campaign().popup)) == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.MERCHANT])
def test_no_page_of_the_console_breaks_a_rule_of_wording(house: House, role: Role) -> None:
    one = merchant(house) if role is Role.MERCHANT else colleague(house, role)
    _used(house, house.browser())
    house.marketing().minted("lantern-gift", 2)
    house.project()
    rules = [rule for rule in RULES if rule.method == "GET" and rule.right is not None]
    mine = [rule.path for rule in rules if rule.right and one.member.may(rule.right)]
    paths = {address for path in mine for address in _addresses(path)}
    assert told(fault for path in paths for fault in _of_console(one, path)) == []


def _of_console(one: Colleague, path: str) -> Iterable[Fault]:
    answer = one.get(path)
    assert answer.status == 200, (path, answer.status)
    if answer.headers["content-type"].startswith("text/html"):
        language = path.partition("lang=")[2] or "en"
        yield from (
            Fault(path, language, found) for found in wording.of_page(answer.text, language)
        )


def _addresses(path: str) -> Iterable[str]:
    """Return what a route of the console is opened as: each sheet, each language of a preview."""
    if path.endswith("/instants"):
        return []  # part of a page, for a script
    if path.endswith("/preview"):
        return [f"{path.format(**PARTS)}?lang={language}" for language, _ in LANGUAGES]
    if "{name}" in path:
        return []  # a sheet and a picture
    if "{merchant_id}" in path:
        return [path.format(**PARTS, sheet=sheet) for sheet in ("offers", "texts")]
    if "{key}" in path:
        return [path.format(**PARTS, sheet="offers", key="lantern-gift")]
    return [path.format(**PARTS, sheet=sheet) for sheet in SHEETS]


def _used(house: House, browser: Browser) -> str:
    """Choose a way that earns points for a voucher, have it used, and return its page."""
    path = path_of(browser.claim("milan", "moka-15")["url"])
    form = {"option": "home_cargo_bike", "coming_anyway": ""}
    assert browser.submit(f"{path}/delivery", form).status == 303
    phone = house.phone("milan")
    assert phone.redeem(f"https://marquee.example{path}", total=(5_000, "EUR")).status == 201
    return path


def test_the_sample_shows_each_verdict_and_points_once(house: House) -> None:
    seen: set[str] = set()
    for stand, offer_id in (("istanbul", "coffee-pot-20"), ("milan", "moka-15")):
        answer = house.browser().post("/api/v1/delivery/options", {"popup_id": stand})
        assert answer.status == 200, offer_id
        options = answer.json["options"]
        seen |= {one["against_baseline"]["verdict"] for one in options}
        assert max(one["points"] for one in options) > 0
        assert max(one["quality"]["primary_share"] for one in options) > 0
    assert seen == {"lower", "higher", "no_clear_difference"}
