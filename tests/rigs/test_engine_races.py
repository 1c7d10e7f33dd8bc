"""What holds, gifts, orders, mints and revocations do when they meet: one of them wins, whole.

Threads inside the app are enough here: HTTP brings nothing new, as `test_races.py` shows. Each race
comes in several waves, and after each everything is added up.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from house import Answer, Browser, Json, Phone, path_of
from rigs.doors import Door
from rigs.fair import BUDGET, BUDGET_USES, HELD, TOTAL, UNITS
from rigs.rig import Rig, at_once, reasons, succeeded

from chalicelib.domain import hold
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.device import Profile
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.limits import LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import Offer, Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.stock import Kind, Movement, Short
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import campaigns, counters, holds, stocks, tickets, vouchers
from chalicelib.usecases import publishing, stocktaking, sweeping
from chalicelib.web.context import context
from chalicelib.web.session import VISITOR_COOKIE

WAVES = 4


@pytest.fixture
def door(rig: Rig, again: int) -> Iterator[Door]:
    """Return the way straight into the app; at the end of each race everything adds up."""
    del again
    yield rig.door("straight")
    rig.audit()


def voucher_of(claimed: Json) -> Voucher:
    """Return a voucher as it stands."""
    found = vouchers.get(claimed["voucher_id"])
    assert found is not None
    return found


def claims(rig: Rig, door: Door, number: int, stand: str, offer_id: str) -> list[Json]:
    """Let so many visitors claim, before the race."""
    return [browser.claim(stand, offer_id) for browser in rig.visitors(door, number)]


def whole(answer: Answer) -> bool:
    """Tell whether an order got all of its vouchers; it gets all or none."""
    accepted = {line["outcome"] == "accepted" for line in answer.json["results"]}
    assert len(accepted) == 1, answer.text
    return True in accepted


def sweep_at(due: datetime | None, begin: Callable[[], object] = int) -> Callable[[], None]:
    """Return a sweep at a time when this hold is over; it looks at its minute first."""
    assert due is not None
    minute = datetime.fromisoformat(hold.minute_of(due))
    at = minute.astimezone(UTC) - timedelta(minutes=1) + sweeping.LOOK_AGAIN
    holds.mark_swept(at)

    def look(minute: str) -> Iterator[Voucher]:
        found = list(holds.due(minute))
        begin()
        return iter(found)

    ledger: Any = SimpleNamespace(**vars(holds) | {"due": look})

    def sweep() -> None:
        sweeping.sweep(ledger, at=at)

    return sweep


def while_swept(due: datetime | None, act: Callable[[], Answer]) -> Answer:
    """Do this when a sweeper has found a hold that is over, and return what it is told."""
    begun, told = Event(), list[Answer]()

    def ask() -> None:
        assert begun.wait(10)
        told.append(act())

    at_once([sweep_at(due, begun.set), ask])
    return told[0]


# --- limits ---------------------------------------------------------------------------------------
def test_five_claims_of_three_units_make_three(rig: Rig, door: Door) -> None:
    for _ in range(2):
        stand = rig.stand()
        visitors = rig.visitors(door, 5)
        answers = at_once([partial(one.try_to_claim, stand, "trio") for one in visitors])
        assert reasons(answers) == {"": 3, "out_of_stock": 2}
        assert rig.left(CounterKind.STOCK, "trio", stand) == 0


def test_fifty_claims_of_one_unit_make_one(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, 50)
    answers = at_once([partial(one.try_to_claim, stand, "last") for one in visitors])
    assert reasons(answers) == {"": 1, "out_of_stock": 49}


def test_a_budget_of_100_pays_ten_of_fifteen_uses_of_10(rig: Rig, door: Door) -> None:
    stand, coupon = rig.stand(), rig.coupon()
    held, phone = claims(rig, door, 15, stand, coupon), Phone(door, stand)
    scans = [partial(phone.redeem, voucher["url"], total=TOTAL) for voucher in held]
    answers = at_once(scans)
    assert reasons(answers) == {"": BUDGET_USES, "budget_exhausted": 15 - BUDGET_USES}
    discounts = [answer.json["discount"]["amount_minor"] for answer in succeeded(answers)]
    assert (sum(discounts), rig.left(CounterKind.BUDGET, coupon)) == (BUDGET, 0)


def test_two_reversals_at_once_are_one(rig: Rig, door: Door) -> None:
    stand, coupon = rig.stand(), rig.coupon()
    phone = Phone(door, stand)
    for voucher in claims(rig, door, WAVES, stand, coupon):
        use = phone.redeem(voucher["url"], total=TOTAL).json["redemption_id"]
        answers = at_once([partial(phone.reverse, use) for _ in range(2)])
        assert reasons(answers) == {"": 1, "already_reversed": 1}
        assert rig.left(CounterKind.BUDGET, coupon) == BUDGET


# --- gifts ----------------------------------------------------------------------------------------
def gift_of(giver: Browser, voucher: Json) -> str:
    """Return the secret of the link that passes this voucher on."""
    made = giver.post(f"/api/v1/vouchers/{voucher['code']}/gift", {})
    assert made.status == 201, made.text
    return str(made.json["url"]).rpartition("/")[2]


def test_a_gift_that_friends_accept_at_once_is_one_friends(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    for _ in range(WAVES):
        giver, *friends = rig.visitors(door, 5)
        voucher = giver.claim(stand, "lantern")
        wish = {"gift": gift_of(giver, voucher)}
        answers = at_once([partial(one.post, "/api/v1/gifts", wish) for one in friends])
        assert reasons(answers) == {"": 1, "given_away": 3}
        assert voucher_of(voucher).state is State.GIVEN
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS - WAVES


def test_taps_at_once_make_one_link_and_all_get_it(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    for giver in rig.visitors(door, WAVES):
        code = giver.claim(stand, "lantern")["code"]
        answers = at_once([partial(giver.post, f"/api/v1/vouchers/{code}/gift", {})] * 6)
        assert reasons(answers) == {"": 6}
        assert Counter(answer.status for answer in answers) == {201: 1, 200: 5}
        assert len({answer.json["url"] for answer in answers}) == 1


def test_a_voucher_is_given_or_used(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    phone = Phone(door, stand)
    for _ in range(2 * WAVES):
        giver, friend = rig.visitors(door, 2)
        voucher = giver.claim(stand, "lantern")
        wish = {"gift": gift_of(giver, voucher)}
        accept = partial(friend.post, "/api/v1/gifts", wish)
        taken, used = at_once([accept, partial(phone.redeem, voucher["url"])])
        ends = {("", "given_away"): State.GIVEN, ("already_redeemed", ""): State.REDEEMED}
        assert voucher_of(voucher).state is ends[taken.reason, used.reason]


def test_a_note_that_is_written_while_its_voucher_moves_is_forgotten_or_stands_in_the_way(
    rig: Rig, door: Door
) -> None:
    stand = rig.stand()
    supervisor = Phone(door, stand, Profile.SUPERVISOR)
    for _ in range(2 * WAVES):
        lost, new = rig.visitors(door, 2)
        voucher = lost.claim(stand, "lantern")
        made = supervisor.post(f"/api/v1/vouchers/{voucher['code']}/reissue", {}).json["url"]
        move = partial(new.post, "/api/v1/gifts", {"gift": made.rpartition("/")[2]})
        write = partial(lost.submit, f"{path_of(voucher['url'])}/note", {"note": "for me"})
        moved, written = at_once([move, write])
        assert (moved.reason, written.status) in {("", 303), ("", 403), ("try_again", 303)}
        holder = moved.json["voucher_id"] if not moved.reason else voucher["voucher_id"]
        noted = [one for one in {holder, voucher["voucher_id"]} if tickets.ticket(one)[1].note]
        assert noted == ([holder] if moved.reason else [])


def test_a_gift_stays_the_friends_though_its_giver_is_forgotten_meanwhile(
    rig: Rig, door: Door
) -> None:
    stand = rig.stand()
    for giver, friend in zip(rig.visitors(door, WAVES), rig.visitors(door, WAVES), strict=True):
        voucher, friends = giver.claim(stand, "lantern"), visitor_of(friend)
        accept = partial(friend.post, "/api/v1/gifts", {"gift": gift_of(giver, voucher)})
        taken, erased = at_once([accept, partial(giver.submit, "/me/erase")])
        assert (taken.reason, erased.status) == ("", 303)
        given = voucher_of(voucher)
        assert (given.state, given.visitor) == (State.GIVEN, "")
        assert voucher_of(taken.json).visitor == friends


# --- erasing --------------------------------------------------------------------------------------
def visitor_of(browser: Browser) -> str:
    """Return the id that a browser's cookie carries."""
    return browser.cookies[VISITOR_COOKIE].partition(".")[0]


def test_a_claim_in_flight_is_forgotten_too_at_the_latest_when_erased_again(
    rig: Rig, door: Door
) -> None:
    stand = rig.stand()
    for visitor in rig.visitors(door, WAVES):
        cookies, mine = dict(visitor.cookies), visitor_of(visitor)
        claim = partial(visitor.try_to_claim, stand, "lantern")
        claimed, erased = at_once([claim, partial(visitor.submit, "/me/erase")])
        assert (claimed.status, erased.status) == (201, 303)
        assert voucher_of(claimed.json).visitor in {mine, ""}
        visitor.cookies = cookies
        assert visitor.submit("/me/erase").status == 303
        assert (voucher_of(claimed.json).visitor, voucher_of(claimed.json).state) == ("", "issued")
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS - WAVES


# --- holds ----------------------------------------------------------------------------------------
def test_a_claim_whose_hold_is_over_lapses_or_is_used(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    phone = Phone(door, stand)
    for visitor in rig.visitors(door, HELD):
        voucher = visitor.claim(stand, "seat")
        due, scan = voucher_of(voucher).hold_until, partial(phone.redeem, voucher["url"])
        ends = {"lapsed": State.LAPSED, "": State.REDEEMED}
        assert ends[while_swept(due, scan).reason] is voucher_of(voucher).state


def test_a_lapsed_claim_is_revived_once_and_takes_one_unit(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, HELD)
    old = [one.claim(stand, "seat") for one in visitors]
    sweep_at(voucher_of(old[-1]).hold_until)()
    assert rig.left(CounterKind.STOCK, "seat", stand) == HELD
    answers = at_once([partial(one.try_to_claim, stand, "seat") for one in visitors * 3])
    assert reasons(answers) == {"": 3 * HELD}
    assert len({answer.json["token"] for answer in answers}) == HELD
    assert rig.left(CounterKind.STOCK, "seat", stand) == 0


def test_sweepers_that_meet_give_each_unit_back_once(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    last = claims(rig, door, HELD, stand, "seat")[-1]
    at_once([sweep_at(voucher_of(last).hold_until)] * 3)
    assert rig.left(CounterKind.STOCK, "seat", stand) == HELD


@pytest.mark.parametrize(
    ("ending", "state"), [("confirm", State.REDEEMED), ("release", State.ISSUED)]
)
def test_an_orders_hold_ends_by_itself_or_by_its_shop(
    rig: Rig, door: Door, ending: str, state: State
) -> None:
    stand, shop = rig.stand(), rig.shop(door)
    for place, voucher in enumerate(claims(rig, door, WAVES, stand, "parcel")):
        held = shop.redeem(voucher["url"], order=f"{stand}-{place}", total=TOTAL, hold_seconds=60)
        assert held.json["outcome"] == "held", held.text
        settle = partial(getattr(shop, ending), held.json["redemption_id"])
        told = while_swept(voucher_of(voucher).held_until, settle)
        ends = {"": state, "already_reversed": State.ISSUED}
        assert voucher_of(voucher).state is ends[told.reason]


def test_a_hold_is_confirmed_or_released(rig: Rig, door: Door) -> None:
    stand, shop = rig.stand(), rig.shop(door)
    for place, voucher in enumerate(claims(rig, door, 2 * WAVES, stand, "parcel")):
        held = shop.redeem(voucher["url"], order=f"{stand}-{place}", total=TOTAL, hold_seconds=600)
        use = held.json["redemption_id"]
        told = at_once([partial(shop.confirm, use), partial(shop.release, use)])
        ends = {
            ("", "already_redeemed"): State.REDEEMED,
            ("already_reversed", ""): State.ISSUED,
        }
        confirmed, released = (answer.reason for answer in told)
        assert voucher_of(voucher).state is ends[confirmed, released]


# --- orders ---------------------------------------------------------------------------------------
def test_a_voucher_that_two_orders_want_is_in_one(rig: Rig, door: Door) -> None:
    stand, shop = rig.stand(), rig.shop(door)
    for place, voucher in enumerate(claims(rig, door, WAVES, stand, "parcel")):
        orders = [f"{stand}-{place}-{n}" for n in range(6)]
        scans = [partial(shop.redeem, voucher["url"], order=o, total=TOTAL) for o in orders]
        assert reasons(at_once(scans)) == {"": 1, "already_redeemed": 5}


def test_orders_that_share_vouchers_are_whole_or_not_at_all(rig: Rig, door: Door) -> None:
    stand, shop = rig.stand(), rig.shop(door)
    for wave in range(WAVES):
        a, b, c = (v["url"] for v in claims(rig, door, 3, stand, "ribbon"))
        d = claims(rig, door, 1, stand, "parcel")[0]["url"]
        pairs = [(a, d), (d, b), (c, d)]
        orders = [
            partial(shop.order, *pair, order=f"{stand}-{wave}-{n}", total=TOTAL)
            for n, pair in enumerate(pairs)
        ]
        assert Counter(map(whole, at_once(orders))) == {True: 1, False: 2}


def test_an_order_gets_one_voucher_of_a_group(rig: Rig, door: Door) -> None:
    stand, shop = rig.stand(), rig.shop(door)
    for wave in range(WAVES):
        wrapped = [claims(rig, door, 1, stand, o)[0]["url"] for o in ("ribbon", "bow", "bow")]
        scans = [partial(shop.redeem, url, order=f"{stand}-{wave}") for url in wrapped]
        assert reasons(at_once(scans)) == {"": 1, "not_stackable": 2}


# --- mints and revocations ------------------------------------------------------------------------
def test_mints_and_claims_share_a_stock_and_nothing_is_given_twice(rig: Rig, door: Door) -> None:
    stand, program = rig.stand(), rig.marketing(door)
    mints = [partial(program.mint, "lantern", 20, stand) for _ in range(3)]
    taps = [partial(one.try_to_claim, stand, "lantern") for one in rig.visitors(door, 30)]
    answers = at_once([*mints, *taps])
    batches, claimed = succeeded(answers[:3]), succeeded(answers[3:])
    given = 20 * len(batches) + len(claimed)
    assert given + rig.left(CounterKind.STOCK, "lantern", stand) == UNITS
    assert set(reasons(answers)) <= {"", "out_of_stock"}
    assert len({answer.json["batch"] for answer in batches}) == len(batches)


def test_a_mint_that_is_asked_for_five_times_at_once_is_one(rig: Rig, door: Door) -> None:
    stand, program = rig.stand(), rig.marketing(door)
    mint = partial(program.mint, "lantern", 10, stand, idempotency_key=stand)
    batches = [answer.json["batch"] for answer in at_once([mint] * 5)]
    assert len(set(batches)) == 1
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS - 10


@pytest.mark.parametrize("minted", [False, True], ids=["claimed", "minted"])
def test_a_voucher_is_withdrawn_or_used(rig: Rig, door: Door, minted: bool) -> None:  # noqa: FBT001
    stand, program = rig.stand(), rig.marketing(door)
    phone, number = Phone(door, stand), 2 * WAVES
    there = (
        program.minted("tea", number, stand) if minted else claims(rig, door, number, stand, "tea")
    )
    for voucher in there:
        revoke = partial(program.revoke, voucher["code"])
        scans = [partial(phone.redeem, voucher["url"]) for _ in range(2)]
        withdrawn, *used = at_once([revoke, *scans])
        ends = {
            "": {"revoked": 2},
            "already_redeemed": {"": 1, "already_redeemed": 1},
        }
        assert reasons(used) == ends[withdrawn.reason]


def test_a_held_voucher_is_withdrawn_or_confirmed(rig: Rig, door: Door) -> None:
    stand, shop, program = rig.stand(), rig.shop(door), rig.marketing(door)
    for place, voucher in enumerate(claims(rig, door, WAVES, stand, "parcel")):
        held = shop.redeem(voucher["url"], order=f"{stand}-{place}", total=TOTAL, hold_seconds=600)
        confirm = partial(shop.confirm, held.json["redemption_id"])
        withdrawn, confirmed = at_once([partial(program.revoke, voucher["code"]), confirm])
        ends = {("", "already_reversed"): State.REVOKED, ("already_redeemed", ""): State.REDEEMED}
        assert voucher_of(voucher).state is ends[withdrawn.reason, confirmed.reason]


# --- stock in hand --------------------------------------------------------------------------------
KEEPER = Scope(area="fair", member_id="anna", email="anna@example.org")


def books_of(rig: Rig, stand: str, kind: Kind, number: int, form: str) -> Callable[[], object]:
    """Return a manager who books at a stand of its own, until it is booked or refused."""
    offer, popup = rig.campaign.offer["lantern"], rig.campaign.popup[stand]
    wish = stocktaking.Wish(
        campaign_number=rig.campaign.number,
        limit=LimitId(CounterKind.STOCK, offer.number, popup.number),
        popup_id=stand,
        offer_id="lantern",
        kind=kind,
        number=number,
        given=0,
        note="",
        nonce=form,
        at=datetime.now(UTC),
        noted_at=datetime.now(UTC),
        request_id=f"request-{form}",
    )

    def book() -> object:
        while True:
            try:
                return stocktaking.book(stocks, KEEPER, wish)
            except TryAgain:
                continue

    return book


def publishes(rig: Rig, units: int) -> Callable[[], object]:
    """Return marketing that publishes another stock of lanterns."""
    lantern = rig.campaign.offer["lantern"]
    changed = replace(lantern, stock=replace(lantern.stock or Stock(units=0), units=units))
    return partial(until_live, partial(published, with_offer(rig.campaign, changed)))


def with_offer(campaign: Campaign, changed: Offer) -> Campaign:
    """Return the campaign with another offer in place of the one of that name."""
    offers = (changed if o.offer_id == changed.offer_id else o for o in campaign.offers)
    return replace(campaign, offers=tuple(offers))


def published(whole: Campaign) -> object:
    """Save this draft and publish it."""
    stored, now = campaigns.draft("fair"), datetime.now(UTC)
    version = campaigns.save_draft(whole, over=stored[1] if stored else 0, now=now)
    return publishing.publish(campaigns, counters, "fair", draft_version=version or 0, now=now)


def until_live(act: Callable[[], object]) -> Pointer:
    """Publish or roll back, as often as the tables are too busy."""
    while True:
        try:
            outcome = act()
        except TryAgain:
            continue
        assert isinstance(outcome, Pointer), outcome
        return outcome


def test_claims_movements_and_publishes_add_up_and_nothing_is_oversold(
    rig: Rig, door: Door
) -> None:
    """Received, damaged and counted twice each, while visitors claim and marketing publishes."""
    stand = rig.stand()
    visitors = rig.visitors(door, 24)
    claims_at_once = [partial(one.try_to_claim, stand, "lantern") for one in visitors]
    forms = [
        (Kind.RECEIVED, 7, "form-received"),
        (Kind.DAMAGED, 5, "form-damaged"),
        (Kind.COUNTED, UNITS - 10, "form-counted"),
    ]
    managers = [books_of(rig, stand, *form) for form in forms for _ in range(2)]
    calls: list[Callable[[], object]] = [*claims_at_once, *managers, publishes(rig, UNITS + 9)]
    told = at_once(calls)
    publishes(rig, UNITS)()
    made = sum(isinstance(one, Answer) and one.status == 201 for one in told)
    booked = [one for one in told if isinstance(one, Movement)]
    assert (made, len(booked)) == (24, 6)
    once = {one.nonce: one.change for one in booked}
    assert all(one.change == once[one.nonce] for one in booked)  # twice the form, one movement
    assert (once["form-received"], once["form-damaged"]) == (7, -5)
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS + sum(once.values()) - made


def test_what_visitors_and_a_manager_take_at_once_is_never_more_than_there_is(
    rig: Rig, door: Door
) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, 20)
    calls: list[Callable[[], object]] = [
        *(books_of(rig, stand, Kind.DAMAGED, 8, f"form-{n}") for n in range(6)),
        *(partial(one.try_to_claim, stand, "lantern") for one in visitors),
    ]
    told = at_once(calls)
    made = sum(isinstance(one, Answer) and one.status == 201 for one in told)
    taken = sum(-one.change for one in told if isinstance(one, Movement))
    left = rig.left(CounterKind.STOCK, "lantern", stand)
    assert left == UNITS - made - taken
    assert left >= 0
    assert all(one.free < 8 for one in told if isinstance(one, Short))


# --- the way back ---------------------------------------------------------------------------------
def test_while_marketing_goes_forth_and_back_each_voucher_is_used_once(
    rig: Rig, door: Door
) -> None:
    """A later revision shuts the coupon for days, in another zone, with twice the budget."""
    stand, name = rig.stand(), rig.coupon()
    urls = [claimed["url"] for claimed in claims(rig, door, 8, stand, name)]
    phones = [Phone(door, stand), Phone(door, stand)]
    day, zone = datetime.now(UTC).date() + timedelta(days=2), "Etc/GMT-14"
    shut = replace(rig.campaign.offer[name], usable_from=f"{day}T12:00", budget_minor=2 * BUDGET)
    stands = tuple(
        replace(p, time_zone=zone) if p.popup_id == stand else p for p in rig.campaign.popups
    )
    later = replace(with_offer(rig.campaign, shut), popups=stands)
    first = campaigns.pointers()["fair"].revision
    back = partial(publishing.roll_back, campaigns, counters, "fair", revision=first)
    refusals: list[tuple[str, ...]] = []

    def go(act: Callable[[], object]) -> None:
        until_live(act)
        context.catalog.forget()

    def marketing() -> None:
        go(partial(back, now=datetime.now(UTC)))
        go(partial(published, later))
        go(partial(back, now=datetime.now(UTC)))

    def use(phone: Phone, url: str) -> Answer:
        """Try until the revision allows it, under one nonce, as phones do."""
        nonce = door.nonce()
        while True:
            answer = phone.redeem(url, nonce, total=TOTAL)
            if answer.reason != "not_started":
                return answer
            facts = answer.json
            refusals.append((facts["starts_at"], facts["time_zone"]))
            time.sleep(0.1)

    go(partial(published, later))
    scans = [partial(use, phone, url) for url in urls for phone in phones]
    calls: list[Callable[[], Answer | None]] = [*scans, marketing]
    answers = [answer for answer in at_once(calls) if answer]
    starts = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))
    told = starts.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert set(refusals) == {(told, zone)}  # whoever is refused is so by the later one, whole
    assert reasons(answers) == {"": 8, "already_redeemed": 8}
    assert len({answer.json["redemption_id"] for answer in succeeded(answers)}) == 8
    assert campaigns.revision("fair", campaigns.pointers()["fair"].revision) == rig.campaign
    assert rig.left(CounterKind.BUDGET, name) == BUDGET - 8 * (BUDGET // BUDGET_USES)
