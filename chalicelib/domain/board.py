"""The live board: what each city, or each offer of a merchant, gave out, took in and has left."""

from collections import Counter as Sums
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from chalicelib.domain import limits
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.limits import LimitId
from chalicelib.domain.offer import Offer

Column = Literal["name", "claimed", "redeemed", "rate", "stock"]
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)

Figures = Mapping[str, Mapping[str, int]]  # row -> column -> number, as the projector counts
Left = Mapping[tuple[int, int], int]  # units by offer's and stand's number; 0: all stands together


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What stands of a city or an offer. `stock` None: nothing has a limit there."""

    key: str
    name: str
    claimed: int = 0
    redeemed: int = 0
    stock: int | None = None

    @property
    def rate(self) -> float | None:
        """The used in proportion to the claimed; None where nothing was claimed."""
        return self.redeemed / self.claimed if self.claimed else None

    def value(self, column: Column) -> str | float | None:
        """Return what a column of the board has."""
        found: str | float | None = getattr(self, column)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The lines, what all stands share beside them, and the sum of it all."""

    lines: tuple[Line, ...]
    shared: Line | None = None

    @property
    def total(self) -> Line:
        """The sum of the lines, and of what they share."""
        every = (*self.lines, self.shared) if self.shared else self.lines
        return Line(
            key="",
            name="",
            claimed=sum(line.claimed for line in every),
            redeemed=sum(line.redeemed for line in every),
            stock=_sum([line.stock for line in every]),
        )

    def ordered(self, column: Column, *, down: bool) -> tuple[Line, ...]:
        """Return the lines by a column; equal ones by name, those without a value last."""
        named = sorted(self.lines, key=lambda line: line.name.casefold())
        if column == "name":
            return tuple(named[::-1] if down else named)
        known = [line for line in named if line.value(column) is not None]
        known.sort(key=lambda line: line.value(column), reverse=down)  # type: ignore[arg-type, return-value]
        return (*known, *(line for line in named if line.value(column) is None))


def by_city(
    campaign: Campaign, figures: Figures, left: Left, popup_ids: Collection[str] | None = None
) -> Board:
    """Return a line for each stand of these (None: all, and what they share)."""
    lines = tuple(
        Line(
            key=popup.popup_id,
            name=popup.city,
            **_counts(figures, f"POPUP#{popup.popup_id}"),
            stock=_sum([left.get((offer.number, popup.number)) for offer in campaign.offers]),
        )
        for popup in campaign.popups
        if popup_ids is None or popup.popup_id in popup_ids
    )
    shared = _sum([left.get((offer.number, 0)) for offer in campaign.offers])
    if popup_ids is not None or shared is None:
        return Board(lines=lines)
    return Board(lines=lines, shared=Line(key="", name="", stock=shared))


def by_offer(campaign: Campaign, figures: Figures, left: Left, titles: Mapping[str, str]) -> Board:
    """Return a line for each offer that has a title here, with its stock at all stands."""
    lines = (
        Line(
            key=offer.offer_id,
            name=titles[offer.offer_id],
            **_counts(figures, f"OFFER#{offer.offer_id}"),
            stock=_sum([units for (number, _), units in left.items() if number == offer.number]),
        )
        for offer in campaign.offers
        if offer.offer_id in titles
    )
    return Board(lines=tuple(lines))


def counters(campaign: Campaign) -> list[CounterId]:
    """Return the counters of everything that can still be claimed and has a limit."""
    return [
        counter
        for offer in campaign.offers
        if offer.stock is not None and not offer.closed
        for place in _places(campaign, offer)
        for counter in limits.counters_of(
            campaign.number, LimitId(CounterKind.STOCK, offer.number, place), offer.stock.shards
        )
    ]


def left(found: Mapping[CounterId, Counter]) -> Left:
    """Add up what the shards of each limit have left."""
    units = Sums[tuple[int, int]]()
    for counter_id, counter in found.items():
        units[counter_id.offer_number, counter_id.popup_number] += counter.left
    return units


def _places(campaign: Campaign, offer: Offer) -> list[int]:
    issuing = [popup for popup in campaign.popups if offer.runs_at(popup.popup_id)]
    return limits.stock_places(offer, issuing)


def _counts(figures: Figures, row: str) -> dict[str, int]:
    found = figures.get(row, {})
    return {"claimed": found.get("claimed", 0), "redeemed": found.get("redeemed", 0)}


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
