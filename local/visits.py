"""Who came to the festival before you did: a plan of sample visits, the same one at each start.

A stand's visits depend on its name and on which hours have passed, on nothing else. The plan
is data; `local.history` lives it through the real use cases.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Benefit, Channel, Kind, Offer, Scope
from chalicelib.domain.popup import Popup

STANDS = 24
BUSIEST, DECAY = 42, 0.945  # visits at the busiest stand; each next one has this share of them
PAST = timedelta(hours=30)
STEP = timedelta(minutes=7)
SMALL_STOCK = 50  # an offer with no more than this per stand is shown sold out somewhere
LATE_COMERS = 3
LAST_VISITOR = "sample-last"  # their voucher marks that the plan was lived to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Asks for the offer, or for one more where `ordinal` is above 1."""

    at: datetime
    ordinal: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Shows the voucher at a stand, to its first or second till."""

    at: datetime
    popup_id: str
    till: int = 1
    order_total_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """A till gives the last use back."""

    at: datetime
    till: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Chooses how the order travels."""

    at: datetime
    option: str
    coming_anyway: bool | None


Act = Claim | Scan | GiveBack | Choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one visitor does about one offer, in order."""

    visitor: str
    popup_id: str
    offer_id: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A stand with the moments that lie behind it; `open_at` is within its window of use."""

    campaign: Campaign
    popup: Popup
    since: datetime
    now: datetime
    open_at: Sequence[datetime]
    closed_at: Sequence[datetime]


Story = Callable[[Random, Stand, Offer], tuple[Act, ...]]


def plan(campaign: Campaign, now: datetime) -> list[list[Visit]]:
    """Return the visits up to `now`, one list a stand; those of one stand are in order."""
    stands = _busiest_first(campaign)[:STANDS]
    lanes = [_visits(campaign, popup, rank, now) for rank, popup in enumerate(stands)]
    return [lane for lane in lanes if lane]


def visitor_of(popup: Popup, number: int) -> str:
    """Return the id of a sample visitor; no cookie ever holds one, for it has a dash."""
    return f"sample-{popup.number:02}{number:02}"


def _busiest_first(campaign: Campaign) -> list[Popup]:
    """Order the stands by how much there is to get; a fixed shuffle decides between equals."""
    popups = list(campaign.popups)
    Random(campaign.campaign_id).shuffle(popups)  # noqa: S311 - a plan, not a secret
    return sorted(popups, key=lambda popup: -len(campaign.offers_at(popup)))


def _visits(campaign: Campaign, popup: Popup, rank: int, now: datetime) -> list[Visit]:
    stand = _stand(campaign, popup, now)
    offers = [
        offer
        for offer in campaign.offers_at(popup)
        if Channel.STAND in offer.channels and not offer.presence_required
    ]
    if not offers or stand.since >= now:
        return []
    rng = Random(popup.popup_id)  # noqa: S311 - likewise
    wanted = rng.choices(offers, k=round(BUSIEST * DECAY**rank))
    wanted += _rush(campaign, popup)
    return [
        _visit(rng, stand, offer, visitor_of(popup, number)) for number, offer in enumerate(wanted)
    ] + [_from_afar(rng, stand)]


def _rush(campaign: Campaign, popup: Popup) -> list[Offer]:
    """Return the offer that runs out at this stand, once for each who comes, the last in vain."""
    for offer in campaign.offers_at(popup):
        stock = offer.stock
        small = stock and stock.per is Scope.POPUP and stock.units <= SMALL_STOCK
        if stock and small and popup.popup_id == offer.popup_ids[-1]:
            return [offer] * (stock.units + LATE_COMERS)
    return []


def _stand(campaign: Campaign, popup: Popup, now: datetime) -> Stand:
    since = max(campaign.claimable_from(popup), now - PAST)
    starts, ends = campaign.usable_from(popup), campaign.usable_until(popup)
    passed = [at for at in _steps(since, now) if starts <= at < ends]
    return Stand(
        campaign=campaign,
        popup=popup,
        since=since,
        now=now,
        open_at=[at for at in passed if popup.open_at(at)],
        closed_at=[at for at in passed if not popup.open_at(at)],
    )


def _steps(since: datetime, now: datetime) -> Iterator[datetime]:
    at = now - STEP
    while at > since:
        yield at
        at -= STEP


def _visit(rng: Random, stand: Stand, offer: Offer, visitor: str) -> Visit:
    story = rng.choices(list(STORIES), weights=list(STORIES.values()))[0]
    acts = story(rng, stand, offer)
    return Visit(visitor=visitor, popup_id=stand.popup.popup_id, offer_id=offer.offer_id, acts=acts)


def _from_afar(rng: Random, stand: Stand) -> Visit:
    """Return a visit that asks for what this stand has for those who stand there, or not at all."""
    here = stand.campaign.offers_at(stand.popup)
    asked = [offer for offer in here if offer.presence_required]
    asked = asked or [offer for offer in stand.campaign.offers if offer not in here]
    return Visit(
        visitor=visitor_of(stand.popup, 99),
        popup_id=stand.popup.popup_id,
        offer_id=rng.choice(asked or here).offer_id,
        acts=(Claim(at=_before(rng, stand, stand.now)),),
    )


# --- stories ------------------------------------------------------------------------------------
def _kept(rng: Random, stand: Stand, _: Offer) -> tuple[Act, ...]:
    """Claim, and keep the voucher for later."""
    return (Claim(at=_before(rng, stand, rng.choice([*stand.open_at, stand.now]))),)


def _used(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Claim and show it; some also say how the order is to travel."""
    if not stand.open_at:
        return _kept(rng, stand, offer)
    at = rng.choice(stand.open_at)
    use = Scan(
        at=at,
        popup_id=stand.popup.popup_id,
        till=rng.choice((1, 1, 2)),
        order_total_minor=_basket(rng, offer.benefit),
    )
    return (Claim(at=_before(rng, stand, at)), use, *_choice(rng, stand, at))


def _shown_twice(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Show a used voucher again, at the other till."""
    acts = _used(rng, stand, offer)
    uses = [act for act in acts if isinstance(act, Scan)]
    return acts + tuple(replace(u, at=_soon(stand, u.at), till=3 - u.till) for u in uses)


def _given_back(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Give a mistaken use back: the other till may not, this one may; some use it again."""
    acts = _used(rng, stand, offer)
    use = next((act for act in acts if isinstance(act, Scan)), None)
    if use is None:
        return acts
    soon = _soon(stand, use.at)
    backs = (GiveBack(at=soon, till=3 - use.till), GiveBack(at=soon, till=use.till))
    again = (replace(use, at=soon),) if rng.random() < 0.5 else ()
    return (*acts, *backs, *again)


def _at_another_stand(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Show it first in a city that the offer does not reach."""
    others = [popup for popup in stand.campaign.popups if not offer.reaches(stand.popup, popup)]
    if not others:
        return _used(rng, stand, offer)
    other = rng.choice(others).popup_id
    return _after_a_try(_used(rng, stand, offer), lambda use: replace(use, popup_id=other))


def _without_total(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Forget to type the order's total, then type it."""
    acts = _used(rng, stand, offer)
    if not offer.needs_order_total:
        return acts
    return _after_a_try(acts, lambda use: replace(use, order_total_minor=None))


def _small_order(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Come with an order that is too small, then with a larger one."""
    acts = _used(rng, stand, offer)
    if not offer.needs_order_total:
        return acts
    least = offer.benefit.minimum_minor or 2
    return _after_a_try(acts, lambda use: replace(use, order_total_minor=least // 2))


def _after_hours(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Come when the stand is closed."""
    if not stand.closed_at:
        return _used(rng, stand, offer)
    at = rng.choice(stand.closed_at)
    return (Claim(at=_before(rng, stand, at)), Scan(at=at, popup_id=stand.popup.popup_id))


def _too_early(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Come when it is revealed, before the first day of use."""
    revealed = stand.campaign.claimable_from(stand.popup, offer)
    starts = min(stand.campaign.usable_from(stand.popup, offer), stand.now)
    if revealed >= starts:
        return _kept(rng, stand, offer)
    at = revealed + (starts - revealed) * rng.random()
    return (Claim(at=revealed), Scan(at=at, popup_id=stand.popup.popup_id))


def _asks_for_more(rng: Random, stand: Stand, offer: Offer) -> tuple[Act, ...]:
    """Claim, and once more than the offer allows."""
    acts = _used(rng, stand, offer)
    return (*acts, Claim(at=_soon(stand, acts[-1].at), ordinal=offer.visitor_limit + 1))


STORIES: dict[Story, int] = {
    _kept: 32,
    _used: 50,
    _shown_twice: 4,
    _given_back: 3,
    _at_another_stand: 4,
    _without_total: 3,
    _small_order: 3,
    _after_hours: 4,
    _too_early: 2,
    _asks_for_more: 3,
}


def _after_a_try(acts: tuple[Act, ...], tried: Callable[[Scan], Scan]) -> tuple[Act, ...]:
    """Put a try that will be refused before each use."""
    pairs = ((tried(act), act) if isinstance(act, Scan) else (act,) for act in acts)
    return tuple(act for pair in pairs for act in pair)


def _choice(rng: Random, stand: Stand, at: datetime) -> tuple[Choose, ...]:
    plan = stand.campaign.delivery
    if plan is None or rng.random() < 0.5:
        return ()
    option = rng.choice(plan.options_at(stand.popup.popup_id))
    fetched = option.kind == "popup_collect"
    coming = rng.choice((True, True, False, None)) if fetched else None
    return (Choose(at=_soon(stand, at), option=option.code, coming_anyway=coming),)


def _basket(rng: Random, benefit: Benefit) -> int | None:
    """Return an order's total that suits the benefit; gifts and deliveries ask for none."""
    if benefit.kind not in {Kind.AMOUNT, Kind.PERCENTAGE}:
        return None
    capped = (benefit.cap_minor or 0) * 100 // (benefit.percentage or 100)
    usual = benefit.minimum_minor or capped or 4 * (benefit.amount_minor or 1000)
    return round(usual * rng.uniform(1.05, 2.5))


def _before(rng: Random, stand: Stand, at: datetime) -> datetime:
    """Return a moment up to two hours earlier, never before claims open."""
    earlier = at - timedelta(seconds=rng.randrange(60, 7200))
    return max(earlier, stand.campaign.claimable_from(stand.popup))


def _soon(stand: Stand, at: datetime) -> datetime:
    """Return a moment two minutes later, never in the future."""
    return min(at + timedelta(minutes=2), stand.now)
