"""Everybody comes at once: whoever wins, nothing is given out twice and nothing is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from house import Answer, Browser, Json, Phone, Shop
from rigs.crowd import Crowd
from rigs.doors import Door
from rigs.effort import Effort
from rigs.fair import BUDGET, BUDGET_USES, DAY_LIMIT, TOTAL, UNITS
from rigs.rig import Rig, at_once, reasons, succeeded

from chalicelib.domain.counter import CounterKind
from chalicelib.domain.voucher import State
from chalicelib.store import books, choices, vouchers
from chalicelib.usecases import auditing


def made(answers: list[Answer], door: Door, *, since: int) -> int:
    """Count what was made now. An answer that came at a repeat may say "before" for "now"."""
    statuses = Counter(answer.status for answer in answers)
    return statuses[201] if door.repeats == since else statuses[201] or min(1, statuses[200])


def claimed(rig: Rig, door: Door, number: int, stand: str, offer_id: str) -> list[Json]:
    """Let so many visitors claim, before the race."""
    return [browser.claim(stand, offer_id) for browser in rig.visitors(door, number)]


def test_an_audit_in_the_middle_of_it_all_finds_nothing_wrong(rig: Rig) -> None:
    crowd, dice = Crowd(rig, rig.door("http"), [rig.stand()]), Effort()
    with ThreadPoolExecutor(2) as pool:
        crowd.live(pool, [dice.rng(f"audited {n}") for n in range(2)])
        try:
            while crowd.is_well() and len(crowd.successes) < 20:
                report = auditing.audit(books.read, lambda: None)
                assert [line for line in auditing.lines(report) if "expected" in line] == []
        finally:
            crowd.go_home()


def test_a_voucher_that_200_phones_scan_at_once_is_used_once(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    (voucher,) = claimed(rig, door, 1, stand, "tea")
    phones = [Phone(door, stand) for _ in range(4)]
    since = door.repeats
    scans = [partial(phones[n % 4].redeem, voucher["url"]) for n in range(200)]
    answers = at_once(scans)
    assert reasons(answers) == {"": 1, "already_redeemed": 199}
    assert made(succeeded(answers), door, since=since) == 1
    known = vouchers.get(voucher["voucher_id"])
    assert known is not None
    assert (known.uses, len(known.nonces)) == (1, 1)


def test_300_visitors_share_50_units_and_none_is_left(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, 300)
    answers = at_once([partial(one.try_to_claim, stand, "lantern") for one in visitors])
    assert reasons(answers) == {"": UNITS, "out_of_stock": 300 - UNITS}
    assert len({answer.json["voucher_id"] for answer in succeeded(answers)}) == UNITS
    assert rig.left(CounterKind.STOCK, "lantern", stand) == 0


def test_a_visitor_who_taps_20_times_gets_one_voucher_and_one_unit(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    (visitor,) = rig.visitors(door, 1)
    since = door.repeats
    answers = at_once([partial(visitor.try_to_claim, stand, "lantern")] * 20)
    assert reasons(answers) == {"": 20}
    assert len({answer.json["voucher_id"] for answer in answers}) == 1
    assert made(answers, door, since=since) == 1
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS - 1


def test_who_has_the_last_unit_is_never_told_that_it_is_gone(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, 8)
    taps = [visitors[n % 8] for n in range(40)]
    answers = at_once([partial(one.try_to_claim, stand, "last") for one in taps])
    winners = {taps[n] for n, answer in enumerate(answers) if not answer.reason}
    assert len(winners) == 1
    assert reasons(answers) == {"": 5, "out_of_stock": 35}


def test_owners_who_ask_again_when_all_is_sold_get_theirs(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    visitors = rig.visitors(door, UNITS + 10)
    first = at_once([partial(one.try_to_claim, stand, "lantern") for one in visitors])
    again = at_once([partial(one.try_to_claim, stand, "lantern") for one in visitors])
    for before, after in zip(first, again, strict=True):
        assert after.status == (409 if before.reason else 200)
        assert before.reason or after.json == before.json


def test_a_nonce_that_is_sent_20_times_at_once_is_one_use(rig: Rig, door: Door) -> None:
    stand, phone = rig.stand(), None
    for offer_id in ("tea", "cake"):
        (voucher,) = claimed(rig, door, 1, stand, offer_id)
        phone = phone or Phone(door, stand)
        since, scan = door.repeats, partial(phone.redeem, voucher["url"], door.nonce())
        answers = at_once([scan] * 20)
        assert reasons(answers) == {"": 20}
        assert made(answers, door, since=since) == 1
        uses = {answer.json["redemption_id"] for answer in answers}
        assert uses == {f"{voucher['voucher_id']}.1"}


def test_a_day_limit_is_reached_and_not_passed(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    held, phone = claimed(rig, door, 3 * DAY_LIMIT, stand, "cake"), Phone(door, stand)
    answers = at_once([partial(phone.redeem, voucher["url"]) for voucher in held])
    assert reasons(answers) == {"": DAY_LIMIT, "limit_day": 2 * DAY_LIMIT}
    assert rig.left(CounterKind.DAY, "cake", stand) == 0


def test_a_budget_is_spent_and_not_overspent_and_comes_back_whole(rig: Rig, door: Door) -> None:
    stand, coupon = rig.stand(), rig.coupon()
    held, phone = claimed(rig, door, 3 * BUDGET_USES, stand, coupon), Phone(door, stand)
    scans = [partial(phone.redeem, voucher["url"], total=TOTAL) for voucher in held]
    answers = at_once(scans)
    assert reasons(answers) == {"": BUDGET_USES, "budget_exhausted": 2 * BUDGET_USES}
    assert rig.left(CounterKind.BUDGET, coupon) == 0
    uses = [answer.json["redemption_id"] for answer in succeeded(answers)]
    back = at_once([partial(phone.reverse, use) for use in uses * 3])
    assert reasons(back) == {"": BUDGET_USES, "already_reversed": 2 * BUDGET_USES}
    assert rig.left(CounterKind.BUDGET, coupon) == BUDGET


@pytest.mark.parametrize("offer_id", ["tea", "cake"])
def test_claims_uses_and_returns_of_one_voucher_leave_it_whole(
    rig: Rig, door: Door, offer_id: str
) -> None:
    stand = rig.stand()
    (visitor,) = rig.visitors(door, 1)
    voucher, phone = visitor.claim(stand, offer_id), Phone(door, stand)
    used = back = 0
    for wave in range(1, 6):
        use = f"{voucher['voucher_id']}.{wave}"
        claims = [partial(visitor.try_to_claim, stand, offer_id)] * 4
        scans = [partial(phone.redeem, voucher["url"]) for _ in range(6)]
        returns = [partial(phone.reverse, use) for _ in range(6)]
        answers = at_once([*claims, *scans, *returns])
        assert reasons(answers[:4]) == {"": 4}
        used += len(succeeded(answers[4:10]))
        back += len(succeeded(answers[10:]))
        if used > back:
            back += len(succeeded([phone.reverse(f"{voucher['voucher_id']}.{used}")]))
        assert used == back >= wave
    known = vouchers.get(voucher["voucher_id"])
    assert known is not None
    assert (known.state, known.uses) == (State.REVERSED, used)


def test_one_visitor_in_two_browsers_is_one_visitor(rig: Rig, door: Door) -> None:
    stand = rig.stand()
    (first,) = rig.visitors(door, 1)
    second = Browser(door)
    second.cookies = dict(first.cookies)
    taps = [partial(one.try_to_claim, stand, "lantern") for one in (first, second)] * 5
    assert len({answer.json["voucher_id"] for answer in at_once(taps)}) == 1


def test_after_all_races_everything_adds_up(rig: Rig) -> None:
    assert rig.caught_up().wrong == frozenset()


def choose(shop: Shop | Browser, voucher: Json, option: str) -> Answer:
    order = {"order_ref": "order-1"} if isinstance(shop, Shop) else {}
    wish = {"voucher": voucher["code"], "option": option, **order}
    return shop.post("/api/v1/delivery/choices", wish)


def test_what_is_chosen_while_the_shop_confirms_is_in_the_order_or_refused(
    rig: Rig, door: Door
) -> None:
    """Whoever was told "chosen" last before the confirmation has chosen: nothing moves later."""
    stand = rig.stand()
    (visitor,) = rig.visitors(door, 1)
    shop, voucher = rig.shop(door), visitor.claim(stand, "ribbon")
    use = shop.redeem(voucher["url"], hold_seconds=600).json["redemption_id"]
    assert choose(visitor, voucher, "locker").status == 201
    ways = ["home_van_diesel", "home_van_electric", "popup_collect", "locker"]
    calls = [partial(choose, visitor, voucher, ways[n % 4]) for n in range(12)]
    answers = at_once([*calls, partial(shop.confirm, use), partial(shop.confirm, use)])
    assert {answer.status for answer in answers[-2:]} <= {200, 201}
    told = reasons(answers[:-2])
    assert set(told) <= {"", "already_chosen"}
    kept = choices.get(voucher["voucher_id"])
    assert kept is not None
    chosen = {answer.json["option"] for answer in succeeded(answers[:-2])} | {"locker"}
    assert kept.option in chosen
    other = next(way for way in ways if way != kept.option)
    assert choose(visitor, voucher, other).reason == "already_chosen"
    assert choices.get(voucher["voucher_id"]) == kept


def test_a_choice_a_release_and_a_reversal_at_once_leave_one_choice_and_no_use(
    rig: Rig, door: Door
) -> None:
    stand = rig.stand()
    (visitor,) = rig.visitors(door, 1)
    shop, voucher = rig.shop(door), visitor.claim(stand, "ribbon")
    held = shop.redeem(voucher["url"], hold_seconds=600).json["redemption_id"]
    shops = [partial(choose, shop, voucher, way) for way in ("locker", "popup_collect")] * 3
    answers = at_once([*shops, *[partial(shop.release, held)] * 3])
    assert reasons(answers) == {"": 9}
    used = shop.redeem(voucher["url"], order="order-2").json["redemption_id"]
    assert choose(visitor, voucher, "home_van_diesel").reason == "already_chosen"
    answers = at_once(
        [
            *[partial(choose, visitor, voucher, "home_van_electric")] * 4,
            *[partial(shop.reverse, used, "nonce-back")] * 3,
        ]
    )
    assert reasons(answers[4:]) == {"": 3}
    assert set(reasons(answers[:4])) <= {"", "already_chosen"}
    assert choose(visitor, voucher, "home_van_electric").status == 201
    kept, known = choices.get(voucher["voucher_id"]), vouchers.get(voucher["voucher_id"])
    assert kept is not None
    assert known is not None
    assert (kept.option, known.state) == ("home_van_electric", State.REVERSED)
