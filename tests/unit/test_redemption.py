"""What a refusal tells staff, and when a use may be given back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from made import (
    ANKARA,
    DEVICE,
    ISTANBUL,
    NOW,
    campaign,
    offer,
    published,
    scan,
    token,
    use,
    used_voucher,
    voucher,
)

from chalicelib.domain.live import Closing, Live
from chalicelib.domain.offer import Benefit, Channel, Kind
from chalicelib.domain.popup import Session
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import KeyLife, Scan, refusal, refusal_to_reverse, rfc3339
from chalicelib.domain.voucher import State, Voucher


def reason_of(which: Scan, state: Voucher | None = None) -> Reason | None:
    refused = refusal(which, state)
    return refused.reason if refused else None


def facts_of(which: Scan, state: Voucher | None = None) -> dict[str, str]:
    refused = refusal(which, state)
    assert refused is not None
    return dict(refused.facts)


def test_a_sound_scan_is_not_refused() -> None:
    assert refusal(scan(), None) is None
    assert refusal(scan(), voucher()) is None
    assert refusal(scan(), voucher(State.REVERSED)) is None


def test_a_typed_code_has_neither_key_nor_generation() -> None:
    typed = scan(token=None, key=None)
    assert refusal(typed, voucher(generation=3)) is None
    assert reason_of(typed, voucher(State.LAPSED)) is Reason.LAPSED


def test_keys_are_withdrawn_in_the_campaign_that_issued_the_voucher() -> None:
    here = published(campaign(), live=Live(withdrawn_keys=frozenset({1})))
    assert refusal(scan(published=here), None) is None
    assert reason_of(scan(home=Live(withdrawn_keys=frozenset({1})))) is Reason.KEY_WITHDRAWN


def test_a_key_vouches_from_the_minute_in_which_it_began() -> None:
    life = KeyLife(not_before=datetime(2026, 5, 19, 12, 0, 59, tzinfo=UTC))
    assert life.vouches_for(datetime(2026, 5, 19, 12, 0, tzinfo=UTC))
    assert not life.vouches_for(datetime(2026, 5, 19, 11, 59, tzinfo=UTC))


def test_a_used_voucher_says_when_where_and_by_which_device() -> None:
    elsewhere = replace(used_voucher(), use=use(popup_id="madrid", device_id="device-9"))
    assert facts_of(scan(), elsewhere) == {
        "used_at": "2026-05-20T12:00:30Z",
        "used_place": "Madrid",
        "used_popup_id": "madrid",
        "used_device_id": "device-9",
        "time_zone": "Europe/Madrid",
    }
    assert facts_of(scan(), voucher(State.REDEEMED, uses=1)) == {}


def test_a_closed_stand_says_when_it_opens() -> None:
    evenings = replace(ISTANBUL, hours=(Session("20:00", "22:00"),))
    assert facts_of(scan(used=evenings)) == {
        "opens_at": "2026-05-20T17:00:00Z",
        "time_zone": "Europe/Istanbul",
    }
    assert facts_of(scan(used=replace(ISTANBUL, hours=()))) == {"time_zone": "Europe/Istanbul"}


def test_opening_hours_never_stop_an_online_use() -> None:
    closed = replace(ISTANBUL, hours=())
    both = offer(channels=(Channel.STAND, Channel.ONLINE))
    assert reason_of(scan(offer=both, used=closed)) is Reason.NOT_NOW
    assert refusal(scan(offer=both, used=closed, channel=Channel.ONLINE), None) is None


def test_the_window_is_judged_by_the_clock_of_the_stand_of_use() -> None:
    at = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)  # past midnight in Istanbul, not in Madrid
    anywhere = offer(usable_at="campaign")
    madrid = published().campaign.popup["madrid"]
    assert reason_of(scan(offer=anywhere, at=at)) is Reason.EXPIRED
    assert refusal(scan(offer=anywhere, at=at, used=madrid), None) is None


def test_refusals_name_the_setting_behind_them() -> None:
    assert facts_of(scan(used=ANKARA)) == {"issued_at_city": "Istanbul", "setting": "usable_at"}
    assert facts_of(scan(offer=offer(channels=(Channel.ONLINE,)))) == {"setting": "channels"}
    minimum = offer(benefit=Benefit(kind=Kind.AMOUNT, amount_minor=5, minimum_minor=100))
    assert facts_of(scan(offer=minimum, order_total_minor=99)) == {
        "minimum_minor": "100",
        "currency": "TRY",
        "setting": "minimum_minor",
    }


def test_a_missing_total_says_in_which_currency() -> None:
    tenth = offer(benefit=Benefit(kind=Kind.PERCENTAGE, percentage=10))
    capped = Benefit(kind=Kind.PERCENTAGE, percentage=10, cap_minor=5, currency="EUR")
    assert facts_of(scan(offer=tenth)) == {"currency": "TRY"}
    assert facts_of(scan(offer=offer(benefit=capped))) == {"currency": "EUR"}


def test_a_total_does_no_harm_where_none_is_asked_for() -> None:
    assert refusal(scan(order_total_minor=0), None) is None


def test_an_expired_token_is_expired_whatever_the_window_says() -> None:
    old = token(expires_at=NOW)
    assert reason_of(scan(token=old)) is Reason.EXPIRED
    assert refusal(scan(token=old, at=NOW - timedelta(seconds=1)), None) is None


# --- giving back ----------------------------------------------------------------------------------
def reversal(state: Voucher, number: int = 1, **facts: object) -> Reason | None:
    whole: dict[str, object] = {"device_id": DEVICE, "supervisor": False, "at": NOW, **facts}
    refused = refusal_to_reverse(state, number, **whole)  # type: ignore[arg-type]
    return refused.reason if refused else None


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(0, None), (15, None), (15.001, Reason.REVERSAL_WINDOW_CLOSED)],
)
def test_the_same_device_has_fifteen_minutes(minutes: float, reason: Reason | None) -> None:
    assert reversal(used_voucher(), at=NOW + timedelta(minutes=minutes)) is reason


def test_a_supervisor_has_no_such_limits() -> None:
    later = NOW + timedelta(days=9)
    assert reversal(used_voucher(), supervisor=True, device_id="other", at=later) is None


def test_another_device_may_not() -> None:
    assert reversal(used_voucher(), device_id="other") is Reason.DEVICE_NOT_ALLOWED


@pytest.mark.parametrize(
    "state",
    [
        voucher(),
        voucher(State.REVERSED, uses=1),
        voucher(State.REDEEMED, uses=2, use=use(number=2)),
        voucher(State.GIVEN, uses=1, use=use()),
    ],
)
def test_only_the_standing_use_can_be_given_back(state: Voucher) -> None:
    assert reversal(state) is Reason.ALREADY_REVERSED


@pytest.mark.parametrize("supervisor", [True, False])
def test_nobody_gives_the_eighth_use_back(supervisor: bool) -> None:  # noqa: FBT001
    eighth = voucher(State.REDEEMED, uses=8, use=use(number=8))
    assert reversal(eighth, 8, supervisor=supervisor) is Reason.REVERSAL_WINDOW_CLOSED


def test_instants_are_written_in_utc() -> None:
    there = timezone(timedelta(hours=3))
    assert rfc3339(datetime(2026, 5, 20, 15, 0, 59, 999_999, there)) == "2026-05-20T12:00:59Z"
    assert rfc3339(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


def test_refusals_compare_by_what_they_say() -> None:
    assert Refusal(Reason.PAUSED) == Refusal(Reason.PAUSED, {})


def test_a_shop_sells_for_its_own_merchants() -> None:
    theirs = offer(merchant_id="cam-fener")
    assert reason_of(scan(offer=theirs, merchant_ids=frozenset({"cam-fener"}))) is None
    refused = refusal(scan(offer=theirs, merchant_ids=frozenset({"mosaico"})), None)
    assert refused == Refusal(Reason.WRONG_MERCHANT, {"setting": "merchant_id"})


def test_a_stand_that_its_manager_closed_is_closed_but_sells_online() -> None:
    again = NOW + timedelta(hours=20)
    live = Live(closings={"istanbul": Closing(NOW, again)})
    whole = campaign(offer(channels=(Channel.STAND, Channel.ONLINE)))
    here = published(whole, live=live)
    at_the_stand = scan(published=here, offer=whole.offers[0])
    assert reason_of(at_the_stand) is Reason.NOT_NOW
    assert facts_of(at_the_stand)["opens_at"] == rfc3339(again)
    assert refusal(replace(at_the_stand, channel=Channel.ONLINE), None) is None
    assert refusal(replace(at_the_stand, at=again), None) is None
