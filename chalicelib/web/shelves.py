"""What stocks were seen to have: a hint for pages, read at most every few seconds a process.

The counters alone decide whether a claim gets a unit.
"""

import time
from collections.abc import Callable, Iterable, Mapping

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offer import Offer, Scope
from chalicelib.domain.popup import Popup
from chalicelib.store import counters

FRESH_SECONDS = 5.0

Shelf = tuple[int, int, int]  # numbers of campaign, offer and stand; stand 0 is the whole campaign


class Shelves:
    """Remembers what was left of each stock. Where nobody could look, nothing is said."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Shelf, tuple[float, int]] = {}

    def left(self, campaign: Campaign, offer: Offer, popups: Iterable[Popup]) -> dict[str, int]:
        """Return by stand how many units of an offer are left; nothing for one without stock."""
        return self.left_of(campaign, [(offer, popup) for popup in popups]).get(offer.offer_id, {})

    def left_of(
        self, campaign: Campaign, places: Iterable[tuple[Offer, Popup]]
    ) -> dict[str, dict[str, int]]:
        """Return the same by offer and stand: one request for all that is not fresh."""
        shelves = {
            (offer.offer_id, popup.popup_id): (_shelf(campaign, offer, popup), offer)
            for offer, popup in places
            if offer.stock is not None
        }
        seen = self._look(dict(shelves.values()))
        found: dict[str, dict[str, int]] = {}
        for (offer_id, popup_id), (shelf, _) in shelves.items():
            if shelf in seen:
                found.setdefault(offer_id, {})[popup_id] = seen[shelf]
        return found

    def _look(self, shelves: Mapping[Shelf, Offer]) -> dict[Shelf, int]:
        now = self._clock()
        stale = [
            s for s in shelves if now - self._seen.get(s, (-FRESH_SECONDS, 0))[0] >= FRESH_SECONDS
        ]
        if stale:
            try:
                read = counters.read([c for s in stale for c in _counters(s, shelves[s])])
            except TryAgain:
                read = {}
            for shelf in stale:
                units = [read[c].left for c in _counters(shelf, shelves[shelf]) if c in read]
                if units:
                    self._seen[shelf] = now, sum(units)
        return {shelf: self._seen[shelf][1] for shelf in shelves if shelf in self._seen}


def _shelf(campaign: Campaign, offer: Offer, popup: Popup) -> Shelf:
    everywhere = offer.stock is not None and offer.stock.per is Scope.CAMPAIGN
    return campaign.number, offer.number, 0 if everywhere else popup.number


def _counters(shelf: Shelf, offer: Offer) -> list[CounterId]:
    shards = offer.stock.shards if offer.stock else 0
    return [CounterId(CounterKind.STOCK, *shelf, str(shard)) for shard in range(shards)]
