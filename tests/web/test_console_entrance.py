"""Signing in and out: what the pool says is checked, and a session is nobody else's."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from colleague import Colleague, colleague, joined, member
from house import Answer, Browser, House
from pool import FakePool, fake_pool, signed

from chalicelib.cognito import Cognito
from chalicelib.config import Settings
from chalicelib.domain.member import Role
from chalicelib.web.console import entrance, visit


@pytest.fixture
def pool(house: House) -> Iterator[FakePool]:
    joined(house, member(Role.MARKETER, "anna"))
    with fake_pool() as pool:
        yield pool


def start(browser: Browser, to: str = "") -> dict[str, str]:
    """Go to the pool's page; return what the address there carries."""
    answer = browser.get("/console/sign-in" + (f"?to={to}" if to else ""))
    assert answer.status == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def come_back(browser: Browser, state: str, code: str = "good-code") -> Answer:
    return browser.get(f"/console/callback?code={code}&state={state}")


def sign_in(browser: Browser, to: str = "") -> Answer:
    return come_back(browser, start(browser, to)["state"])


def test_a_member_signs_in_and_lands_where_they_wanted(house: House, pool: FakePool) -> None:
    browser = house.browser()
    asked = browser.get("/console/trail")
    assert asked.headers["location"] == "/console/sign-in?to=/console/trail"
    landed = sign_in(browser, "/console/trail")
    assert landed.headers["location"] == "/console/trail"
    assert browser.follow(landed).status == 200
    assert pool.exchanged[0][1] != pool.asked["challenge"], "the verifier stays with us"


def test_the_cookie_is_the_hosts_own_and_no_script_reads_it(house: House, pool: FakePool) -> None:
    landed = sign_in(house.browser())
    [cookie] = [c for c in landed.set_cookies if c.startswith(visit.COOKIE)]
    assert cookie.startswith("__Host-")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert pool.looked == 1


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "%09//evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x",
    ],
)
def test_nobody_is_sent_elsewhere(house: House, pool: FakePool, to: str) -> None:
    assert sign_in(house.browser(), to).headers["location"] in {"/", "/console/"}
    assert pool.exchanged


def test_a_code_of_another_attempt_begins_nothing(house: House, pool: FakePool) -> None:
    victim, stranger = house.browser(), house.browser()
    state = start(stranger)["state"]
    assert come_back(victim, state).status == 401
    start(victim)
    assert come_back(victim, state).status == 401
    assert visit.COOKIE not in victim.cookies
    assert pool.exchanged == []


def test_an_attempt_ends_after_ten_minutes(house: House, pool: FakePool) -> None:
    browser = house.browser()
    state = start(browser)["state"]
    house.real_at += timedelta(minutes=10)
    assert come_back(browser, state).status == 401
    assert pool.exchanged == []


def test_an_attempt_is_used_once(house: House, pool: FakePool) -> None:
    browser = house.browser()
    state = start(browser)["state"]
    assert come_back(browser, state).status == 303
    assert come_back(browser, state).status == 401
    assert len(pool.exchanged) == 1


def test_a_code_that_the_pool_refuses_begins_nothing(house: House, pool: FakePool) -> None:
    browser = house.browser()
    state = start(browser)["state"]
    assert come_back(browser, state, "bad-code").status == 401
    assert pool.exchanged
    assert browser.get("/console/callback?error=access_denied").status == 401


@pytest.mark.parametrize(
    "more", [{"token_use": "access"}, {"nonce": "another"}, {"aud": "x"}, {"exp": 1}]
)
def test_a_token_that_is_wrong_begins_nothing(
    house: House, pool: FakePool, more: dict[str, object]
) -> None:
    pool.more = more
    browser = house.browser()
    assert sign_in(browser).status == 401
    assert visit.COOKIE not in browser.cookies


def test_the_pools_word_alone_opens_nothing(house: House, pool: FakePool) -> None:
    pool.subject = "stranger"
    pool.more = {"cognito:groups": ["owner"], "custom:role": "owner"}
    browser = house.browser()
    assert sign_in(browser).status == 403
    assert visit.COOKIE not in browser.cookies


def test_an_unknown_key_is_looked_for_but_not_at_every_guess(house: House, pool: FakePool) -> None:
    sign_in(house.browser())
    assert pool.looked == 1
    for _ in range(3):
        entrance.pool_keys.holding("of nobody")
    assert pool.looked == 1
    assert signed({}, kid="of nobody")


def test_a_session_is_new_at_each_sign_in(house: House, pool: FakePool) -> None:
    """Who plants a cookie before, knows nothing after."""
    browser = house.browser()
    browser.cookies[visit.COOKIE] = "planted"
    sign_in(browser)
    first = browser.cookies[visit.COOKIE]
    assert first != "planted"
    sign_in(browser)
    assert browser.cookies[visit.COOKIE] != first
    assert pool.looked == 1


def test_the_table_holds_no_cookie(house: House, pool: FakePool) -> None:
    browser = house.browser()
    sign_in(browser)
    assert pool.exchanged
    assert browser.cookies[visit.COOKIE] not in str(house.items("access"))


def test_signing_out_ends_the_session_wherever_its_cookie_went(house: House) -> None:
    anna = colleague(house, Role.MARKETER)
    stolen = dict(anna.cookies)
    assert anna.act("/console/sign-out").status == 303
    assert visit.COOKIE not in anna.cookies
    anna.cookies = stolen
    assert anna.get("/console").status == 303


def test_a_session_ends_after_eight_hours(house: House) -> None:
    anna = colleague(house, Role.MARKETER)
    house.real_at += timedelta(hours=8, seconds=-1)
    assert anna.get("/console").status == 200
    house.real_at += timedelta(seconds=1)
    assert anna.get("/console").status == 303


@pytest.mark.parametrize("cookie", ["", "x", "ü", "a" * 5000])
def test_a_made_up_cookie_is_no_session(house: House, cookie: str) -> None:
    browser = house.browser()
    browser.cookies[visit.COOKIE] = cookie
    assert browser.get("/console").status == 303
    browser.cookies[entrance.COOKIE] = cookie
    assert browser.get("/console/callback?code=a&state=b").status == 401


class TestForms:
    """A form counts only with the proof of its own session."""

    def test_without_proof_nothing_happens(self, house: House, owner: Colleague) -> None:
        other = colleague(house, Role.OWNER, member_id="owner-2")
        for proof in ("", "0" * 40, other.proof(), "ü"):
            answer = owner.submit("/console/members/remove", {"csrf": proof, "member_id": "x"})
            assert answer.status == 403, proof
        assert owner.submit("/console/sign-out").status == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_another_site_sends_nothing(self, owner: Colleague, site: str) -> None:
        fields = {"csrf": owner.proof()}
        assert owner.submit("/console/sign-out", fields, sec_fetch_site=site).status == 403
        elsewhere = owner.submit("/console/sign-out", fields, origin="https://evil.example")
        assert elsewhere.status == 403

    def test_nobody_signed_in_is_told_so(self, house: House) -> None:
        assert house.browser().submit("/console/members", {}).status == 401


def test_the_address_of_the_pool_carries_what_it_checks() -> None:
    settings = Settings(
        public_url="https://marquee.example",
        user_pool_id="eu-south-1_pool",
        user_pool_client_id="client",
        sign_in_url="https://pool.example",
    )
    url = urlsplit(Cognito(settings).authorize_url(state="s", nonce="n", challenge="c"))
    assert (url.netloc, url.path) == ("pool.example", "/oauth2/authorize")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["client"],
        "redirect_uri": ["https://marquee.example/console/callback"],
        "scope": ["openid email"],
        "state": ["s"],
        "nonce": ["n"],
        "code_challenge": ["c"],
        "code_challenge_method": ["S256"],
    }
