"""Conflicts become one case a unit, and a manager decides it once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fake_scans import Doors
from made import NOW, VOUCHER_ID, use, voucher

from chalicelib.domain.case import Case, Decision
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import LAST_USE
from chalicelib.domain.voucher import PastUse, State, Voucher
from chalicelib.usecases import contesting
from chalicelib.usecases.contesting import Ruling


def entry(
    device_id: str = "north", outcome: Outcome = Outcome.CONFLICT, **facts: Any
) -> OfflineScan:
    whole: dict[str, Any] = {
        "seq": 1,
        "nonce": "nonce-0001",
        "campaign_id": "festival",
        "popup_id": "istanbul",
        "scanned_at": NOW,
        "corrected_at": NOW,
        "received_at": NOW,
        "epoch": 1,
        "reason": Reason.ALREADY_REDEEMED if outcome is Outcome.CONFLICT else None,
        "root": VOUCHER_ID,
        "voucher_id": VOUCHER_ID,
        "offer_id": "lantern",
        "discount_minor": 500,
        "currency": "TRY",
        **facts,
    }
    return OfflineScan(device_id=device_id, outcome=outcome, **whole)


def doors(*entries: OfflineScan, used: Voucher | None = None, kind: type[Doors] = Doors) -> Doors:
    made = use(device_id="south", seq=1)
    ledger = kind(
        vouchers={VOUCHER_ID: used or voucher(State.REDEEMED, uses=1, use=made)},
    )
    for scan in entries:
        ledger.put(scan)
    return ledger


OTHER_ID = "Z" * 15
SOUTH = entry("south", Outcome.ACCEPTED, corrected_at=NOW + timedelta(minutes=1))
NORTH = entry("north")


def contest(ledger: Doors, *contested: str, accepted: tuple[str, ...] = ()) -> None:
    contesting.contest(ledger, "festival", contested=contested, accepted=accepted)


def contested(*more: OfflineScan) -> Doors:
    ledger = doors(NORTH, SOUTH, *more)
    contest(ledger, VOUCHER_ID)
    return ledger


def ruling(decision: Decision = Decision.KEEP, **facts: Any) -> Ruling:
    whole: dict[str, Any] = {
        "campaign_id": "festival",
        "popup_id": "istanbul",
        "root": VOUCHER_ID,
        "version": 2,
        "note": "seen it",
        "device_id": "boss",
        "at": NOW,
        **facts,
    }
    return Ruling(decision=decision, **whole)


def reason_of(outcome: Case | Refusal) -> Reason:
    assert isinstance(outcome, Refusal)
    return outcome.reason


def test_a_conflict_opens_one_case() -> None:
    case = contested().listed[VOUCHER_ID]
    assert [party.name for party in case.parties] == ["north#1", "south#1"]
    assert (case.winner, case.at_risk, case.resolved) == ("north#1", {"TRY": 500}, False)
    assert not case.behind


def test_the_same_conflict_again_writes_nothing() -> None:
    ledger = contested()
    before = ledger.listed[VOUCHER_ID]
    contest(ledger, VOUCHER_ID)
    assert ledger.listed[VOUCHER_ID] == before


def test_what_was_accepted_without_a_case_opens_none() -> None:
    ledger = doors(SOUTH)
    contest(ledger, accepted=(VOUCHER_ID,))
    assert ledger.listed == {}


def test_what_was_accepted_joins_a_case_that_is_there() -> None:
    ledger = contested()
    ledger.put(entry("east", Outcome.ACCEPTED, corrected_at=NOW - timedelta(minutes=5)))
    contest(ledger, accepted=(VOUCHER_ID,))
    case = ledger.listed[VOUCHER_ID]
    assert (case.winner, case.offline) == ("east#1", 3)


def test_a_unit_whose_conflict_is_nowhere_has_no_case() -> None:
    ledger = doors(SOUTH)
    contest(ledger, VOUCHER_ID)
    assert ledger.listed == {}


def test_a_case_is_written_until_it_says_everything() -> None:
    class Filling(Doors):
        """A ledger into which another device hands in while the case is written."""

        def write(self, case: Case) -> bool:
            self.put(entry("east", corrected_at=NOW - timedelta(minutes=9)))
            return super().write(case)

    ledger = doors(NORTH, SOUTH, kind=Filling)
    contest(ledger, VOUCHER_ID)
    assert ledger.listed[VOUCHER_ID].winner == "east#1"
    assert ledger.listed[VOUCHER_ID].offline == 3


def test_a_case_that_others_keep_writing_asks_to_try_again() -> None:
    class Taken(Doors):
        def write(self, case: Case) -> bool:
            del case
            return False

        def resolve(self, case: Case, voucher: Voucher | None, past: PastUse | None) -> bool:
            del case, voucher, past
            return False

    ledger = doors(NORTH, SOUTH, kind=Taken)
    with pytest.raises(TryAgain):
        contest(ledger, VOUCHER_ID)
    ledger.listed = contested().listed
    with pytest.raises(TryAgain):
        contesting.resolve(ledger, ruling())


def test_the_list_is_of_the_stands_that_took_part() -> None:
    ledger = contested()
    assert [c.root for c in contesting.open_cases(ledger, "festival", "istanbul")] == [VOUCHER_ID]
    assert contesting.open_cases(ledger, "festival", "madrid") == []


def test_the_list_says_what_happened_since_and_leaves_what_was_decided() -> None:
    ledger = contested()
    online = use(device_id="counter", number=2)
    ledger.vouchers[VOUCHER_ID] = voucher(State.REDEEMED, uses=2, use=online)
    (case,) = contesting.open_cases(ledger, "festival", "istanbul")
    assert case.winner == "counter"
    contesting.resolve(ledger, ruling())
    (case,) = contesting.open_cases(ledger, "festival", "istanbul")
    assert (case.winner, case.resolved) == ("north#1", True)


def test_a_decision_is_recorded_once() -> None:
    ledger = contested()
    decided = contesting.resolve(ledger, ruling(Decision.WRITE_OFF))
    assert isinstance(decided, Case)
    assert decided.resolved
    assert contesting.resolve(ledger, ruling(Decision.WRITE_OFF)) == decided
    assert reason_of(contesting.resolve(ledger, ruling())) is Reason.EDITED_MEANWHILE
    assert ledger.vouchers[VOUCHER_ID].state is State.REDEEMED


def test_what_was_decided_is_not_decided_again() -> None:
    ledger = contested()
    decided = contesting.resolve(ledger, ruling(Decision.WRITE_OFF))
    assert isinstance(decided, Case)
    again = replace(ruling(Decision.GIVE_BACK), version=decided.version)
    assert reason_of(contesting.resolve(ledger, again)) is Reason.EDITED_MEANWHILE
    assert ledger.vouchers[VOUCHER_ID].state is State.REDEEMED


def test_giving_back_ends_the_use_that_stands() -> None:
    ledger = contested()
    assert isinstance(contesting.resolve(ledger, ruling(Decision.GIVE_BACK)), Case)
    assert ledger.vouchers[VOUCHER_ID].state is State.REVERSED
    assert isinstance(contesting.resolve(ledger, ruling(Decision.GIVE_BACK)), Case)


@pytest.mark.parametrize(
    ("used", "reason"),
    [
        (voucher(State.REVERSED, uses=1), Reason.ALREADY_REVERSED),
        (
            voucher(State.REDEEMED, uses=LAST_USE, use=use(number=LAST_USE)),
            Reason.REVERSAL_WINDOW_CLOSED,
        ),
    ],
)
def test_what_does_not_stand_or_is_the_last_use_is_not_given_back(
    used: Voucher, reason: Reason
) -> None:
    ledger = contested()
    ledger.vouchers[VOUCHER_ID] = used
    assert reason_of(contesting.resolve(ledger, ruling(Decision.GIVE_BACK))) is reason


def test_a_case_of_others_is_none() -> None:
    ledger = contested()
    assert reason_of(contesting.resolve(ledger, ruling(popup_id="madrid"))) is Reason.NOT_FOUND
    assert reason_of(contesting.resolve(ledger, ruling(root="Z" * 15))) is Reason.NOT_FOUND


def test_a_stale_decision_is_refused() -> None:
    stale = contesting.resolve(contested(), ruling(version=7))
    assert reason_of(stale) is Reason.EDITED_MEANWHILE


def test_who_comes_forward_after_the_decision_opens_the_case_again() -> None:
    ledger = contested()
    contesting.resolve(ledger, ruling())
    ledger.put(entry("east", corrected_at=NOW - timedelta(minutes=5)))
    contest(ledger, VOUCHER_ID)
    case = ledger.listed[VOUCHER_ID]
    assert not case.resolved
    assert case.resolution is not None


def test_a_case_whose_writer_died_is_written_by_whoever_looks_or_decides() -> None:
    ledger = doors(NORTH, SOUTH)
    assert ledger.listed[VOUCHER_ID].behind
    assert reason_of(contesting.resolve(ledger, ruling(version=1))) is Reason.EDITED_MEANWHILE
    ledger.put(entry("east"))
    (case,) = contesting.open_cases(ledger, "festival", "istanbul")
    assert (case.offline, case.behind) == (3, False)
    assert ledger.listed[VOUCHER_ID] == case


def test_a_use_of_another_stand_is_not_given_back() -> None:
    ledger = contested(entry("east", popup_id="madrid"))
    elsewhere = ruling(Decision.GIVE_BACK, popup_id="madrid", version=3)
    assert reason_of(contesting.resolve(ledger, elsewhere)) is Reason.DEVICE_NOT_ALLOWED


def test_the_use_of_who_inherited_the_unit_is_part_of_its_case() -> None:
    given = voucher(State.GIVEN, heir=OTHER_ID)
    ledger = doors(entry(reason=Reason.GIVEN_AWAY), used=given)
    counter = voucher(State.REDEEMED, voucher_id=OTHER_ID, uses=1, use=use(device_id="counter"))
    ledger.vouchers[OTHER_ID] = counter
    contest(ledger, VOUCHER_ID)
    assert ledger.listed[VOUCHER_ID].winner == "counter"


def test_gifts_are_at_risk_without_an_amount() -> None:
    gift = replace(NORTH, discount_minor=0, currency=None)
    ledger = doors(gift, SOUTH)
    contest(ledger, VOUCHER_ID)
    assert ledger.listed[VOUCHER_ID].at_risk == {}
