"""What devices hand in and managers decide, as their callers repeat it."""

from typing import Any

from handing import OfflinePhone
from house import Json
from rigs.cases import TOTAL, Act, Case, Outcome, of_answer
from rigs.engine_cases import claimed
from rigs.lab import Lab

from chalicelib.domain.device import Profile

_BATCH = "/api/v1/redemptions/batch"


def _hands_in(lab: Lab, phone: OfflinePhone) -> Act:
    """Return what a phone sends, the same bytes each time; when it came in is told with it."""
    body = phone.signed(phone.queue)

    def act() -> Outcome:
        outcome = of_answer(phone.post(_BATCH, body))
        if outcome.good:
            del outcome.told["device_token"], outcome.told["expires_at"]  # they name an instant
            outcome.told["came_in"] = _came_in(lab, phone.device_id)
        return outcome

    return act


def _came_in(lab: Lab, device_id: str) -> Any:
    rows = lab.tables.items("ledger")
    (chain,) = [r for r in rows if (r["pk"]["S"], r["sk"]["S"]) == (f"DEV#{device_id}", "CHAIN")]
    return chain["run_at"]


def _used_elsewhere(lab: Lab, voucher: Json) -> str:
    url = str(voucher["url"])
    assert lab.phone().redeem(url, total=TOTAL).status == 201
    return url


def hand_in(lab: Lab) -> Act:
    """Hand in a use, one that another device made meanwhile, and what is no voucher."""
    phone = OfflinePhone(lab)
    phone.accept(claimed(lab)["url"])
    phone.accept(_used_elsewhere(lab, claimed(lab, "plain")))
    phone.accept("rubbish")
    return _hands_in(lab, phone)


def hand_in_beyond_the_limits(lab: Lab) -> Act:
    """Hand in two uses of an offer that has one left for the day and little in its budget."""
    phone = OfflinePhone(lab)
    for _ in range(2):
        phone.accept(claimed(lab, "anyway")["url"], total=TOTAL)
    return _hands_in(lab, phone)


def hand_in_after_a_lost_answer(lab: Lab) -> Act:
    phone = OfflinePhone(lab)
    phone.accept(claimed(lab)["url"])
    told = phone.send_batch(phone.queue)
    phone.previous = told.answer.json["head"]["hash"]
    phone.accept(claimed(lab, "plain")["url"])
    return _hands_in(lab, phone)


def hand_in_what_was_withdrawn(lab: Lab) -> Act:
    """Withdraw at the door what had been used online without the phone's knowing."""
    phone, url = OfflinePhone(lab), claimed(lab, "limited")["url"]
    assert phone.redeem(url, "nonce-a1", total=TOTAL).status == 201
    phone.accept(url, "nonce-a1", total=TOTAL, withdrawn=True)
    return _hands_in(lab, phone)


def decide(lab: Lab) -> Act:
    """Give back a use that two doors accepted."""
    url = claimed(lab, "anyway")["url"]
    for phone in (OfflinePhone(lab), OfflinePhone(lab)):
        phone.accept(url, total=TOTAL)
        phone.hand_in()
    boss = OfflinePhone(lab, profile=Profile.SUPERVISOR)
    (case,) = boss.cases()
    return lambda: of_answer(boss.decide(case, "give_back"))


OFFLINE_CASES = (
    Case("hand in", hand_in),
    Case("hand in beyond the limits", hand_in_beyond_the_limits),
    Case("hand in after a lost answer", hand_in_after_a_lost_answer),
    Case("hand in what was withdrawn", hand_in_what_was_withdrawn),
    Case("decide a case", decide),
)
