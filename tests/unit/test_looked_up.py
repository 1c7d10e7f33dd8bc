"""What happened to a voucher, as one list in time."""

from dataclasses import replace
from datetime import timedelta

from made import NOW, given_back, use, used_voucher, voucher

from chalicelib.domain import looked_up
from chalicelib.domain.looked_up import What
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason


def entry(outcome: Outcome, reason: Reason | None = None) -> OfflineScan:
    return OfflineScan(
        device_id="phone-2",
        seq=1,
        nonce="nonce-1",
        campaign_id="festival",
        popup_id="rome",
        scanned_at=NOW,
        corrected_at=NOW + timedelta(hours=2),
        received_at=NOW + timedelta(hours=3),
        epoch=1,
        outcome=outcome,
        reason=reason,
    )


def test_what_was_only_issued_has_one_line() -> None:
    (line,) = looked_up.history(voucher(), [], [])
    assert (line.what, line.device_id) == (What.ISSUED, None)


def test_uses_and_what_gave_them_back_stand_in_the_order_of_time() -> None:
    first = given_back(use(number=1))
    hold = given_back(use(number=2), released=True)
    lines = looked_up.history(used_voucher(), [first, hold], [])
    assert sorted(line.at for line in lines) == [line.at for line in lines]
    kinds = {line.what for line in lines}
    assert kinds == {What.ISSUED, What.USED, What.GIVEN_BACK, What.HELD, What.RELEASED}


def test_an_entry_that_took_the_voucher_shows_as_its_use_alone() -> None:
    taken = replace(used_voucher(), use=use(seq=1))
    lines = looked_up.history(taken, [], [entry(Outcome.ACCEPTED)])
    assert [(line.what, line.offline) for line in lines[1:]] == [(What.USED, True)]


def test_an_entry_that_moved_nothing_says_why() -> None:
    found = entry(Outcome.CONFLICT, Reason.ALREADY_REDEEMED)
    last = looked_up.history(used_voucher(), [], [found])[-1]
    assert (last.what, last.reason, last.offline) == (What.CONFLICT, Reason.ALREADY_REDEEMED, True)


def test_a_hold_is_no_use_yet() -> None:
    held = used_voucher(held_until=NOW + timedelta(minutes=5))
    assert [line.what for line in looked_up.history(held, [], [])][-1] is What.HELD
