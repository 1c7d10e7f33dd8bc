"""What people and machines do to the tables, as a caller repeats it: add yours in a few lines.

A case prepares what has to be there before, and returns the act: one call by its caller, which
may be repeated as it is. Its outcome says whether to try again.
"""

import re
from argparse import Namespace
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import made
import msgspec
from house import NOON, Answer, Browser, enrol
from rigs.lab import FESTIVAL, OFFERS, Lab, changed, claim_by

import manage
from chalicelib import signing, streams
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offer import Stock
from chalicelib.domain.voucher import Voucher
from chalicelib.store import tickets, vouchers
from chalicelib.usecases import erasing, noting
from chalicelib.web.context import context

TOTAL = (60_000, "TRY")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a caller is told. `again`: nothing is settled, the same call may be repeated."""

    good: bool
    again: bool
    told: Any


Act = Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class Case:
    """One use of the product. `repeats`: the same call after a success gets that success."""

    name: str
    prepare: Callable[[Lab], Act]
    repeats: bool = True
    cold: bool = False


def of_answer(answer: Answer) -> Outcome:
    """Return what an HTTP answer means to its caller; 200 and 201 say the same."""
    good = answer.status in {200, 201}
    told = answer.json if good else (answer.status, answer.reason)
    return Outcome(good, answer.reason == "try_again", told)


# --- visitors -------------------------------------------------------------------------------------
def _claims(browser: Browser, offer_id: str) -> Act:
    return lambda: of_answer(claim_by(copy(browser), offer_id))


def claim_plain(lab: Lab) -> Act:
    return _claims(lab.visitor(), "plain")


def claim_stocked(lab: Lab) -> Act:
    return _claims(lab.visitor(), "stocked")


def claim_from_the_second_shard(lab: Lab) -> Act:
    first = lab.visitor()
    claim_by(first, "single")
    return _claims(_of_the_same_shard(lab, first), "single")


def claim_sold_out(lab: Lab) -> Act:
    _sell_out(lab)
    return _claims(lab.visitor(), "single")


def claim_again_when_sold_out(lab: Lab) -> Act:
    return _claims(_sell_out(lab), "single")


def _sell_out(lab: Lab) -> Browser:
    """Let two visitors take both units of a stock, and return the first of them."""
    first = lab.visitor()
    for browser in (first, lab.visitor()):
        assert claim_by(browser, "single").status == 201
    return first


def _of_the_same_shard(lab: Lab, first: Browser) -> Browser:
    while True:
        browser = lab.visitor()
        if _shard(browser) == _shard(first):
            return browser


def _shard(browser: Browser) -> int:
    visitor = signing.read_visitor(context.secrets, browser.cookies["__Host-visitor"])
    assert visitor is not None
    return sum(visitor.encode()) % 2


def choose_delivery(lab: Lab) -> Act:
    browser = lab.visitor()
    code = claim_by(browser, "plain").json["code"]
    choice = {"voucher": code, "option": "locker", "trip": {"coming_anyway": True}}
    return lambda: of_answer(copy(browser).post("/api/v1/delivery/choices", choice))


def keep_a_note(lab: Lab) -> Act:
    mine, visitor = _mine(lab.visitor())

    def work() -> Outcome:
        refused = noting.note(tickets, mine, visitor, b"sealed", at=NOON, token="request-1")
        return Outcome(refused is None, again=False, told=refused)

    return trying(work)


def erase(lab: Lab) -> Act:
    """Forget a visitor with a note and a used voucher; a second visitor stays."""
    for browser in (lab.visitor(), lab.visitor()):
        mine, visitor = _mine(browser)
        noting.note(tickets, mine, visitor, b"sealed", at=NOON, token=mine.voucher_id)
        used = claim_by(browser, "stocked").json
        assert lab.phone().redeem(used["url"]).status == 201
    ids = [mine.voucher_id, used["voucher_id"], "0" * 15]

    def work() -> Outcome:
        erasing.erase(tickets, visitor, ids, at=NOON)
        return Outcome(good=True, again=False, told="")

    return trying(work)


def _mine(browser: Browser) -> tuple[Voucher, str]:
    """Return a fresh voucher and its visitor."""
    mine = vouchers.get(claim_by(browser, "plain").json["voucher_id"])
    assert mine is not None
    return mine, mine.visitor


def trying(work: Act) -> Act:
    """Return what is no request: it is told of a store that does not answer as an exception."""

    def act() -> Outcome:
        try:
            return work()
        except TryAgain:
            return Outcome(good=False, again=True, told="")

    return act


# --- staff ----------------------------------------------------------------------------------------
def redeem_plain(lab: Lab) -> Act:
    url = claim_by(lab.visitor(), "stocked").json["url"]
    phone = lab.phone()
    return lambda: of_answer(phone.redeem(url, "nonce-a1"))


def redeem_limited(lab: Lab) -> Act:
    url = claim_by(lab.visitor(), "limited").json["url"]
    phone = lab.phone()
    return lambda: of_answer(phone.redeem(url, "nonce-a1", total=TOTAL))


def redeem_typed(lab: Lab) -> Act:
    code = claim_by(lab.visitor(), "plain").json["code"]
    phone = lab.phone()
    return lambda: of_answer(phone.redeem(code, "nonce-a1"))


def redeem_what_was_given_back(lab: Lab) -> Act:
    url = claim_by(lab.visitor(), "limited").json["url"]
    phone = lab.phone()
    phone.reverse(phone.redeem(url, "nonce-a1", total=TOTAL).json["redemption_id"])
    return lambda: of_answer(phone.redeem(url, "nonce-a1", total=TOTAL))


def redeem_above_the_day_limit(lab: Lab) -> Act:
    phone, urls = lab.phone(), [claim_by(lab.visitor(), "limited").json["url"] for _ in range(4)]
    for url in urls[:3]:
        assert phone.redeem(url, total=TOTAL).status == 201
    return lambda: of_answer(phone.redeem(urls[3], "nonce-a1", total=TOTAL))


def reverse_plain(lab: Lab) -> Act:
    phone, url = lab.phone(), claim_by(lab.visitor(), "plain").json["url"]
    use = phone.redeem(url).json["redemption_id"]
    return lambda: of_answer(phone.reverse(use, "nonce-b1"))


def reverse_limited(lab: Lab) -> Act:
    phone, url = lab.phone(), claim_by(lab.visitor(), "limited").json["url"]
    use = phone.redeem(url, total=TOTAL).json["redemption_id"]
    return lambda: of_answer(phone.reverse(use, "nonce-b1"))


def enrol_phone(lab: Lab) -> Act:
    code = lab.enrolment_code("istanbul")

    def act() -> Outcome:
        outcome = of_answer(enrol(lab, code))
        if outcome.good:
            del outcome.told["device_token"]  # it names the instant at which it ends
        return outcome

    return act


# --- the projector --------------------------------------------------------------------------------
def project(lab: Lab) -> Act:
    phone, browser = lab.phone(), lab.visitor()
    for offer_id in ("limited", "stocked"):
        phone.redeem(claim_by(browser, offer_id).json["url"], total=TOTAL)
    return _projects(lab.tables.stream())


def project_behind_the_checkpoint(lab: Lab) -> Act:
    """Bring a batch of which a part is in the figures already."""
    claim_by(lab.visitor(), "stocked")
    streams.project(lab.tables.stream())
    claim_by(lab.visitor(), "plain")
    return _projects(lab.tables.stream())


def _projects(event: dict[str, Any]) -> Act:
    def act() -> Outcome:
        try:
            streams.project(event)
        except TryAgain:
            return Outcome(good=False, again=True, told="")
        return Outcome(good=True, again=False, told="")

    return act


# --- marketing ------------------------------------------------------------------------------------
def command(name: str, **asked: Any) -> Act:
    """Return what manage.py does and tells; the epoch is left out, each try has its own."""

    def act() -> Outcome:
        lines: list[str] = []
        at = context.now()
        status = manage.run(Namespace(command=name, **asked), at, lines.append)
        told = [re.sub(r" \(epoch \d+\)", "", line) for line in lines]
        return Outcome(status == 0, any(line.startswith("try_again") for line in told), told)

    return act


def publishes(lab: Lab, campaign: Campaign) -> Act:
    """Return what the operator does to publish a document."""
    file = lab.drafts / f"{next(lab.numbers)}.json"
    file.write_bytes(msgspec.json.encode(campaign))
    return command("publish", file=str(file))


def _use_some(lab: Lab) -> None:
    """Take from every limit of the festival."""
    phone, browser = lab.phone(), lab.visitor()
    for offer in OFFERS:
        voucher = claim_by(browser, offer.offer_id).json
        assert phone.redeem(voucher["url"], total=TOTAL).status == 201


LOWERED = changed(
    {
        "stocked": {"stock": Stock(units=2, shards=3)},
        "limited": {"day_limit": 2, "budget_minor": 900},
    }
)
RAISED = changed(
    {
        "stocked": {"stock": Stock(units=9, shards=3)},
        "limited": {"day_limit": 5, "budget_minor": 4_000},
    }
)
REMOVED = changed({"returning": {"stock": None}})
BELOW_USE = changed({"limited": {"budget_minor": 400}})
MIXED = changed(
    {
        "stocked": {"stock": Stock(units=3, shards=2)},
        "limited": {"day_limit": 2, "budget_minor": 4_000},
        "returning": {"stock": None},
    }
)


NEW = made.offer("new", 6, stock=Stock(units=3, shards=2))
CHANGED = replace(MIXED, offers=(*MIXED.offers, NEW))
OTHER = replace(RAISED, offers=(*RAISED.offers, NEW), name={"en": "Another draft"})


def publish_first(lab: Lab) -> Act:
    popups = tuple(replace(p, popup_id=f"{p.popup_id}-8") for p in FESTIVAL.popups)
    return publishes(lab, replace(FESTIVAL, campaign_id="second", number=8, popups=popups))


def publish_lowered(lab: Lab) -> Act:
    _use_some(lab)
    return publishes(lab, LOWERED)


def publish_raised(lab: Lab) -> Act:
    _use_some(lab)
    return publishes(lab, RAISED)


def publish_removed(lab: Lab) -> Act:
    _use_some(lab)
    return publishes(lab, REMOVED)


def publish_returned(lab: Lab) -> Act:
    _use_some(lab)
    assert publishes(lab, REMOVED)().good
    return publishes(lab, FESTIVAL)


def publish_below_use(lab: Lab) -> Act:
    _use_some(lab)
    return publishes(lab, BELOW_USE)


def publish_changed(lab: Lab) -> Act:
    _use_some(lab)
    return publishes(lab, CHANGED)


def roll_back(lab: Lab) -> Act:
    _use_some(lab)
    assert publishes(lab, MIXED)().good
    return command("rollback", campaign_id=FESTIVAL.campaign_id, revision=1)


PUBLISH_CHANGED = Case(
    "publish lowered, raised, removed and new limits", publish_changed, repeats=False
)
ROLL_BACK = Case("roll back", roll_back, repeats=False)
CASES = (
    Case("claim, from nothing", claim_stocked, cold=True),
    Case("claim without stock", claim_plain),
    Case("claim with stock", claim_stocked),
    Case("claim from the second shard", claim_from_the_second_shard),
    Case("claim what is sold out", claim_sold_out),
    Case("claim again when sold out", claim_again_when_sold_out),
    Case("choose a delivery", choose_delivery, repeats=False),  # a later choice is a new one
    Case("keep a note", keep_a_note),
    Case("erase a visitor", erase),
    Case("redeem", redeem_plain),
    Case("redeem with day limit and budget", redeem_limited),
    Case("redeem a typed code", redeem_typed),
    Case("redeem again what was given back", redeem_what_was_given_back),
    Case("redeem above the day limit", redeem_above_the_day_limit),
    Case("give back", reverse_plain),
    Case("give back with day limit and budget", reverse_limited),
    Case("enrol", enrol_phone),
    Case("project", project),
    Case("project behind the checkpoint", project_behind_the_checkpoint),
)
PUBLISHES = (
    Case("first publish", publish_first, repeats=False),
    PUBLISH_CHANGED,
    Case("publish a returned limit", publish_returned, repeats=False),
    Case("publish a limit below use", publish_below_use, repeats=False),
    ROLL_BACK,
)
MORE_PUBLISHES = (
    Case("publish lowered limits", publish_lowered, repeats=False),
    Case("publish raised limits", publish_raised, repeats=False),
    Case("publish a removed limit", publish_removed, repeats=False),
)
