"""A voucher is passed on once, by a link that nobody guesses; the unit stays one."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from made import NOW, VOUCHER_ID, voucher

from chalicelib.domain import gift as rules
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.gift import Link
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State, Voucher
from chalicelib.usecases import giving
from chalicelib.usecases.giving import Acceptance, Offered, Received

SECRET = b"secret"
UNIT = CounterId(CounterKind.STOCK, 7, 1, 1, "0")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENDS = NOW + 30 * DAY


@dataclass
class Gifts:
    """Vouchers and links. Every method decides and writes in one step, as one transaction does."""

    vouchers: dict[str, Voucher] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)

    def get(self, voucher_id: str) -> Voucher | None:
        return self.vouchers.get(voucher_id)

    def offer(self, voucher: Voucher, link: Link, *, at: datetime) -> bool:
        assert at <= link.until
        now = self.vouchers[voucher.voucher_id]
        if now.version != voucher.version:
            return False
        self.links[link.hash] = link
        changed = replace(now, gift_hash=link.hash, gift_until=link.until, version=now.version + 1)
        self.vouchers[voucher.voucher_id] = changed
        return True

    def link(self, gift_hash: str) -> Link | None:
        return self.links.get(gift_hash)

    def accept(self, giver: Voucher, link: Link, received: Voucher) -> Voucher | None:
        now = self.vouchers[giver.voucher_id]
        there = self.vouchers.get(received.voucher_id)
        if there is not None:
            return there
        if rules.refusal_to_accept(now, link, received.issued_at) is not None:
            return now
        self.vouchers[giver.voucher_id] = replace(
            now, state=State.GIVEN, heir=received.voucher_id, reissued=link.reissue
        )
        self.vouchers[received.voucher_id] = received
        return None


def gifts_with(state: State = State.ISSUED, **facts: Any) -> Gifts:
    return Gifts(vouchers={VOUCHER_ID: voucher(state, unit=UNIT, **facts)})


def give(gifts: Gifts, at: datetime = NOW, *, giftable: bool = True) -> Offered | Refusal:
    mine = gifts.vouchers[VOUCHER_ID]
    return giving.give(gifts, mine, giftable=giftable, claim_secret=SECRET, ends=ENDS, at=at)


def reissue(gifts: Gifts, at: datetime = NOW) -> Offered | Refusal:
    return giving.reissue(gifts, gifts.vouchers[VOUCHER_ID], claim_secret=SECRET, ends=ENDS, at=at)


def link_of(offered: Offered | Refusal, gifts: Gifts) -> Link:
    assert isinstance(offered, Offered), offered
    return gifts.links[rules.hash_of(offered.secret)]


def accept(
    gifts: Gifts, link: Link, visitor: str = "visitor-2", at: datetime = NOW + MINUTE
) -> Received | Refusal:
    wish = Acceptance(visitor=visitor, at=at, local_hour="2026-05-20T15")
    return giving.accept(gifts, wish, link, claim_secret=SECRET)


def give_on(gifts: Gifts, mine: Voucher, friend: str) -> Voucher:
    """Let a holder pass this voucher on, and return the friend's."""
    made = giving.give(gifts, mine, giftable=True, claim_secret=SECRET, ends=ENDS, at=NOW)
    return taken(accept(gifts, link_of(made, gifts), friend)).voucher


def refused_to_give(mine: Voucher) -> Reason:
    """Return why its holder may not pass this voucher on."""
    refused = rules.refusal_to_give(SECRET, mine, giftable=True, at=NOW)
    return reason_of(refused)


def taken(outcome: Received | Refusal) -> Received:
    assert isinstance(outcome, Received), outcome
    return outcome


def reason_of(outcome: object) -> Reason:
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def test_a_link_moves_the_unit_to_the_friend_and_the_old_code_dies() -> None:
    gifts = gifts_with()
    friends = taken(accept(gifts, link_of(give(gifts), gifts))).voucher
    assert gifts.vouchers[VOUCHER_ID].state is State.GIVEN
    assert (friends.state, friends.visitor) == (State.ISSUED, "visitor-2")
    assert (friends.unit, friends.root) == (UNIT, VOUCHER_ID)
    assert friends.voucher_id != VOUCHER_ID


def test_while_a_link_stands_it_is_the_same_link() -> None:
    gifts = gifts_with()
    first, again = give(gifts), give(gifts, NOW + DAY)
    assert isinstance(first, Offered)
    assert again == replace(first, made=False)
    later = give(gifts, NOW + 4 * DAY)
    assert isinstance(later, Offered)
    assert later.secret != first.secret


def test_the_same_friend_gets_it_again_and_anyone_else_is_told() -> None:
    gifts = gifts_with()
    link = link_of(give(gifts), gifts)
    first = taken(accept(gifts, link))
    assert accept(gifts, link, at=NOW + 9 * DAY) == replace(first, made=False)
    assert reason_of(accept(gifts, link, "visitor-3")) is Reason.GIVEN_AWAY


@pytest.mark.parametrize(
    ("hold", "ends", "until"),
    [
        (None, NOW + DAY, NOW + DAY),
        (NOW + 2 * DAY, ENDS, NOW + 2 * DAY),
        (NOW + 2 * DAY, NOW + DAY, NOW + DAY),
        (NOW + 9 * DAY, ENDS, NOW + rules.GIFT_LIFE),
    ],
)
def test_no_link_outlives_its_voucher(
    hold: datetime | None, ends: datetime, until: datetime
) -> None:
    gifts = gifts_with(hold_until=hold)
    mine = gifts.vouchers[VOUCHER_ID]
    made = giving.give(gifts, mine, giftable=True, claim_secret=SECRET, ends=ends, at=NOW)
    assert isinstance(made, Offered)
    assert made.until == until


def test_a_supervisors_link_is_cut_short_too_but_not_by_the_hold_of_what_was_used_before() -> None:
    soon = NOW + 5 * MINUTE
    for state, until in (
        (State.ISSUED, soon),
        (State.REVERSED, NOW + rules.REISSUE_LIFE),
    ):
        assert link_of(reissue(gifts := gifts_with(state, hold_until=soon)), gifts).until == until


def test_a_claim_whose_hold_is_over_is_passed_on_no_more_though_nobody_swept_yet() -> None:
    gifts = gifts_with(hold_until=NOW + MINUTE)
    link = link_of(give(gifts), gifts)
    later = NOW + MINUTE
    assert reason_of(give(gifts, later)) is Reason.LAPSED
    assert reason_of(reissue(gifts, later)) is Reason.LAPSED
    assert reason_of(accept(gifts, link, at=later)) is Reason.LAPSED


def test_a_link_ends_after_three_days_and_gives_way_to_the_next() -> None:
    gifts = gifts_with()
    first = link_of(give(gifts), gifts)
    assert reason_of(accept(gifts, first, at=first.until)) is Reason.LAPSED
    second = link_of(give(gifts, first.until), gifts)
    assert reason_of(accept(gifts, first, at=first.until + MINUTE)) is Reason.LAPSED
    assert taken(accept(gifts, second, at=first.until + MINUTE)).made


def test_the_holder_cannot_take_the_own_link() -> None:
    gifts = gifts_with()
    assert reason_of(accept(gifts, link_of(give(gifts), gifts), "visitor-1")) is Reason.NOT_GIFTABLE


def test_a_received_voucher_is_not_passed_on() -> None:
    assert reason_of(give(gifts_with(root="1" * 15))) is Reason.NOT_GIFTABLE
    assert reason_of(give(gifts_with(), giftable=False)) is Reason.NOT_GIFTABLE
    assert reason_of(give(gifts_with(State.REVERSED))) is Reason.NOT_GIFTABLE


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.REDEEMED, Reason.ALREADY_REDEEMED),
        (State.HELD, Reason.HELD_BY_ORDER),
        (State.GIVEN, Reason.GIVEN_AWAY),
        (State.REVOKED, Reason.REVOKED),
        (State.LAPSED, Reason.LAPSED),
    ],
)
def test_what_is_settled_is_neither_given_nor_moved_nor_taken(state: State, reason: Reason) -> None:
    gifts = gifts_with()
    link = link_of(give(gifts), gifts)
    gifts.vouchers[VOUCHER_ID] = replace(gifts.vouchers[VOUCHER_ID], state=state)
    assert reason_of(accept(gifts, link)) is reason
    assert reason_of(give(gifts)) is reason
    assert reason_of(reissue(gifts)) is reason


def test_what_was_given_back_meanwhile_stays_with_its_holder() -> None:
    gifts = gifts_with()
    link = link_of(give(gifts), gifts)
    gifts.vouchers[VOUCHER_ID] = replace(gifts.vouchers[VOUCHER_ID], state=State.REVERSED)
    assert reason_of(accept(gifts, link)) is Reason.ALREADY_REDEEMED


def test_a_supervisor_moves_a_voucher_to_a_new_browser_whatever_it_was_before() -> None:
    for state, hold in ((State.ISSUED, NOW + DAY), (State.REVERSED, None)):
        gifts = gifts_with(state, root="1" * 15, hold_until=NOW + DAY)
        moved = taken(accept(gifts, link_of(reissue(gifts), gifts))).voucher
        assert (moved.root, moved.hold_until) == ("1" * 15, hold)
        assert gifts.vouchers[VOUCHER_ID].state is State.GIVEN


def test_a_supervisors_link_lives_a_quarter_of_an_hour_and_is_not_the_lost_browsers() -> None:
    gifts = gifts_with()
    mine = link_of(give(gifts), gifts)
    link = link_of(reissue(gifts), gifts)
    assert rules.standing(SECRET, gifts.vouchers[VOUCHER_ID], NOW) is None
    assert reason_of(give(gifts)) is Reason.NOT_GIFTABLE
    assert reason_of(accept(gifts, mine)) is Reason.LAPSED
    assert reason_of(accept(gifts, link, at=NOW + rules.REISSUE_LIFE)) is Reason.LAPSED


def test_a_printed_voucher_is_nobodys_to_move() -> None:
    gifts = Gifts(vouchers={VOUCHER_ID: voucher(voucher_id="Z" * 15)})
    assert reason_of(reissue(gifts)) is Reason.NOT_GIFTABLE


def test_a_link_without_its_voucher_is_nothing() -> None:
    link = Link(hash="0", voucher_id=VOUCHER_ID, campaign_id="festival", until=NOW)
    assert reason_of(accept(Gifts(), link)) is Reason.NOT_FOUND


def test_a_voucher_that_changes_while_its_link_is_made_is_tried_again() -> None:
    gifts = gifts_with()
    stale = gifts.vouchers[VOUCHER_ID]
    gifts.vouchers[VOUCHER_ID] = replace(stale, version=2)
    with pytest.raises(TryAgain):
        giving.give(gifts, stale, giftable=True, claim_secret=SECRET, ends=ENDS, at=NOW)


def test_of_taps_at_once_one_makes_the_link_and_the_others_get_it_too() -> None:
    gifts = gifts_with()
    as_all_read_it = gifts.vouchers[VOUCHER_ID]
    first, *others = (
        giving.give(
            gifts,
            as_all_read_it,
            giftable=True,
            claim_secret=SECRET,
            ends=ENDS,
            at=NOW + tap * timedelta(milliseconds=1),
        )
        for tap in range(6)
    )
    assert isinstance(first, Offered)
    assert first.made
    assert others == [replace(first, made=False)] * 5
    assert len(gifts.links) == 1


def test_a_tap_that_comes_while_the_voucher_is_used_is_told_so() -> None:
    gifts = gifts_with()
    as_read = gifts.vouchers[VOUCHER_ID]
    gifts.vouchers[VOUCHER_ID] = replace(as_read, state=State.REDEEMED, version=2)
    told = giving.give(gifts, as_read, giftable=True, claim_secret=SECRET, ends=ENDS, at=NOW)
    assert reason_of(told) is Reason.ALREADY_REDEEMED


class Overtaken(Gifts):
    """Somebody else is quicker between the look and the write."""

    def accept(self, giver: Voucher, link: Link, received: Voucher) -> Voucher | None:
        assert link.voucher_id == giver.voucher_id
        return self.overtake(giver, received)

    def overtake(self, giver: Voucher, received: Voucher) -> Voucher | None:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("visitor", "outcome"), [("visitor-2", None), ("visitor-3", Reason.GIVEN_AWAY)]
)
def test_of_two_that_accept_at_once_one_has_it(visitor: str, outcome: Reason | None) -> None:
    class Quicker(Overtaken):
        def overtake(self, giver: Voucher, received: Voucher) -> Voucher | None:
            assert giver.voucher_id == VOUCHER_ID
            return replace(received, visitor=visitor)

    gifts = Quicker(vouchers=gifts_with().vouchers)
    answer = accept(gifts, link_of(give(gifts), gifts))
    if outcome is None:
        assert not taken(answer).made
    else:
        assert reason_of(answer) is outcome


def test_a_use_at_the_same_moment_wins_or_loses_whole() -> None:
    class Used(Overtaken):
        def overtake(self, giver: Voucher, received: Voucher) -> Voucher | None:
            assert received.root == giver.voucher_id
            return replace(giver, state=State.REDEEMED)

    gifts = Used(vouchers=gifts_with().vouchers)
    assert reason_of(accept(gifts, link_of(give(gifts), gifts))) is Reason.ALREADY_REDEEMED


def test_a_voucher_that_is_free_again_is_tried_again() -> None:
    class Moving(Overtaken):
        def overtake(self, giver: Voucher, received: Voucher) -> Voucher | None:
            assert received.root == giver.voucher_id
            return giver

    gifts = Moving(vouchers=gifts_with().vouchers)
    with pytest.raises(TryAgain):
        accept(gifts, link_of(give(gifts), gifts))


def test_what_was_merely_moved_is_passed_on_once_still() -> None:
    gifts = gifts_with()
    moved = taken(accept(gifts, link_of(reissue(gifts), gifts))).voucher
    assert (moved.root, moved.is_gift) == (VOUCHER_ID, False)
    theirs = give_on(gifts, moved, "visitor-3")
    assert (theirs.root, theirs.is_gift) == (VOUCHER_ID, True)
    assert refused_to_give(theirs) is Reason.NOT_GIFTABLE


def test_a_friends_new_browser_has_a_gift_as_the_old_one_had() -> None:
    gifts = gifts_with()
    theirs = taken(accept(gifts, link_of(give(gifts), gifts))).voucher
    made = giving.reissue(gifts, theirs, claim_secret=SECRET, ends=ENDS, at=NOW)
    moved = taken(accept(gifts, link_of(made, gifts), "visitor-3")).voucher
    assert moved.is_gift
    assert refused_to_give(moved) is Reason.NOT_GIFTABLE


def test_what_was_moved_names_the_code_it_moved_to_and_what_was_given_names_none() -> None:
    for way in (reissue, give):
        gifts = gifts_with()
        new = taken(accept(gifts, link_of(way(gifts), gifts))).voucher
        told = {"moved_to": new.code[-4:]} if way is reissue else {}
        assert reissue(gifts) == give(gifts) == Refusal(Reason.GIVEN_AWAY, told)
