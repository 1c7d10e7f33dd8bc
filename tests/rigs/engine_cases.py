"""Holds, gifts, orders, mints, revocations and keys, as their callers repeat them.

What has to be over by now began before noon: a stage always starts at noon.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import timedelta
from functools import partial

from house import NOON, Browser, Json, Marketing, Shop, path_of
from rigs.cases import TOTAL, Act, Case, Outcome, of_answer, trying
from rigs.lab import FESTIVAL, Lab, claim_by

from chalicelib.domain import voucher as codes
from chalicelib.domain.api_key import Role, holder_id
from chalicelib.domain.device import Profile
from chalicelib.store import api_keys, holds
from chalicelib.usecases import admitting, sweeping

ID = FESTIVAL.campaign_id


@contextmanager
def earlier(lab: Lab, minutes: int) -> Iterator[None]:
    """Let something happen so long before noon."""
    lab.at = NOON - timedelta(minutes=minutes)
    yield
    lab.at = NOON


def _posts(browser: Browser, path: str, wish: Json, **headers: str) -> Act:
    """Return what a page asks for; each try has the cookies from before."""

    def act() -> Outcome:
        fresh = copy(browser)
        fresh.cookies = dict(browser.cookies)
        return of_answer(fresh.post(path, wish, **headers))

    return act


def shop_of(lab: Lab) -> Shop:
    return lab.shop(campaign_id=ID)


def claimed(lab: Lab, offer_id: str = "stocked") -> Json:
    voucher: Json = claim_by(lab.visitor(), offer_id).json
    return voucher


def held(lab: Lab, shop: Shop, seconds: int = 600) -> tuple[Json, str]:
    """Claim, let an order hold it, and return the voucher and its use."""
    voucher = claimed(lab, "ordered")
    answer = shop.redeem(voucher["url"], "nonce-a1", total=TOTAL, hold_seconds=seconds)
    assert answer.json["outcome"] == "held", answer.text
    return voucher, answer.json["redemption_id"]


# --- claims ---------------------------------------------------------------------------------------
def claim_with_a_hold(lab: Lab) -> Act:
    browser = lab.visitor()
    return lambda: of_answer(claim_by(copy(browser), "kept"))


def claim_what_lapsed(lab: Lab) -> Act:
    browser = lab.visitor()
    with earlier(lab, 32):
        assert claim_by(browser, "kept").status == 201
    holds.mark_swept(NOON)
    assert sweeping.sweep(holds, at=NOON).lapsed == 1
    return lambda: of_answer(claim_by(copy(browser), "kept"))


def claim_with_a_key(lab: Lab) -> Act:
    wish = {"campaign_id": ID, "popup_id": "istanbul", "offer_id": "stocked"}
    return _posts(lab.visitor(), "/api/v1/claims", wish, idempotency_key="key-a1")


def claim_without_stock_with_a_key(lab: Lab) -> Act:
    wish = {"campaign_id": ID, "popup_id": "istanbul", "offer_id": "plain"}
    return _posts(lab.visitor(), "/api/v1/claims", wish, idempotency_key="key-a1")


def sweep(lab: Lab) -> Act:
    """Let a claim lapse and an order's hold end, both at the same minute."""
    with earlier(lab, 32):
        claimed(lab, "kept")
    with earlier(lab, 3):
        held(lab, shop_of(lab), seconds=60)
    holds.mark_swept(NOON)

    def act() -> Outcome:
        sweeping.sweep(holds, at=lab.at)
        return Outcome(good=True, again=False, told="")

    return trying(act)


# --- orders ---------------------------------------------------------------------------------------
def hold(lab: Lab) -> Act:
    url, shop = claimed(lab, "ordered")["url"], shop_of(lab)
    return lambda: of_answer(shop.redeem(url, "nonce-a1", total=TOTAL, hold_seconds=600))


def hold_what_another_order_let_go(lab: Lab) -> Act:
    """Hold a voucher whose earlier hold is over, and which no sweeper has looked at."""
    shop = shop_of(lab)
    with earlier(lab, 3):
        voucher, _ = held(lab, shop, seconds=60)
    hold = partial(shop.redeem, order="order-2", total=TOTAL, hold_seconds=600)
    return lambda: of_answer(hold(voucher["url"], "nonce-a2"))


def confirm(lab: Lab) -> Act:
    shop = shop_of(lab)
    _, use = held(lab, shop)
    return lambda: of_answer(shop.confirm(use))


def release(lab: Lab) -> Act:
    shop = shop_of(lab)
    _, use = held(lab, shop)
    return lambda: of_answer(shop.release(use))


def order_of_two(lab: Lab) -> Act:
    return _orders(lab, "all", "ordered", "kept")


def order_of_the_valid_ones(lab: Lab) -> Act:
    """Order two of one group, of which one may be used, and a third."""
    return _orders(lab, "valid", "ordered", "ordered", "kept")


def _orders(lab: Lab, mode: str, *offer_ids: str) -> Act:
    shop = shop_of(lab)
    urls = [claimed(lab, offer_id)["url"] for offer_id in offer_ids]
    lines = [{"scanned": url, "nonce": f"nonce-a{place}"} for place, url in enumerate(urls)]
    return lambda: of_answer(shop.order(mode=mode, total=TOTAL, lines=lines))


# --- gifts ----------------------------------------------------------------------------------------
def give(lab: Lab) -> Act:
    browser = lab.visitor()
    code = claim_by(browser, "stocked").json["code"]
    return _posts(browser, f"/api/v1/vouchers/{code}/gift", {})


def accept(lab: Lab) -> Act:
    giver, friend = lab.visitor(), lab.visitor()
    code = claim_by(giver, "stocked").json["code"]
    link = giver.post(f"/api/v1/vouchers/{code}/gift", {}).json["url"]
    return _posts(friend, "/api/v1/gifts", {"gift": link.rpartition("/")[2]})


def reissue(lab: Lab) -> Act:
    code, phone = claimed(lab)["code"], lab.phone(profile=Profile.SUPERVISOR)
    return lambda: of_answer(phone.post(f"/api/v1/vouchers/{code}/reissue", {}))


def take_over(lab: Lab) -> Act:
    """Take a voucher over to a new browser; its choice goes along, its note is forgotten."""
    lost, new, phone = lab.visitor(), lab.visitor(), lab.phone(profile=Profile.SUPERVISOR)
    voucher = claim_by(lost, "stocked").json
    choice = {"voucher": voucher["code"], "option": "locker"}
    assert lost.post("/api/v1/delivery/choices", choice).status == 201
    assert lost.submit(f"{path_of(voucher['url'])}/note", {"note": "for me"}).status == 303
    link = phone.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {}).json["url"]
    return _posts(new, "/api/v1/gifts", {"gift": link.rpartition("/")[2]})


# --- mints and revocations ------------------------------------------------------------------------
def marketing_of(lab: Lab) -> Marketing:
    return lab.marketing(ID)


def mint(lab: Lab) -> Act:
    program = marketing_of(lab)
    return lambda: of_answer(program.mint("stocked", 3, idempotency_key="key-a1"))


def redeem_minted(lab: Lab) -> Act:
    url, phone = marketing_of(lab).minted("limited", 2)[1]["url"], lab.phone()
    return lambda: of_answer(phone.redeem(url, "nonce-a1", total=TOTAL))


def redeem_minted_without_limits(lab: Lab) -> Act:
    code, phone = marketing_of(lab).minted("plain", 2)[1]["code"], lab.phone()
    return lambda: of_answer(phone.redeem(code, "nonce-a1"))


def revoke_claimed(lab: Lab) -> Act:
    return _revokes(lab, claimed(lab)["code"])


def revoke_given(lab: Lab) -> Act:
    """Withdraw a voucher that was passed on: what the friend has ends."""
    assert accept(lab)().good
    items = lab.tables.items("ledger")
    given = next(i["pk"]["S"] for i in items if i.get("st", {}).get("S") == "given")
    return _revokes(lab, codes.code_of(given.partition("#")[2]))


def revoke_minted(lab: Lab) -> Act:
    """Withdraw a voucher that nobody used yet: its item is a tombstone."""
    return _revokes(lab, marketing_of(lab).minted("stocked", 2)[0]["code"])


def revoke_batch(lab: Lab) -> Act:
    program = marketing_of(lab)
    program.mint("stocked", 2)
    return lambda: of_answer(program.revoke(batch=1))


def revoke_held(lab: Lab) -> Act:
    voucher, _ = held(lab, shop_of(lab))
    return _revokes(lab, voucher["code"])


def _revokes(lab: Lab, code: str) -> Act:
    program = marketing_of(lab)
    return lambda: of_answer(program.revoke(code))


# --- keys -----------------------------------------------------------------------------------------
def add_key(lab: Lab) -> Act:
    applicant = admitting.Applicant(
        role=Role.SHOP,
        campaign_id=ID,
        holder_id=holder_id(FESTIVAL.number, "harbour"),
        name="Harbour",
        at=lab.at,
        expires_at=lab.at + timedelta(days=30),
    )
    entropy = bytes(range(admitting.ENTROPY_BYTES))

    def act() -> Outcome:
        admitted = admitting.admit(api_keys, applicant, entropy=entropy)
        return Outcome(good=admitted is not None, again=False, told=admitted)

    return trying(act)


def revoke_key(lab: Lab) -> Act:
    key, _ = lab.key(campaign_id=ID)

    def act() -> Outcome:
        api_keys.revoke(key, token="token-a1")
        return Outcome(good=True, again=False, told="")

    return trying(act)


ENGINE_CASES = (
    Case("claim with a hold", claim_with_a_hold),
    Case("claim again what lapsed", claim_what_lapsed),
    Case("claim with a key", claim_with_a_key),
    Case("claim with a key, without stock", claim_without_stock_with_a_key),
    Case("hold", hold),
    Case("hold what another order let go", hold_what_another_order_let_go),
    Case("confirm", confirm),
    Case("release", release),
    Case("order of two", order_of_two),
    Case("order of the valid ones", order_of_the_valid_ones),
    Case("make a link", give),
    Case("accept a gift", accept),
    Case("take a voucher over", take_over),
    Case("re-issue", reissue, repeats=False),  # the next link is another one
    Case("mint", mint),
    Case("use a minted voucher with limits", redeem_minted, cold=True),
    Case("use a minted voucher, typed", redeem_minted_without_limits, cold=True),
    Case("withdraw what was claimed", revoke_claimed, cold=True),
    Case("withdraw what was given", revoke_given, cold=True),
    Case("withdraw what was minted", revoke_minted, cold=True),
    Case("withdraw a batch", revoke_batch, cold=True),
    Case("withdraw what an order holds", revoke_held, cold=True),
    Case("add a key", add_key),
    Case("take a key away", revoke_key),
)
SWEEP = Case("sweep", sweep)
