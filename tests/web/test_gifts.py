"""A voucher passed on by link: previews take nothing, one friend has it, the old code dies."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from house import Answer, Browser, House, Json, Phone, path_of

from chalicelib.domain import presence
from chalicelib.domain.device import Profile
from chalicelib.domain.pointer import Pointer
from chalicelib.store import generations, gifts, vouchers
from chalicelib.usecases import rebuilding
from chalicelib.web import holdings
from chalicelib.web.context import context

NOTE = "a lamp for me"


@pytest.fixture
def giver(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def friend(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def voucher(giver: Browser) -> Json:
    return giver.claim("istanbul", "lantern-gift")


@pytest.fixture
def secret(giver: Browser, voucher: Json) -> str:
    """Return the secret of the voucher's link."""
    made = offer(giver, voucher)
    assert made.status == 201, made.text
    assert made.json["until"] == "2026-05-21T21:00:00Z"  # as the voucher, before three days
    return str(made.json["url"]).rpartition("/")[2]


@pytest.fixture
def supervisor(house: House) -> Phone:
    return house.phone(profile=Profile.SUPERVISOR)


def offer(giver: Browser, voucher: Json) -> Answer:
    return giver.post(f"/api/v1/vouchers/{voucher['code']}/gift", {})


def accept(friend: Browser, secret: str) -> Answer:
    friend.sign_in()
    return friend.post("/api/v1/gifts", {"gift": secret})


def reissue(supervisor: Phone, voucher: Json) -> str:
    """Let a supervisor make a link for the holder's new browser, and return its secret."""
    made = supervisor.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {})
    assert made.status == 201, made.text
    return str(made.json["url"]).rpartition("/")[2]


def move(supervisor: Phone, voucher: Json, new: Browser) -> Json:
    """Let a supervisor move a voucher to this browser, and return what it is there."""
    moved: Json = accept(new, reissue(supervisor, voucher)).json
    return moved


# --- as JSON --------------------------------------------------------------------------------------
def test_a_friend_takes_the_voucher_and_the_givers_code_dies(
    house: House, friend: Browser, voucher: Json, secret: str
) -> None:
    got = accept(friend, secret)
    assert got.status == 201
    assert got.json["code"] != voucher["code"]
    again = accept(friend, secret)
    assert (again.status, again.json) == (200, got.json)
    assert accept(house.browser(), secret).reason == "given_away"
    assert house.phone().redeem(voucher["url"]).reason == "given_away"
    assert house.phone().redeem(got.json["url"]).status == 201


def test_a_link_that_stands_is_the_same_link(giver: Browser, voucher: Json, secret: str) -> None:
    again = offer(giver, voucher)
    assert again.status == 200
    assert again.json["url"].endswith(f"/g/{secret}")


def test_a_stranger_with_the_code_makes_no_link(house: House, voucher: Json) -> None:
    stranger = house.browser()
    stranger.sign_in()
    assert offer(stranger, voucher).reason == "unknown_code"
    assert offer(house.browser(), voucher).reason == "unknown_code"
    assert offer(stranger, {"code": "ABCD"}).reason == "unknown_code"


@pytest.mark.usefixtures("voucher")
def test_a_guessed_link_is_nothing(friend: Browser) -> None:
    assert accept(friend, "a" * 26).reason == "unknown_code"
    assert friend.get(f"/g/{'a' * 26}").status == 404
    assert friend.get("/g/nothing").status == 404
    assert friend.submit(f"/g/{'a' * 26}").status == 404


def test_a_browser_without_a_cookie_gets_one_and_takes_nothing(
    house: House, voucher: Json, secret: str
) -> None:
    answer = house.browser().post("/api/v1/gifts", {"gift": secret})
    assert (answer.status, len(answer.set_cookies)) == (401, 1)
    elsewhere = house.browser().post("/api/v1/gifts", {"gift": secret}, sec_fetch_site="cross-site")
    assert (elsewhere.status, elsewhere.set_cookies) == (401, ())
    stored = vouchers.get(voucher["voucher_id"])
    assert stored is not None
    assert stored.state == "issued"


def test_the_stock_gave_one_unit_and_the_figures_count_one_claim(
    house: House, friend: Browser, secret: str
) -> None:
    accept(friend, secret)
    house.project()
    total = house.ask("GET", "/api/v1/insights/live").json["total"]
    assert (total["claimed"], total["redeemed"]) == (1, 0)


def test_an_offer_may_not_be_giftable(house: House, giver: Browser, voucher: Json) -> None:
    festival = house.campaign()
    offers = tuple(replace(one, giftable=one.offer_id != "lantern-gift") for one in festival.offers)
    assert isinstance(house.publish(replace(festival, offers=offers)), Pointer)
    assert offer(giver, voucher).reason == "not_giftable"
    assert "Pass it on" not in giver.get(path_of(voucher["url"])).text


def test_a_link_does_not_outlive_the_offer(
    house: House, giver: Browser, friend: Browser, voucher: Json, secret: str, supervisor: Phone
) -> None:
    ticket = path_of(voucher["url"])
    assert "It works until 24:00 tomorrow, once." in giver.get(ticket).text
    assert "The link works until 24:00 tomorrow, once." in friend.get(f"/g/{secret}").text
    house.at += timedelta(days=2)
    assert accept(friend, secret).reason == "expired"
    assert offer(giver, voucher).reason == "expired"
    late = supervisor.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {})
    assert late.reason == "expired"
    assert "Accept the voucher" not in friend.get(f"/g/{secret}").text


def _full(browser: Browser) -> None:
    """Let the browser have as many received vouchers as it can keep."""
    many = [f"{number:015}" for number in range(holdings.MOST_GIFTS)]
    browser.cookies["__Host-gifts"] = ".".join(many)


def test_a_browser_that_is_full_is_told_so_and_loses_nothing(
    house: House, friend: Browser, secret: str
) -> None:
    friend.sign_in()
    _full(friend)
    kept, before = dict(friend.cookies), house.items()
    answer = accept(friend, secret)
    assert answer.reason == "limit_visitor"
    assert answer.json["detail"].endswith("Open the link in another browser.")
    page = friend.submit(f"/g/{secret}")
    assert (page.status, "Open the link in another browser" in page.text) == (409, True)
    assert (friend.cookies, house.items()) == (kept, before)
    assert accept(house.browser(), secret).status == 201


def test_the_last_that_a_browser_has_room_for_may_be_accepted_again(
    friend: Browser, secret: str
) -> None:
    friend.sign_in()
    _full(friend)
    friend.cookies["__Host-gifts"] = friend.cookies["__Host-gifts"][16:]
    assert [accept(friend, secret).status for _ in range(2)] == [201, 200]
    assert "1 voucher in this browser" in friend.get("/me").text


def test_all_that_a_browser_may_have_to_remember_fits_into_four_kilobytes(
    house: House, friend: Browser
) -> None:
    festival = house.campaign()
    longest = [f"{number:032}" for number in range(holdings.MOST_STANDS)]
    stand = replace(festival.popup["istanbul"], popup_id="x" * 32, number=99)
    tea = replace(festival.offer["tea-glass-gift"], popup_ids=("istanbul", "x" * 32))
    offers = (tea if o.offer_id == tea.offer_id else o for o in festival.offers)
    grown = replace(festival, popups=(*festival.popups, stand), offers=tuple(offers))
    assert isinstance(house.publish(grown), Pointer)
    _full(friend)
    friend.cookies["__Host-stands"] = ".".join(longest)
    symbols = presence.shown(context.secrets.presence_secret(), "x" * 32, house.real_at).symbols
    friend.get(f"/p/{'x' * 32}?c={symbols}")
    friend.claim("x" * 32, "tea-glass-gift")
    friend.get("/preferences?lang=ar&theme=light&to=/")
    names = {"visitor", "stands", "gifts", "presence"}
    assert friend.cookies.keys() == {*(f"__Host-{name}" for name in names), "lang", "theme"}
    assert len(friend.cookies["__Host-stands"]) == 33 * holdings.MOST_STANDS - 1
    assert len("; ".join("=".join(cookie) for cookie in friend.cookies.items())) < 4_096


# --- as pages -------------------------------------------------------------------------------------
def test_a_link_preview_takes_nothing(house: House, voucher: Json, secret: str) -> None:
    for _ in range(3):
        page = house.browser().get(f"/g/{secret}")
        assert "Accept the voucher" in page.text
        assert voucher["code"] not in page.text
        assert page.headers["x-robots-tag"].startswith("noindex")
    stored = vouchers.get(voucher["voucher_id"])
    assert stored is not None
    assert stored.state == "issued"


def test_the_whole_way_without_script(
    house: House, giver: Browser, friend: Browser, voucher: Json
) -> None:
    ticket = path_of(voucher["url"])
    assert "Make a link" in giver.get(ticket).text
    assert giver.submit(f"{ticket}/gift").headers["location"] == f"{ticket}#gift"
    page = giver.get(ticket).text
    found = page.partition(">https://marquee.example/g/")[2][:26]
    assert "Pass it on" not in house.browser().get(ticket).text
    friend.get(f"/g/{found}")
    answer = friend.submit(f"/g/{found}")
    assert answer.status == 303
    received = friend.follow(answer).text
    assert 'data-status="ready"' in received
    assert "Pass it on" not in received
    assert friend.get("/me").text.count('class="city"') == 1
    assert "Given away" in giver.get(ticket).text
    assert "Somebody has accepted it already." in house.browser().get(f"/g/{found}").text


def test_the_givers_own_link_says_so_and_leads_to_the_voucher(
    giver: Browser, voucher: Json, secret: str
) -> None:
    for page in (giver.get(f"/g/{secret}"), giver.submit(f"/g/{secret}")):
        assert "This is your own link" in page.text
        assert f'href="{path_of(voucher["url"])}"' in page.text
        assert "Accept the voucher" not in page.text
    assert page.status == 409


# --- too late -------------------------------------------------------------------------------------
def tells(browser: Browser, secret: str, words: str) -> None:
    """See that a link's page says why it is over, and what else is on: opened, and after a tap."""
    browser.sign_in()
    for page, status in ((browser.get(f"/g/{secret}"), 200), (browser.submit(f"/g/{secret}"), 409)):
        assert page.status == status
        assert words in page.text
        assert 'href="/p/istanbul"' in page.text.partition("<h1>")[2].partition("</main>")[0]
        assert 'method="post"' not in page.text.partition("<h1>")[2].partition("</main>")[0]
        for of_staff in ("hand anything over", "friend's own voucher", "visitor"):
            assert of_staff not in page.text


def test_a_friend_who_comes_after_the_holder_used_it_is_told_so(
    house: House, friend: Browser, voucher: Json, secret: str
) -> None:
    phone = house.phone()
    use = phone.redeem(voucher["url"])
    tells(friend, secret, "Its holder has used it already")
    assert phone.reverse(use.json["redemption_id"]).status == 201
    tells(friend, secret, "Its holder has used it already")


def test_the_second_friend_is_told_that_somebody_has_it(
    house: House, giver: Browser, friend: Browser, secret: str
) -> None:
    accept(friend, secret)
    tells(house.browser(), secret, "Somebody has accepted it already.")
    own = giver.get(f"/g/{secret}").text
    assert "Somebody has accepted it already." in own
    assert "Open your voucher" in own


def test_the_first_friend_finds_the_way_back_by_the_link(friend: Browser, secret: str) -> None:
    theirs = path_of(accept(friend, secret).json["url"])
    page = friend.get(f"/g/{secret}").text
    assert "This browser has it already." in page
    assert f'href="{theirs}"' in page


def test_a_link_whose_time_is_over_says_so(
    house: House, giver: Browser, friend: Browser, secret: str
) -> None:
    house.at += timedelta(days=2)
    tells(friend, secret, "The time of this link is over.")
    assert "The time of this link is over." in giver.get(f"/g/{secret}").text


def test_a_link_that_gave_way_to_a_supervisors_is_over(
    friend: Browser, voucher: Json, secret: str, supervisor: Phone
) -> None:
    reissue(supervisor, voucher)
    tells(friend, secret, "The time of this link is over.")


def test_a_link_to_what_was_withdrawn_says_so(
    house: House, friend: Browser, voucher: Json, secret: str
) -> None:
    assert house.marketing().revoke(voucher["code"]).status == 201
    tells(friend, secret, "It was withdrawn.")


# --- cookies --------------------------------------------------------------------------------------


def test_only_the_holder_makes_a_link_on_the_page(house: House, voucher: Json) -> None:
    stranger = house.browser()
    stranger.sign_in()
    assert stranger.submit(f"{path_of(voucher['url'])}/gift").status == 403
    assert stranger.submit("/V/NOTHING/gift").status == 404


def test_a_form_without_a_cookie_is_sent_back(house: House, secret: str) -> None:
    fresh = house.browser()
    back = fresh.submit(f"/g/{secret}")
    assert "__Host-visitor" in fresh.cookies
    page = fresh.follow(back).text
    assert "Your browser is known now. Press the button once more." in page
    assert "Accept the voucher" in page
    elsewhere = house.browser()
    answer = elsewhere.submit(f"/g/{secret}", sec_fetch_site="cross-site")
    assert answer.headers["location"] == f"/g/{secret}"
    assert elsewhere.cookies == {}


def test_a_browser_that_keeps_no_cookies_is_told_so(house: House, secret: str) -> None:
    back = house.browser().submit(f"/g/{secret}")
    assert "Your browser keeps no cookies." in house.browser().follow(back).text
    assert "cookies" not in house.browser().get(f"/g/{secret}").text.partition("</main>")[0]


# --- to a new browser -----------------------------------------------------------------------------
def test_a_supervisor_moves_a_voucher_to_the_holders_new_browser(
    house: House, giver: Browser, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    answer = supervisor.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {})
    assert answer.status == 201
    assert answer.json["until"] == "2026-05-20T12:15:00Z"
    assert answer.json["picture"].startswith("<svg")
    assert "Make a link" not in giver.get(path_of(voucher["url"])).text
    secret = answer.json["url"].rpartition("/")[2]
    assert "Take it over" in friend.get(f"/g/{secret}").text
    new = accept(friend, secret).json
    assert house.phone().redeem(voucher["url"]).reason == "given_away"
    assert house.phone().redeem(new["url"]).status == 201


def test_a_code_is_moved_as_it_was_pasted(voucher: Json, supervisor: Phone) -> None:
    pasted = quote(f"\u2068{voucher['code']}\u2069".replace("-", "\u2014"))
    assert supervisor.post(f"/api/v1/vouchers/{pasted}/reissue", {}).status == 201


def test_the_browser_that_has_the_voucher_need_not_take_it_over(
    giver: Browser, voucher: Json, supervisor: Phone
) -> None:
    secret = reissue(supervisor, voucher)
    for page in (giver.get(f"/g/{secret}"), giver.submit(f"/g/{secret}")):
        assert "This browser has it already." in page.text
        assert f'href="{path_of(voucher["url"])}"' in page.text
        assert "Take it over" not in page.text
    stored = vouchers.get(voucher["voucher_id"])
    assert stored is not None
    assert stored.state == "issued"


def test_the_same_request_again_gets_the_same_link(voucher: Json, supervisor: Phone) -> None:
    path = f"/api/v1/vouchers/{voucher['code']}/reissue"
    first = supervisor.post(path, {}, idempotency_key="again")
    again = supervisor.post(path, {}, idempotency_key="again")
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotency-replayed"] == "true"


def test_a_steward_or_another_festivals_supervisor_moves_nothing(
    house: House, voucher: Json, supervisor: Phone
) -> None:
    path = f"/api/v1/vouchers/{voucher['code']}/reissue"
    assert house.phone().post(path, {}).reason == "device_not_allowed"
    other = house.phone("istanbul-2019", Profile.SUPERVISOR)
    assert other.post(path, {}).reason == "unknown_code"
    assert house.ask("POST", path).reason == "not_signed_in"
    assert house.phone(profile=Profile.SCREEN).post(path, {}).reason == "device_not_allowed"
    used = house.phone().redeem(voucher["url"])
    assert used.status == 201
    assert supervisor.post(path, {}).reason == "already_redeemed"


def test_a_link_whose_voucher_is_gone_is_nothing(
    house: House, friend: Browser, voucher: Json, secret: str
) -> None:
    rows = [row for row in house.items() if row["pk"]["S"] == f"V#{voucher['voucher_id']}"]
    for row in rows:
        house.delete("ledger", row)
    assert accept(friend, secret).reason == "not_found"
    assert friend.get(f"/g/{secret}").status == 404


@pytest.mark.parametrize("mark", [".", ")", ",", "%E2%80%8E", ").%E2%81%A9"])
def test_a_link_that_ends_a_sentence_leads_to_its_page(
    friend: Browser, secret: str, mark: str
) -> None:
    answer = friend.get(f"/g/{secret}{mark}")
    assert (answer.status, answer.headers["location"]) == (303, f"/g/{secret}")


# --- the tables' part -----------------------------------------------------------------------------
def test_a_link_is_bound_only_to_the_voucher_as_it_was_read(
    house: House, voucher: Json, secret: str
) -> None:
    stored = vouchers.get(voucher["voucher_id"])
    assert stored is not None
    link = gifts.link(str(stored.gift_hash))
    assert link is not None
    assert secret
    assert not gifts.offer(replace(stored, version=stored.version - 1), link, at=house.at)


def test_both_sides_see_what_happened(
    house: House, giver: Browser, friend: Browser, voucher: Json, secret: str
) -> None:
    path, theirs = path_of(voucher["url"]), path_of(accept(friend, secret).json["url"])
    page = giver.get(path).text
    assert "Accepted at 15:00 today; not used yet." in page
    assert "It came to this browser by a link" in friend.get(theirs).text
    mine = giver.get("/me").text
    assert "Passed on" in mine
    assert "No voucher yet" not in mine
    house.phone().redeem(f"https://marquee.example{theirs}")
    assert "Accepted at 15:00 today; it has been used." in giver.get("/me").text
    assert "Accepted at" not in friend.get(theirs).text
    assert "Accepted at" not in house.browser().get(path).text


def test_the_choice_goes_along_to_the_new_browser_and_the_note_goes_nowhere(
    house: House, giver: Browser, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    old = path_of(voucher["url"])
    giver.submit(f"{old}/note", {"note": NOTE})
    giver.submit(f"{old}/delivery", {"option": "locker"})
    assert NOTE in giver.get(old).text
    new = path_of(move(supervisor, voucher, friend)["url"])
    page, lost = friend.get(new).text, giver.get(old).text
    assert NOTE not in page, "a supervisor might be the one who opens the link"
    assert 'class="chosen"' in page.partition('id="delivery"')[2]
    assert NOTE not in lost
    assert 'id="delivery"' not in lost
    assert NOTE not in str(house.items())
    kept, left = friend.get("/me/export").json, giver.get("/me/export").json
    assert [(one["note"], one["delivery"]["option"]) for one in kept["vouchers"]] == [
        (None, "locker")
    ]
    assert [(one["note"], one["delivery"]) for one in left["vouchers"]] == [(None, None)]


def test_a_choice_that_went_along_is_counted_once_also_by_a_rebuild(
    house: House, giver: Browser, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    giver.submit(f"{path_of(voucher['url'])}/delivery", {"option": "locker"})
    house.project()
    move(supervisor, voucher, friend)
    house.project()
    total = house.ask("GET", "/api/v1/insights/live").json["total"]
    assert (total["claimed"], total["chosen"]) == (1, 1)
    begun = {"festival-now": rebuilding.begin(generations, "festival-now")}
    for segment in range(rebuilding.SEGMENTS):
        list(rebuilding.count(generations, begun, segment))
    rebuilding.switch(generations, "festival-now", begun["festival-now"], now=house.at)
    assert house.ask("GET", "/api/v1/insights/live").json["total"] == total


def test_a_gift_leaves_note_and_delivery_with_whoever_gave_it(
    giver: Browser, friend: Browser, voucher: Json, secret: str
) -> None:
    old = path_of(voucher["url"])
    giver.submit(f"{old}/note", {"note": NOTE})
    giver.submit(f"{old}/delivery", {"option": "locker"})
    theirs = path_of(accept(friend, secret).json["url"])
    assert NOTE not in friend.get(theirs).text
    assert 'class="chosen"' not in friend.get(theirs).text
    assert NOTE in giver.get(old).text
    assert f'action="{old}/note"' not in giver.get(old).text


def test_whoever_lost_a_voucher_to_another_browser_is_told_so_and_of_no_friend(
    giver: Browser, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    old = path_of(voucher["url"])
    move(supervisor, voucher, friend)
    page, state, listed = giver.get(old).text, giver.get(f"{old}/state").json, giver.get("/me").text
    assert page.count("supervisor moved it to another browser") == 1
    assert state["words"] == "The stand's supervisor moved it to another browser."
    assert "supervisor moved it to another browser" in listed
    for shown in (page, str(state), listed):
        assert "friend" not in shown


def test_a_scan_of_the_lost_code_says_where_the_voucher_is(
    house: House, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    tail = move(supervisor, voucher, friend)["code"][-4:]
    refused = house.phone().redeem(voucher["url"])
    words = f"A supervisor moved it to another browser. The code there ends in {tail}."
    assert (refused.reason, refused.json["detail"]) == ("given_away", words)
    again = supervisor.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {})
    assert (again.reason, again.json["detail"]) == ("given_away", words)


def test_a_moved_voucher_is_passed_on_as_before_and_the_words_are_a_gifts_then(
    house: House, friend: Browser, voucher: Json, supervisor: Phone
) -> None:
    moved = move(supervisor, voucher, friend)
    page = friend.get(path_of(moved["url"])).text
    assert "Make a link" in page
    assert "cannot be passed on again" not in page
    third = house.browser()
    given = accept(third, offer(friend, moved).json["url"].rpartition("/")[2]).json
    assert "A friend has it now." in friend.get(path_of(moved["url"])).text
    assert "Accepted at 15:00 today" in friend.get("/me").text
    assert "moved_to" not in house.phone().redeem(moved["url"]).json
    assert offer(third, given).reason == "not_giftable"


def test_a_friends_lost_voucher_goes_no_further_from_the_new_browser(
    house: House, friend: Browser, secret: str, supervisor: Phone
) -> None:
    theirs = accept(friend, secret).json
    new = house.browser()
    moved = move(supervisor, theirs, new)
    assert offer(new, moved).reason == "not_giftable"
    assert "cannot be passed on again" in new.get(path_of(moved["url"])).text
    assert "supervisor moved it" in friend.get(path_of(theirs["url"])).text
