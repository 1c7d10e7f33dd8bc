"""What no load, retry, crash or clock may break, as rules over the books.

A rule yields what is wrong and nothing else. A new kind of item brings its own rule: write the
check, add its row to `RULES`; a new state is told apart in `books.HOLDS_ITS_UNIT`.
"""

from collections import Counter as Tallies
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain import insight
from chalicelib.domain.books import HOLDS_ITS_UNIT, About, Books
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.insight import Tally
from chalicelib.domain.limits import stock_places
from chalicelib.domain.offer import Scope
from chalicelib.domain.offline_scan import Outcome
from chalicelib.domain.voucher import State, Voucher, nonce_mark

_IN_A_USE = frozenset({State.REDEEMED, State.HELD})


class Breach(StrEnum):
    """What a broken rule means to the people whose campaign it is."""

    OVERSOLD = "oversold"
    LOST = "lost"
    DOUBLE = "double"
    COUNTERS = "counters"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    about: About
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what breaking it means, what it says, and who finds out."""

    breach: Breach
    says: str
    check: Callable[[Books], Iterator[Finding]]


def _within_caps(books: Books) -> Iterator[Finding]:
    for counter_id, counter in books.counters.items():
        if counter.left < 0:
            yield Finding(counter_id, "0 or more left", f"{counter.left} left")
        taken = books.taken.get(counter_id, 0)
        if taken > counter.most:
            yield Finding(counter_id, f"at most {counter.most} given out", f"{taken} given out")


def _within_limits(books: Books) -> Iterator[Finding]:
    """Compare the caps with the live revisions; while a publish is open they may be tighter.

    Days pass: no publish touches the cap of a day that is over.
    """
    caps = Tallies[CounterId]()
    for counter_id, counter in books.counters.items():
        caps[_first_of(counter_id)] += counter.cap
    for campaign in books.campaigns:
        tighter = campaign.campaign_id in books.open_publishes
        for counter_id, most in _limits_of(campaign):
            total = caps[counter_id]
            if total > most or (total < most and not tighter):
                yield Finding(counter_id, f"caps of {most} in all", f"caps of {total}")


def _first_of(counter_id: CounterId) -> CounterId:
    """Return the counter that stands for all shards of its limit."""
    return replace(counter_id, part="0") if counter_id.kind is CounterKind.STOCK else counter_id


def _limits_of(campaign: Campaign) -> Iterator[tuple[CounterId, int]]:
    for offer in campaign.offers:
        if offer.stock is not None:
            popups = [popup for popup in campaign.popups if offer.runs_at(popup.popup_id)]
            for place in stock_places(offer, popups):
                stock = CounterId(CounterKind.STOCK, campaign.number, offer.number, place, "0")
                yield stock, offer.stock.units
        if offer.budget_minor is not None:
            budget = CounterId(CounterKind.BUDGET, campaign.number, offer.number)
            yield budget, offer.budget_minor


def _within_visitors_limit(books: Books) -> Iterator[Finding]:
    held: dict[tuple[str, str, str, str], list[Voucher]] = defaultdict(list)
    for voucher in books.vouchers.values():
        campaign = books.campaign.get(voucher.campaign_id)
        offer = campaign and campaign.offer.get(voucher.offer_id)
        claimed = voucher.root is None and not voucher.minted and voucher.visitor
        if offer and claimed and voucher.state in HOLDS_ITS_UNIT:
            place = "*" if offer.visitor_scope is Scope.CAMPAIGN else voucher.popup_id
            held[voucher.campaign_id, voucher.offer_id, place, voucher.visitor].append(voucher)
    for (campaign_id, offer_id, *_), vouchers in held.items():
        most = books.campaign[campaign_id].offer[offer_id].visitor_limit
        if len(vouchers) > most:
            last = max(vouchers, key=lambda voucher: (voucher.issued_at, voucher.voucher_id))
            yield Finding(last.voucher_id, f"at most {most} for a visitor", f"{len(vouchers)}")


def _counters_agree(books: Books) -> Iterator[Finding]:
    for counter_id in books.counters.keys() | books.taken.keys() | books.overrun.keys():
        taken, counter = books.taken.get(counter_id, 0), books.counters.get(counter_id)
        if counter is None:
            yield Finding(counter_id, f"{taken} given out", "no counter")
        elif counter.used != taken:
            yield Finding(counter_id, f"{taken} given out", f"{counter.used} given out")
        lacked, overrun = books.overrun.get(counter_id, 0), counter.overrun if counter else 0
        if lacked != overrun:
            yield Finding(counter_id, f"overrun by {lacked}", f"overrun by {overrun}")


def _stock_in_hand_agrees(books: Books) -> Iterator[Finding]:
    """Compare what shards of a stock have beyond their caps with what was moved there."""
    in_hand = Tallies[CounterId]()
    for counter_id, counter in books.counters.items():
        in_hand[_first_of(counter_id)] += counter.adj
    for stock in in_hand.keys() | books.movements.keys():
        wanted = books.movements.get(stock, 0)
        if in_hand[stock] != wanted:
            yield Finding(stock, f"moved by {wanted}", f"moved by {in_hand[stock]}")


def _one_use_at_a_time(books: Books) -> Iterator[Finding]:
    for voucher in books.vouchers.values():
        used, now = voucher.state in _IN_A_USE, voucher.use is not None
        if used != now:
            found = f"{voucher.state} {'in' if now else 'without'} a use"
            expected = "in a use where it is redeemed or held alone"
            yield Finding(voucher.voucher_id, expected, found)
        numbers = [past.use.number for past in books.past_uses.get(voucher.voucher_id, ())]
        numbers += [voucher.use.number] if voucher.use else []
        if len(set(numbers)) < len(numbers):
            yield Finding(voucher.voucher_id, "each use once", f"uses {numbers}")


def _one_holder_a_unit(books: Books) -> Iterator[Finding]:
    """Follow each unit that was passed on: all but one of its vouchers were given away."""
    holders: dict[str, list[str]] = defaultdict(list)
    for voucher in books.vouchers.values():
        if voucher.state in HOLDS_ITS_UNIT:
            holders[voucher.root or voucher.voucher_id].append(voucher.voucher_id)
    for ids in holders.values():
        if len(ids) > 1:
            yield Finding(max(ids), "one holder of its unit", f"{len(ids)} holders")


def _orders_agree(books: Books) -> Iterator[Finding]:
    for order in sorted(books.booked.keys() | books.orders.keys()):
        booked, kept = books.booked.get(order, frozenset()), books.orders.get(order, frozenset())
        if booked != kept:
            named = f"order {order}"
            yield Finding(named, f"groups {sorted(booked)}", f"groups {sorted(kept)}")


def _every_use_is_kept(books: Books) -> Iterator[Finding]:
    for voucher in books.vouchers.values():
        uses = books.uses_of(voucher)
        if len(uses) != voucher.uses:
            yield Finding(voucher.voucher_id, f"{voucher.uses} uses", f"{len(uses)} uses")
        marks = {nonce_mark(use.device_id, use.nonce) for use in uses}
        if not marks <= voucher.nonces:
            strange = len(marks - voucher.nonces)
            yield Finding(voucher.voucher_id, "the nonce of each use", f"{strange} forgotten")
        past = books.past_uses.get(voucher.voucher_id, ())
        released = sum(each.released for each in past)
        if released != voucher.released:
            told = f"{released} released holds"
            yield Finding(voucher.voucher_id, told, f"{voucher.released} released holds")


def _entries_agree(books: Books) -> Iterator[Finding]:
    """Compare what devices handed in with uses and cases: none lost, none twice, none hidden."""
    accepted: dict[str, tuple[str, int]] = {}
    for scan in books.scans:
        about = scan.root or f"device {scan.device_id}"
        chain = books.chains.get(scan.device_id)
        if chain is None or scan.seq > chain.last_seq:
            yield Finding(about, f"{scan.name} in its chain", "a chain that ends before")
        if scan.outcome is Outcome.ACCEPTED:
            accepted[scan.name] = scan.voucher_id or "", scan.number or 0
        case = books.cases.get(scan.root or "")
        listed = case is not None and (case.behind or case.names(scan.name))
        if scan.outcome is Outcome.CONFLICT and not listed:
            yield Finding(about, f"{scan.name} on the work list", "no case of it")
    for name in sorted(accepted.keys() | books.offline_uses.keys()):
        entry, use = accepted.get(name), books.offline_uses.get(name)
        if entry != use:
            voucher_id, _ = entry or use or ("", 0)
            yield Finding(voucher_id, f"the use of {name} is {entry}", f"{use}")


def _one_end_an_entry(books: Books) -> Iterator[Finding]:
    for name, times in Tallies(scan.name for scan in books.scans).items():
        if times > 1:
            yield Finding(f"device {name}", "one end of an entry", f"{times}")


def _nothing_without_its_voucher(books: Books) -> Iterator[Finding]:
    for voucher_id in sorted((books.past_uses.keys() | books.choices) - books.vouchers.keys()):
        yield Finding(voucher_id, "a voucher", "its uses or its choice alone")
    for voucher in books.vouchers.values():
        campaign = books.campaign.get(voucher.campaign_id)
        known = campaign is not None and (
            voucher.offer_id in campaign.offer and voucher.popup_id in campaign.popup
        )
        if not known:
            place = f"{voucher.campaign_id}/{voucher.offer_id}/{voucher.popup_id}"
            yield Finding(voucher.voucher_id, "an offer that is published", place)


def _every_write_is_counted(books: Books) -> Iterator[Finding]:
    """Ask for a write of the voucher a claim, use and return; each return also made an item."""
    for voucher in books.vouchers.values():
        returns = len(books.past_uses.get(voucher.voucher_id, ()))
        # The first use of a minted voucher is also what makes its item.
        least = (not voucher.minted) + voucher.uses + 2 * returns
        writes = books.versions.get(voucher.voucher_id, 0)
        if writes < least:
            yield Finding(voucher.voucher_id, f"{least} writes or more", f"{writes}")
    for counter_id in books.counters:
        if books.versions.get(counter_id, 0) < 1:
            yield Finding(counter_id, "a write or more", "0")


def _figures_agree(books: Books) -> Iterator[Finding]:
    """Compare the figures with the ledger, less what the projector has not seen yet."""
    wanted = Tallies[Tally]()
    for image in books.images:
        wanted.update(insight.contribution(image))
    for change in books.backlog:
        wanted.subtract(insight.difference(change.old, change.new))
    for tally in sorted(wanted.keys() | books.figures.keys()):
        found = books.figures.get(tally, 0)
        if wanted[tally] != found:
            yield Finding(tally, str(wanted[tally]), str(found))


RULES = (
    Rule(Breach.OVERSOLD, "no counter gave out more than its cap", _within_caps),
    Rule(Breach.OVERSOLD, "caps add up to the limits that are live", _within_limits),
    Rule(Breach.OVERSOLD, "no visitor has more than the offer allows", _within_visitors_limit),
    Rule(Breach.LOST, "each use is kept, with its nonce", _every_use_is_kept),
    Rule(Breach.LOST, "nothing lies without its voucher and offer", _nothing_without_its_voucher),
    Rule(Breach.LOST, "each write is counted in its item", _every_write_is_counted),
    Rule(Breach.LOST, "what devices handed in is used or on the work list", _entries_agree),
    Rule(Breach.DOUBLE, "no voucher is in two uses", _one_use_at_a_time),
    Rule(Breach.DOUBLE, "each entry of a device ended once", _one_end_an_entry),
    Rule(Breach.DOUBLE, "each unit has one holder", _one_holder_a_unit),
    Rule(Breach.DOUBLE, "orders have booked the groups of their vouchers", _orders_agree),
    Rule(Breach.COUNTERS, "counters gave out what vouchers took", _counters_agree),
    Rule(Breach.COUNTERS, "stock in hand is what was moved", _stock_in_hand_agrees),
    Rule(Breach.FIGURES, "figures are the ledger's sum", _figures_agree),
)
