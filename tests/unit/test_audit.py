"""Each rule of the books finds the fault that it is about, and nothing in books that add up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from made import (
    DEVICE,
    ISTANBUL,
    NOW,
    VOUCHER_ID,
    batch,
    campaign,
    change,
    given_back,
    offer,
    use,
    used_voucher,
    voucher,
)

from chalicelib.domain import audit
from chalicelib.domain.audit import Breach, Finding
from chalicelib.domain.books import Books
from chalicelib.domain.case import case_of
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.insight import Tally, VoucherImage, contribution
from chalicelib.domain.offer import Benefit, Kind, Scope, Stock
from chalicelib.domain.offline import Chain
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State, Voucher, nonce_mark

SHARDS = [CounterId(CounterKind.STOCK, 7, 1, 1, str(shard)) for shard in range(2)]
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)
DAY = CounterId(CounterKind.DAY, 7, 1, 1, "2026-05-20")
FIVE_OFF = Benefit(kind=Kind.AMOUNT, amount_minor=500, currency="TRY")
FESTIVAL = campaign(
    offer(
        benefit=FIVE_OFF,
        popup_ids=("istanbul",),
        stock=Stock(units=10, shards=2),
        budget_minor=5000,
        day_limit=3,
    ),
    popups=(ISTANBUL,),
)
FIRST = use(discount_minor=500, currency="TRY", moved=((DAY, 1), (BUDGET, 500)))
MARK = nonce_mark(DEVICE, FIRST.nonce)
USED = used_voucher(unit=SHARDS[0], nonces=frozenset({MARK}))
USED = replace(USED, use=FIRST)
BACK = replace(USED, state=State.REVERSED, use=None)
COUNTERS = {
    SHARDS[0]: Counter(5, 4, 1),
    SHARDS[1]: Counter(5, 5, 1),
    BUDGET: Counter(5000, 4500, 1),
    DAY: Counter(3, 2, 1),
}
IMAGE = VoucherImage(
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id=None,
    claimed_hour="2026-05-19T15",
    state=State.ISSUED,
)
CLAIMED = Tally("festival", "TOTAL", "claimed")


def books(*vouchers: Voucher, **facts: Any) -> Books:
    """Return books of a used voucher (or of these), in which everything adds up."""
    held = vouchers or (USED,)
    whole: dict[str, Any] = {
        "vouchers": {one.voucher_id: one for one in held},
        "counters": COUNTERS,
        "versions": {one.voucher_id: 9 for one in held} | dict.fromkeys(COUNTERS, 1),
        "images": (IMAGE,),
        "figures": contribution(IMAGE),
        "campaigns": (FESTIVAL,),
        **facts,
    }
    return Books(**whole)


def found(of: Books) -> dict[str, list[Finding]]:
    """Return the findings by the rule that they break."""
    by_rule = {rule.says: list(rule.check(of)) for rule in audit.RULES}
    return {says: findings for says, findings in by_rule.items() if findings}


def one(of: Books) -> tuple[str, str, str]:
    """Return the name, the expected and the found of the single thing that is wrong."""
    (findings,) = found(of).values()
    (finding,) = findings
    return of.name(finding.about), finding.expected, finding.found


def with_counter(counter_id: CounterId, counter: Counter | None, **facts: Any) -> Books:
    counters = COUNTERS | ({counter_id: counter} if counter else {})
    if counter is None:
        counters.pop(counter_id)
    return books(counters=counters, **facts)


def test_books_that_add_up_have_no_findings() -> None:
    assert found(books()) == {}
    assert found(Books()) == {}


def test_each_rule_has_a_sentence_of_its_own_and_each_breach_a_rule() -> None:
    assert len({rule.says for rule in audit.RULES}) == len(audit.RULES)
    assert {rule.breach for rule in audit.RULES} == set(Breach)


def test_a_use_given_back_has_returned_what_it_took_of_the_first_day_too() -> None:
    counters = COUNTERS | {BUDGET: Counter(5000, 5000, 1), DAY: Counter(3, 3, 1)}
    past = {VOUCHER_ID: (given_back(FIRST),)}
    assert found(books(BACK, counters=counters, past_uses=past)) == {}
    kept = books(BACK, counters=counters | {DAY: Counter(3, 2, 1)}, past_uses=past)
    name = "day festival/lantern/istanbul 2026-05-20"
    assert one(kept) == (name, "0 given out", "1 given out")


@pytest.mark.parametrize("state", [State.LAPSED, State.GIVEN])
def test_a_voucher_that_has_no_unit_any_more_counts_none(state: State) -> None:
    gone = voucher(state, unit=SHARDS[0])
    free = {SHARDS[0]: Counter(5, 5, 1), BUDGET: Counter(5000, 5000, 1), DAY: Counter(3, 3, 1)}
    assert found(books(gone, counters=COUNTERS | free)) == {}


def test_a_unit_that_left_no_counter_is_found() -> None:
    name = "stock festival/lantern/istanbul shard 0"
    assert one(with_counter(SHARDS[0], Counter(5, 5, 1))) == (name, "1 given out", "0 given out")
    assert one(with_counter(SHARDS[0], Counter(5, 3, 1))) == (name, "1 given out", "2 given out")


def test_a_counter_that_is_not_there_is_found() -> None:
    name = "budget festival/lantern/stand *"
    of = with_counter(BUDGET, None, open_publishes=frozenset({"festival"}))
    assert one(of) == (name, "500 given out", "no counter")


def test_a_counter_below_nothing_is_oversold() -> None:
    of = with_counter(DAY, Counter(0, -1, 1))
    expected = {
        "no counter gave out more than its cap": [
            Finding(DAY, "0 or more left", "-1 left"),
            Finding(DAY, "at most 0 given out", "1 given out"),
        ]
    }
    assert found(of) == expected


def test_caps_that_do_not_add_up_to_the_limit_are_found() -> None:
    looser, tighter = Counter(6, 6, 1), Counter(4, 4, 1)
    assert one(with_counter(SHARDS[1], looser))[1:] == ("caps of 10 in all", "caps of 11")
    assert one(with_counter(SHARDS[1], tighter))[1:] == ("caps of 10 in all", "caps of 9")
    publishing = {"open_publishes": frozenset({"festival"})}
    assert found(with_counter(SHARDS[1], tighter, **publishing)) == {}
    assert one(with_counter(SHARDS[1], looser, **publishing))[2] == "caps of 11"


def test_a_limit_that_is_not_there_binds_no_counter() -> None:
    unlimited = campaign(offer(), popups=(ISTANBUL,))
    assert found(books(campaigns=(unlimited,))) == {}


@pytest.mark.parametrize(("scope", "allowed"), [(Scope.POPUP, 2), (Scope.CAMPAIGN, 1)])
def test_a_visitor_who_has_too_much_is_found(scope: Scope, allowed: int) -> None:
    given = offer(visitor_scope=scope)
    places = ("istanbul", "ankara", "ankara")
    ids = [f"{VOUCHER_ID[:-1]}{number}" for number in range(1 + allowed)]
    held = [
        voucher(voucher_id=name, popup_id=place) for name, place in zip(ids, places, strict=False)
    ]
    of = books(*held, campaigns=(campaign(given),), counters={})
    assert one(of) == (f"voucher {ids[-1]}", "at most 1 for a visitor", "2")
    assert found(books(*held[:-1], campaigns=(campaign(given),), counters={})) == {}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(USED, state=State.ISSUED), "issued in a use"),
        (replace(USED, use=None, uses=0), "redeemed without a use"),
    ],
)
def test_a_state_that_does_not_fit_the_use_is_found(wrong: Voucher, said: str) -> None:
    taken = {counter_id for counter_id, _ in FIRST.moved} if wrong.use is None else set()
    counters = {c: k if c not in taken else replace(k, left=k.cap) for c, k in COUNTERS.items()}
    assert one(books(wrong, counters=counters))[2] == said


def test_a_use_that_is_there_twice_is_found() -> None:
    past = {VOUCHER_ID: (given_back(FIRST),)}
    of = books(replace(USED, uses=2), past_uses=past)
    assert one(of) == (f"voucher {VOUCHER_ID}", "each use once", "uses [1, 1]")


def test_a_use_that_is_gone_is_found() -> None:
    of = books(replace(USED, uses=2))
    assert one(of) == (f"voucher {VOUCHER_ID}", "2 uses", "1 uses")


def test_a_nonce_that_was_forgotten_is_found() -> None:
    of = books(replace(USED, nonces=frozenset()))
    assert one(of) == (f"voucher {VOUCHER_ID}", "the nonce of each use", "1 forgotten")


def test_what_lies_alone_is_found() -> None:
    alone = {"past_uses": {"1" * 15: (given_back(FIRST),)}, "choices": frozenset({"2" * 15})}
    findings = found(books(**alone))["nothing lies without its voucher and offer"]
    assert [finding.about for finding in findings] == ["1" * 15, "2" * 15]


@pytest.mark.parametrize(
    "facts", [{"campaign_id": "fair"}, {"offer_id": "lamp"}, {"popup_id": "nowhere"}]
)
def test_a_voucher_of_nothing_that_is_published_is_found(facts: dict[str, str]) -> None:
    findings = found(books(replace(USED, **facts)))  # type: ignore[arg-type]
    (finding,) = findings["nothing lies without its voucher and offer"]
    assert finding.about == VOUCHER_ID


def test_fewer_writes_than_there_were_changes_are_found() -> None:
    versions = dict.fromkeys(COUNTERS, 1)
    of = books(versions={VOUCHER_ID: 1} | versions)
    assert one(of) == (f"voucher {VOUCHER_ID}", "2 writes or more", "1")
    assert one(books(versions={VOUCHER_ID: 2} | versions | {DAY: 0}))[1] == "a write or more"


def test_figures_that_are_not_the_ledgers_sum_are_found() -> None:
    of = books(figures=dict(contribution(IMAGE)) | {CLAIMED: 2})
    assert one(of) == ("figure festival TOTAL claimed", "1", "2")
    gone = {tally: n for tally, n in contribution(IMAGE).items() if tally != CLAIMED}
    assert one(books(figures=gone))[1:] == ("1", "0")


def test_what_the_projector_has_not_seen_yet_is_not_missed() -> None:
    assert found(books(figures={}, backlog=(change("1", None, IMAGE),))) == {}


NAMES: list[tuple[Callable[[], Books], CounterId, str]] = [
    (books, replace(SHARDS[0], offer_number=9), "stock festival/offer 9/istanbul shard 0"),
    (Books, DAY, "day campaign 7/offer 1/stand 1 2026-05-20"),
]


@pytest.mark.parametrize(("of", "counter_id", "name"), NAMES)
def test_a_counter_is_named_as_far_as_it_is_known(
    of: Callable[[], Books], counter_id: CounterId, name: str
) -> None:
    assert of().name(counter_id) == name


def test_the_visitor_holds_it_since_the_first_instant() -> None:
    early, late = voucher(voucher_id="0" * 15), voucher(voucher_id="1" * 15, issued_at=NOW)
    of = books(late, early, counters={}, campaigns=(campaign(),))
    assert one(of)[0] == f"voucher {'1' * 15}"


# --- holds, orders, what is passed on, what is minted ---------------------------------------------
FRIENDS, CARD = "1" * 15, "Z" * 15


def test_a_hold_is_a_use_that_may_end() -> None:
    held = replace(USED, state=State.HELD, held_until=NOW)
    assert found(books(held)) == {}
    ended = replace(BACK, released=1)
    free = {BUDGET: Counter(5000, 5000, 1), DAY: Counter(3, 3, 1)}
    past = {VOUCHER_ID: (given_back(FIRST, released=True),)}
    assert found(books(ended, counters=COUNTERS | free, past_uses=past)) == {}
    wrong = replace(ended, released=0)
    of = books(wrong, counters=COUNTERS | free, past_uses=past)
    expected = (f"voucher {VOUCHER_ID}", "1 released holds", "0 released holds")
    assert one(of) == expected


def test_a_unit_that_was_passed_on_has_one_holder() -> None:
    giver, friend = (
        replace(USED, state=State.GIVEN, use=None, uses=0),
        replace(USED, voucher_id=FRIENDS, root=VOUCHER_ID, visitor="visitor-2"),
    )
    assert found(books(giver, friend)) == {}
    both = found(books(voucher(unit=None), friend))
    assert both["each unit has one holder"] == [
        Finding(FRIENDS, "one holder of its unit", "2 holders")
    ]


def test_an_order_has_booked_the_groups_of_its_vouchers_and_no_others() -> None:
    grouped = replace(USED, use=replace(FIRST, order="istanbul#A-17", group="big"))
    assert found(books(grouped, orders={"istanbul#A-17": frozenset({"big"})})) == {}
    assert one(books(grouped)) == ("order istanbul#A-17", "groups ['big']", "groups []")
    left = books(orders={"istanbul#A-18": frozenset({"big"})})
    assert one(left) == ("order istanbul#A-18", "groups []", "groups ['big']")


def test_a_batch_holds_the_units_of_its_vouchers() -> None:
    made = batch(units=((SHARDS[1], 2),))
    card = voucher(voucher_id=CARD, visitor="", ordinal=1)
    of = books(USED, card, batches=(made,), counters=COUNTERS | {SHARDS[1]: Counter(5, 3, 1)})
    assert found(of) == {}
    assert one(books(batches=(made,)))[1:] == ("2 given out", "0 given out")


# --- what devices handed in -----------------------------------------------------------------------
def entry(outcome: Outcome = Outcome.ACCEPTED, **facts: Any) -> OfflineScan:
    whole: dict[str, Any] = {
        "device_id": DEVICE,
        "seq": 1,
        "nonce": FIRST.nonce,
        "campaign_id": "festival",
        "popup_id": "istanbul",
        "scanned_at": NOW,
        "corrected_at": NOW,
        "received_at": NOW,
        "epoch": 1,
        "root": VOUCHER_ID,
        "voucher_id": VOUCHER_ID,
        "number": 1 if outcome is Outcome.ACCEPTED else None,
        **facts,
    }
    return OfflineScan(outcome=outcome, **whole)


CHAINS = {DEVICE: Chain(last_seq=2)}
OFFLINE = replace(USED, use=replace(FIRST, seq=1))
CONFLICT = entry(Outcome.CONFLICT, device_id="other", seq=2, reason=Reason.ALREADY_REDEEMED)
CASE = case_of(VOUCHER_ID, [entry(), CONFLICT], [OFFLINE])


def handed_in(*scans: OfflineScan, used: Voucher = OFFLINE, **facts: Any) -> Books:
    chains = CHAINS | {"other": Chain(last_seq=2)}
    return books(used, scans=scans, **{"chains": chains} | facts)


def test_entries_that_are_used_or_on_the_work_list_add_up() -> None:
    assert CASE is not None
    assert found(handed_in(entry(), CONFLICT, cases={VOUCHER_ID: CASE})) == {}
    past = {VOUCHER_ID: (given_back(replace(FIRST, seq=1)),)}
    free = {SHARDS[0]: Counter(5, 4, 1), BUDGET: Counter(5000, 5000, 1), DAY: Counter(3, 3, 1)}
    back = handed_in(entry(), used=BACK, past_uses=past, counters=COUNTERS | free)
    assert found(back) == {}


def test_an_entry_that_was_accepted_has_its_use() -> None:
    name = f"voucher {VOUCHER_ID}"
    mine = f"the use of {DEVICE}#1 is"
    assert one(handed_in(entry(), used=USED)) == (name, f"{mine} ('{VOUCHER_ID}', 1)", "None")
    assert one(handed_in()) == (name, f"{mine} None", f"('{VOUCHER_ID}', 1)")


def test_a_conflict_is_on_the_work_list() -> None:
    expected = f"voucher {VOUCHER_ID}", "other#2 on the work list", "no case of it"
    assert one(handed_in(entry(), CONFLICT)) == expected
    alone = case_of(VOUCHER_ID, [replace(CONFLICT, seq=1)], [])
    assert alone is not None
    assert one(handed_in(entry(), CONFLICT, cases={VOUCHER_ID: alone})) == expected
    behind = replace(alone, behind=True)
    assert found(handed_in(entry(), CONFLICT, cases={VOUCHER_ID: behind})) == {}


def test_an_entry_is_in_its_chain() -> None:
    stray = entry(Outcome.REJECTED, root=None, voucher_id=None, seq=3)
    expected = f"device {DEVICE}", f"{DEVICE}#3 in its chain", "a chain that ends before"
    assert one(handed_in(entry(), stray)) == expected
    assert one(handed_in(entry(), stray, chains={DEVICE: Chain(last_seq=2)})) == expected
    assert found(handed_in(entry(), chains={})).keys() == {
        "what devices handed in is used or on the work list"
    }


def test_an_entry_ends_once() -> None:
    twice = entry(Outcome.REJECTED, root=None, voucher_id=None)
    name = f"device {DEVICE}#1"
    assert one(handed_in(entry(), twice)) == (name, "one end of an entry", "2")


def test_what_was_lacking_is_counted_apart() -> None:
    over = replace(USED, use=replace(FIRST, overran=((DAY, 1),)))
    name = "day festival/lantern/istanbul 2026-05-20"
    assert one(books(over)) == (name, "overrun by 1", "overrun by 0")
    assert one(with_counter(DAY, Counter(3, 2, 1, 2))) == (name, "overrun by 0", "overrun by 2")
    counters = COUNTERS | {DAY: Counter(3, 2, 1, 1)}
    assert found(books(over, counters=counters)) == {}


def test_stock_in_hand_that_nobody_moved_is_found() -> None:
    moved = COUNTERS | {SHARDS[1]: Counter(5, 8, 1, adj=3)}
    assert found(books(counters=moved, movements={SHARDS[0]: 3})) == {}
    name = "stock festival/lantern/istanbul shard 0"
    assert one(books(counters=moved)) == (name, "moved by 0", "moved by 3")
    assert one(books(movements={SHARDS[0]: 2})) == (name, "moved by 2", "moved by 0")


def test_more_than_was_published_may_be_given_out_where_more_was_received() -> None:
    more = Counter(5, 5, 1, adj=1)
    assert found(with_counter(SHARDS[0], more, movements={SHARDS[0]: 1})) == {}
