"""The order of checks, case by case: tests/golden/refusals.json, which JavaScript runs too."""

import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fakes import Ledger
from golden import refusals
from made import DEVICE, ISTANBUL, VOUCHER_ID, campaign, given_back, offer, token, use, voucher

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.live import Closing, Live, Published
from chalicelib.domain.offer import Benefit, Channel, Kind, Offer, Reach, Stock
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.voucher import State, Voucher, nonce_mark
from chalicelib.signing import Secrets, SigningKey
from chalicelib.usecases import redeeming

GOLDEN = Path(__file__).parents[1] / "golden"
DOCUMENT = json.loads((GOLDEN / "refusals.json").read_text())
CASES: list[dict[str, Any]] = DOCUMENT["cases"]
NONCE = "nonce-0001"
ORDER = "istanbul#order-1"
JUDGED = {
    Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY, Reason.KEY_RETIRED, Reason.KEY_WITHDRAWN,
    Reason.TRAINING_CODE, Reason.REVOKED, Reason.GIVEN_AWAY,
    Reason.WRONG_CAMPAIGN, Reason.WRONG_CITY,
    Reason.WRONG_MERCHANT, Reason.WRONG_CHANNEL, Reason.PAUSED, Reason.NOT_STARTED,
    Reason.EXPIRED, Reason.NOT_NOW, Reason.LAPSED, Reason.ALREADY_REDEEMED,
    Reason.HELD_BY_ORDER, Reason.ORDER_TOTAL_REQUIRED, Reason.MINIMUM_NOT_MET, Reason.NO_EFFECT,
    Reason.NOT_STACKABLE, Reason.LIMIT_DAY, Reason.BUDGET_EXHAUSTED,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_first_broken_rule_gives_the_reason(case: dict[str, Any]) -> None:
    facts = DOCUMENT["sound"] | case["changes"]
    outcome = judged(facts)
    if isinstance(outcome, Refusal):
        assert ("refused", str(outcome.reason)) == (case["outcome"], case["reason"])
    else:
        assert case["outcome"] == ("accepted" if outcome.made else "replayed")
        assert outcome.use.number == (2 if facts["state"] == "reversed" else 1)


def test_every_reason_of_the_order_has_a_case() -> None:
    assert {case["reason"] for case in CASES} - {None} == {str(reason) for reason in JUDGED}


def test_every_field_is_explained_and_no_case_has_another() -> None:
    assert DOCUMENT["fields"].keys() == DOCUMENT["sound"].keys()
    assert all(case["changes"].keys() <= DOCUMENT["fields"].keys() for case in CASES)


def test_names_are_told_apart() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_file_is_as_its_script_writes_it() -> None:
    assert refusals.document() == DOCUMENT


# --- the facts of a case, as the server meets them ------------------------------------------------
def judged(facts: dict[str, Any]) -> redeeming.Redeemed | Refusal:
    """Scan what the facts describe."""
    keys = secrets_of(facts)
    signed = tokens.read(text_of(facts))
    assert signed is not None
    key = signing.verify(keys, signed)
    if isinstance(key, Refusal):
        return key
    stand, given = stand_of(facts), offer_of(facts)
    issued = stand_of(facts, "issued_at_stand")
    everything = campaign(given, popups=(stand, replace(issued, popup_id="issued", number=9)))
    paused = frozenset({stand.popup_id} if facts["paused"] else ())
    until = facts["closed_until"] and instant(facts["closed_until"])
    closings = {stand.popup_id: Closing(at=instant(facts["at"]), until=until)} if until else {}
    live = Live(paused_popups=paused, closings=closings)
    here = Published(campaign=everything, revision=1, epoch=1, live=live)
    scanned = Scan(
        voucher_id=VOUCHER_ID,
        campaign_number=facts["voucher_campaign"],
        home=Live(
            withdrawn_keys=frozenset(facts["withdrawn_keys"]),
            revoked=frozenset({VOUCHER_ID} if facts["revoked"] else ()),
        ),
        published=here,
        offer=given,
        issued=issued,
        used=stand,
        at=instant(facts["at"]),
        device_id=DEVICE,
        nonce=NONCE,
        scanned_at=instant(facts["at"]),
        order_total_minor=facts["order_total_minor"],
        order=ORDER,
        merchant_ids=None if facts["sells_for"] is None else frozenset(facts["sells_for"]),
        token=signed.token,
        key=key,
    )
    return redeeming.redeem(ledger_of(facts), scanned, request_id="request-now")


def secrets_of(facts: dict[str, Any]) -> Secrets:
    """Return an installation that has key 1 for both campaigns."""
    seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    end = facts["key_not_after"] and instant(facts["key_not_after"])
    keys = [SigningKey(number, 1, seed, datetime(2019, 1, 1, tzinfo=UTC), end) for number in (7, 8)]
    return Secrets("", "", "", "", keys)


def text_of(facts: dict[str, Any]) -> str:
    """Return the text of the QR code."""
    body = tokens.pack(
        token(
            key_id=facts["key_id"],
            campaign_number=facts["voucher_campaign"],
            issued_at=instant(facts["token_issued_at"]),
            expires_at=instant(facts["token_expires_at"]),
            generation=facts["token_generation"],
        )
    )
    seed = bytes(range(32)) if facts["key_id"] else practice_seed(facts["voucher_campaign"])
    seed = seed if facts["signature"] == "good" else bytes(32)
    return tokens.text_of(body, Ed25519PrivateKey.from_private_bytes(seed).sign(body))


def practice_seed(campaign_number: int) -> bytes:
    """Return the seed of the practice codes of a campaign, whose claim secret is empty here."""
    return hmac.digest(b"", f"training|{campaign_number}".encode(), "sha256")


def stand_of(facts: dict[str, Any], which: str = "used_at_stand") -> Popup:
    named = facts[which]
    hours = tuple(Session(opens, closes) for opens, closes in facts["hours"])
    return replace(
        ISTANBUL,
        popup_id=named["id"],
        city=named["city"],
        country=named["country"],
        hours=hours,
    )


def offer_of(facts: dict[str, Any]) -> Offer:
    benefit = facts["benefit"]
    return offer(
        benefit=Benefit(**(benefit | {"kind": Kind(benefit["kind"])})),
        merchant_id="cam-fener",
        group="lights",
        usable_at=Reach(facts["usable_at"]),
        channels=tuple(Channel(channel) for channel in facts["channels"]),
        usable_from=facts["usable_from"],
        usable_until=facts["usable_until"],
        day_limit=None if facts["day_left"] is None else 5,
        budget_minor=None if facts["budget_left"] is None else 10_000,
        stock=Stock(units=10),
    )


def ledger_of(facts: dict[str, Any]) -> Ledger:
    """Return what the ledger has: the voucher, its past use, what is left of the limits."""
    ledger = Ledger(vouchers={VOUCHER_ID: voucher_of(facts)})
    ledger.orders[ORDER] = frozenset(facts["order_groups"])
    if facts["stored"] == "given_back":
        ledger.past[VOUCHER_ID, 1] = given_back(use())
    if facts["day_left"] is not None:
        day = CounterId(CounterKind.DAY, 7, 1, 1, "2026-05-20")
        ledger.counters[day] = Counter(5, facts["day_left"], 1)
    if facts["budget_left"] is not None:
        ledger.counters[CounterId(CounterKind.BUDGET, 7, 1)] = Counter(
            10_000, facts["budget_left"], 1
        )
    return ledger


def voucher_of(facts: dict[str, Any]) -> Voucher:
    state = State(facts["state"])
    marks = frozenset({nonce_mark(DEVICE, NONCE)} if facts["stored"] else ())
    if state is State.ISSUED and facts["stored"]:
        state = State.REVERSED
    other = use(number=2, nonce="another", device_id="another", request_id="another")
    standing = use() if facts["stored"] == "standing" else other
    uses = 2 if state is State.REDEEMED and facts["stored"] == "given_back" else 1
    return voucher(
        state,
        uses=0 if state is State.ISSUED else uses,
        use=standing if state is State.REDEEMED else None,
        nonces=marks,
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
