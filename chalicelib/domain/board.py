"""The live board: what each city, or each offer of a merchant, gave out, took in and has left."""

from collections import Counter as Sums
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from unicodedata import normalize

from chalicelib.domain import limits
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.device import Seen
from chalicelib.domain.insight import claimed_by
from chalicelib.domain.limits import LimitId
from chalicelib.domain.offer import Offer
from chalicelib.domain.source import Source

Column = Literal["name", "claimed", "redeemed", "rate", "stock", "devices", "backlog"]
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
SILENT_AFTER: Final = timedelta(minutes=15)  # a device in use asks every two minutes

Figures = Mapping[str, Mapping[str, int]]  # row -> column -> number, as the projector counts
Left = Mapping[tuple[int, int], int]  # units by offer's and stand's number; 0: all stands together


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """The devices of a stand that are not shut out, and how many were not heard of for a while.

    `waiting` is how many offline entries they had still to hand in when they last said so.
    """

    devices: int = 0
    silent: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a campaign at an instant."""

    at: datetime
    figures: Figures
    left: Left
    gear: Mapping[str, Gear]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What stands of a city or an offer. `stock` None: nothing has a limit there.

    An offer has no gear. `by_print` are the claimed to which a print led.
    """

    key: str
    name: str
    claimed: int = 0
    redeemed: int = 0
    stock: int | None = None
    gear: Gear | None = None
    by_print: Mapping[Source, int] = field(default_factory=dict)

    @property
    def otherwise(self) -> int:
        """The claimed to which no print led."""
        return self.claimed - sum(self.by_print.values())

    @property
    def rate(self) -> float | None:
        """The used in proportion to the claimed; None where nothing was claimed."""
        return self.redeemed / self.claimed if self.claimed else None

    @property
    def devices(self) -> int | None:
        return self.gear.devices if self.gear else None

    @property
    def backlog(self) -> int | None:
        return self.gear.waiting if self.gear else None

    def value(self, column: Column) -> str | float | None:
        """Return by what a column sorts."""
        found: str | float | None = getattr(self, column)
        return normalize("NFKD", found.casefold()) if isinstance(found, str) else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The lines, what all stands share beside them, and the sum of it all."""

    lines: tuple[Line, ...]
    shared: Line | None = None

    @property
    def total(self) -> Line:
        """The sum of the lines, and of what they share."""
        every = (*self.lines, self.shared) if self.shared else self.lines
        gears = [line.gear for line in every if line.gear is not None]
        return Line(
            key="",
            name="",
            claimed=sum(line.claimed for line in every),
            redeemed=sum(line.redeemed for line in every),
            stock=_sum([line.stock for line in every]),
            gear=_sum_of(gears) if gears else None,
            by_print=sum((Sums(line.by_print) for line in every), Sums[Source]()),
        )

    def ordered(self, column: Column, *, down: bool) -> tuple[Line, ...]:
        """Return the lines by a column; equal ones by name, those without a value last."""
        named = sorted(self.lines, key=lambda line: str(line.value("name")))
        known = [line for line in named if line.value(column) is not None]
        known.sort(key=lambda line: line.value(column), reverse=down)  # type: ignore[arg-type, return-value]
        return (*known, *(line for line in named if line.value(column) is None))


def by_city(campaign: Campaign, read: Reading, popup_ids: Collection[str] | None = None) -> Board:
    """Return a line for each stand of these (None: all, and what they share)."""
    lines = tuple(
        Line(
            key=popup.popup_id,
            name=popup.city,
            claimed=_count(read, f"POPUP#{popup.popup_id}", "claimed"),
            redeemed=_count(read, f"POPUP#{popup.popup_id}", "redeemed"),
            stock=_sum([read.left.get((offer.number, popup.number)) for offer in campaign.offers]),
            gear=read.gear.get(popup.popup_id, Gear()),
            by_print=_by_print(read, f"POPUP#{popup.popup_id}"),
        )
        for popup in campaign.popups
        if popup_ids is None or popup.popup_id in popup_ids
    )
    shared = _sum([read.left.get((offer.number, 0)) for offer in campaign.offers])
    if popup_ids is not None or shared is None:
        return Board(lines=lines)
    return Board(lines=lines, shared=Line(key="", name="", stock=shared))


def by_offer(campaign: Campaign, read: Reading, titles: Mapping[str, str]) -> Board:
    """Return a line for each offer that has a title here, with its stock at all stands."""
    lines = (
        Line(
            key=offer.offer_id,
            name=titles[offer.offer_id],
            claimed=_count(read, f"OFFER#{offer.offer_id}", "claimed"),
            redeemed=_count(read, f"OFFER#{offer.offer_id}", "redeemed"),
            stock=_sum(
                [units for (number, _), units in read.left.items() if number == offer.number]
            ),
            by_print=_by_print(read, f"OFFER#{offer.offer_id}"),
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


def gear(seen: Iterable[Seen], shut_out: Collection[str], at: datetime) -> dict[str, Gear]:
    """Return the devices of each stand as they are at an instant of real time."""
    found: dict[str, list[Gear]] = {}
    for one in seen:
        if one.device.device_id not in shut_out:
            silent = int(at - one.last_seen > SILENT_AFTER)
            told = Gear(devices=1, silent=silent, waiting=one.waiting or 0)
            found.setdefault(one.device.popup_id, []).append(told)
    return {popup_id: _sum_of(gears) for popup_id, gears in found.items()}


def _sum_of(gears: Sequence[Gear]) -> Gear:
    return Gear(
        devices=sum(gear.devices for gear in gears),
        silent=sum(gear.silent for gear in gears),
        waiting=sum(gear.waiting for gear in gears),
    )


def _places(campaign: Campaign, offer: Offer) -> list[int]:
    issuing = [popup for popup in campaign.popups if offer.runs_at(popup.popup_id)]
    return limits.stock_places(offer, issuing)


def _count(read: Reading, row: str, column: str) -> int:
    return read.figures.get(row, {}).get(column, 0)


def _by_print(read: Reading, row: str) -> dict[Source, int]:
    found = {source: _count(read, row, claimed_by(source)) for source in Source}
    return {source: number for source, number in found.items() if number}


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
