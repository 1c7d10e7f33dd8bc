"""A festival that is lived in: the plan of `local.visits`, lived through the real use cases."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TypeVar

from chalicelib.domain import voucher as codes
from chalicelib.domain.choice import Choice, Chooser
from chalicelib.domain.claim import Wish
from chalicelib.domain.delivery_inputs import Trip
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan as Shown
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.source import Source
from chalicelib.domain.voucher import Voucher
from chalicelib.factors import shipped_factors
from chalicelib.store import choices, counters, uses, vouchers
from chalicelib.usecases import choosing, claiming, redeeming, reversing
from chalicelib.usecases.choosing import Asked
from chalicelib.usecases.claiming import Claimed
from chalicelib.usecases.redeeming import Redeemed
from chalicelib.usecases.reversing import Reversed
from chalicelib.web import journal
from local import visits
from local.visits import Choose, Claim, GiveBack, Scan, Visit

THREADS = 8
_TRIES, _PAUSE_SECONDS = 5, 0.2

Found = TypeVar("Found")
Outcome = Claimed | Redeemed | Reversed | Choice | Refusal
NAMES = {Claimed: "claims", Redeemed: "uses", Reversed: "given back", Choice: "deliveries chosen"}


@dataclass(frozen=True, slots=True)
class Report:
    """What was written, by name, and what was refused, by reason."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[Reason] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = [f"{count} {name}" for name, count in self.done.items()]
        return ", ".join([*told, f"refusals of {len(self.refused)} reasons"])


def is_there(published: Published, claim_secret: bytes) -> bool:
    """Tell whether the history was written to its end: its last voucher is there, at some stand."""
    ids = [wish_id(published, visit, claim_secret) for visit in _lasts(published)]
    return bool(vouchers.get_many(ids))


def write(
    published: Published, now: datetime, *, claim_secret: bytes, threads: int = THREADS
) -> Report:
    """Live the plan up to `now`, one stand a thread, and then the visit that marks the end.

    A start after a crash repeats what is there and adds the rest: every id comes from the plan.
    """
    report = Report()
    with ThreadPoolExecutor(threads) as pool:
        lanes = visits.plan(published.campaign, now)
        work = [pool.submit(_lane, published, lane, claim_secret) for lane in lanes]
        outcomes = [outcome for lane in work for outcome in lane.result()]
    outcomes += _mark(published, now, claim_secret)
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            report.refused[outcome.reason] += 1
        else:
            report.done[NAMES[type(outcome)]] += 1
    return report


def _lane(published: Published, lane: Iterable[Visit], claim_secret: bytes) -> list[Outcome]:
    return [outcome for visit in lane for outcome in Player(published, visit, claim_secret).live()]


def _mark(published: Published, now: datetime, claim_secret: bytes) -> list[Outcome]:
    """Make the last visit at the first stand that lets its visitor claim."""
    for visit in _lasts(published):
        outcome = Player(published, visit, claim_secret).claim(Claim(at=now))
        if isinstance(outcome, Claimed):
            return [outcome]
    return []


def _lasts(published: Published) -> list[Visit]:
    """Return the visit that may mark the end, for each stand: its first offer, by visitor 00."""
    campaign = published.campaign
    return [
        Visit(
            visitor=visits.LAST_VISITOR,
            popup_id=popup.popup_id,
            offer_id=campaign.offers_at(popup)[0].offer_id,
            acts=(),
        )
        for popup in campaign.popups
        if campaign.offers_at(popup)
    ]


def wish_id(published: Published, visit: Visit, claim_secret: bytes) -> str:
    """Return the id of the voucher that a visit claims first."""
    campaign = published.campaign
    offer, popup = campaign.offer[visit.offer_id], campaign.popup[visit.popup_id]
    return codes.claimed_id(
        claim_secret,
        campaign_number=campaign.number,
        offer_number=offer.number,
        popup_number=popup.number,
        visitor=visit.visitor,
        ordinal=1,
        scope=offer.visitor_scope,
    )


@dataclass
class Player:
    """One visitor and the stewards in front of them."""

    published: Published
    visit: Visit
    claim_secret: bytes
    voucher: Voucher | None = None
    last_use: int = 0

    def live(self) -> list[Outcome]:
        """Do everything of the visit, in order; refusals go to the log as they would live."""
        outcomes = []
        for number, act in enumerate(self.visit.acts):
            match act:
                case Claim():
                    outcome: Outcome | None = self.claim(act)
                case Scan():
                    outcome = self._scan(act, number)
                case GiveBack():
                    outcome = self._give_back(act, number)
                case Choose():
                    outcome = self._choose(act)
            if isinstance(outcome, Refusal):
                self._log(outcome, act.at)
            if outcome is not None:
                outcomes.append(outcome)
        return outcomes

    def claim(self, act: Claim) -> Claimed | Refusal:
        """Claim through the use case, without presence."""
        campaign = self.published.campaign
        wish = Wish(
            published=self.published,
            popup=campaign.popup[self.visit.popup_id],
            offer=campaign.offer[self.visit.offer_id],
            visitor=self.visit.visitor,
            at=act.at,
            ordinal=act.ordinal,
            source=_led_by(self.visit.visitor),
        )
        outcome = _settled(
            lambda request_id: claiming.claim(
                vouchers, counters, wish, claim_secret=self.claim_secret, request_id=request_id
            )
        )
        if isinstance(outcome, Claimed) and self.voucher is None:
            self.voucher = outcome.voucher
        return outcome

    def _scan(self, act: Scan, number: int) -> Redeemed | Refusal | None:
        if self.voucher is None:
            return None
        campaign = self.published.campaign
        shown = Shown(
            voucher_id=self.voucher.voucher_id,
            campaign_number=campaign.number,
            home=self.published.live,
            published=self.published,
            offer=campaign.offer[self.visit.offer_id],
            issued=campaign.popup[self.visit.popup_id],
            used=campaign.popup[act.popup_id],
            at=act.at,
            device_id=_device(act.popup_id, act.till),
            nonce=self._nonce(number),
            scanned_at=act.at,
            order_total_minor=act.order_total_minor,
        )
        outcome = _settled(lambda request_id: redeeming.redeem(uses, shown, request_id=request_id))
        if isinstance(outcome, Redeemed):
            self.last_use = outcome.use.number
        return outcome

    def _give_back(self, act: GiveBack, number: int) -> Reversed | Refusal | None:
        if self.voucher is None or not self.last_use:
            return None
        wish = reversing.Wish(
            voucher_id=self.voucher.voucher_id,
            number=self.last_use,
            nonce=self._nonce(number),
            why="scanned by mistake",
            device_id=_device(self.visit.popup_id, act.till),
            at=act.at,
        )
        return _settled(lambda _: reversing.reverse(uses, wish))

    def _choose(self, act: Choose) -> Choice | Refusal | None:
        voucher, plan = self.voucher, self.published.campaign.delivery
        if voucher is None or plan is None:
            return None
        popup = self.published.campaign.popup[self.visit.popup_id]
        offered = choosing.ways(
            plan,
            popup,
            Asked(trip=Trip(coming_anyway=act.coming_anyway)),
            day=popup.local_day(act.at),
            factors=shipped_factors(),
        )
        return _settled(
            lambda request_id: choosing.choose(
                choices,
                voucher,
                act.option,
                offered,
                Chooser(visitor=self.visit.visitor),
                at=act.at,
                request_id=request_id,
            )
        )

    def _nonce(self, number: int) -> str:
        """Return a nonce that a repeat of the plan gives again."""
        return f"{self.visit.visitor}-{number}"

    def _log(self, refusal: Refusal, at: datetime) -> None:
        journal.event(
            "refused",
            reason=refusal.reason,
            popup_id=self.visit.popup_id,
            offer_id=self.visit.offer_id,
            at=rfc3339(at),
            sample=1,
        )


def _led_by(visitor: str) -> Source | None:
    """Return by which print a visitor came, the same at each start: posters are seen first."""
    found = (Source.POSTER, Source.POSTER, Source.CARD, None)
    return Random(visitor).choice(found)  # noqa: S311 - a sample repeats its choices


def _device(popup_id: str, till: int) -> str:
    """Return the id of a sample till; no enrolled device has a dash in its id."""
    return f"sample-{popup_id}-{till}"


def _settled(call: Callable[[str], Found]) -> Found:
    """Repeat a call while the tables are busy: the same request id makes that safe."""
    request_id = str(uuid.uuid4())
    for _ in range(_TRIES - 1):
        try:
            return call(request_id)
        except TryAgain:
            time.sleep(_PAUSE_SECONDS)
    return call(request_id)
