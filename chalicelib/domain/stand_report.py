"""What a stand did on one of its local days, offer by offer: what came, what went, what is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.device import Profile, Seen
from chalicelib.domain.popup import Popup
from chalicelib.domain.stock import Kind, Movement

Figures = Mapping[str, Mapping[str, int]]  # rows `DAY#<stand>#<day>#<offer>`


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An offer on that day. None: it has no stock of its own here, or nobody counted.

    `left` is `opening + received - damaged - given + reversed`, what should have been there;
    `counted` is the last count, `difference` what the counts of the day corrected. `reversed` are
    uses of the day that were given back, then or later.
    """

    offer_id: str
    opening: int | None
    received: int
    damaged: int
    claimed: int
    given: int
    reversed: int
    left: int | None
    counted: int | None
    difference: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is asked for, and what is known of the stand: its figures and its book."""

    popup: Popup
    day: date
    figures: Figures
    movements: Sequence[Movement]

    def line(self, offer_id: str, offer_number: int, units: int | None) -> Line:
        """Return the line of an offer; `units` are those that are published for this stand."""
        booked = [one for one in self.movements if one.offer_number == offer_number]
        today = [one for one in booked if self._is_today(one)]
        columns = self._columns(self.day, offer_id)
        counts = [one for one in today if one.kind is Kind.COUNTED]
        received = sum(one.number for one in today if one.kind is Kind.RECEIVED)
        damaged = sum(one.number for one in today if one.kind is Kind.DAMAGED)
        opening = None if units is None else units + self._before(offer_id, booked)
        reversed_ = columns.get("returned", 0)
        net = columns.get("redeemed", 0)
        return Line(
            offer_id=offer_id,
            opening=opening,
            received=received,
            damaged=damaged,
            claimed=columns.get("claimed", 0),
            given=net + reversed_,
            reversed=reversed_,
            left=None if opening is None else opening + received - damaged - net,
            counted=counts[-1].number if counts else None,
            difference=sum(one.change for one in counts) if counts else None,
        )

    def offers(self) -> set[str]:
        """Return the offers that have figures on that day."""
        found = (row.split("#") for row in self.figures)
        return {offer for _, _, day, offer in found if day == self.day.isoformat()}

    def _before(self, offer_id: str, booked: Sequence[Movement]) -> int:
        """Return what earlier days did to the stock: what was moved, less what was handed over."""
        moved = sum(one.change for one in booked if self._day_of(one) < self.day)
        days = {row.split("#")[2] for row in self.figures}
        earlier = [day for day in days if day < self.day.isoformat()]
        return moved - sum(
            self._columns(date.fromisoformat(day), offer_id).get("redeemed", 0) for day in earlier
        )

    def _columns(self, day: date, offer_id: str) -> Mapping[str, int]:
        return self.figures.get(f"DAY#{self.popup.popup_id}#{day}#{offer_id}", {})

    def _day_of(self, movement: Movement) -> date:
        return self.popup.local_day(movement.at)

    def _is_today(self, movement: Movement) -> bool:
        return self._day_of(movement) == self.day


def given(figures: Figures, offer_id: str) -> int:
    """Return how many units of an offer a stand has handed over so far, less what came back."""
    return sum(
        columns.get("redeemed", 0)
        for row, columns in figures.items()
        if row.rpartition("#")[2] == offer_id
    )


@dataclass(frozen=True, slots=True)
class Pending:
    """A device whose scans may be missing: so many wait in it, or None: it was not heard of."""

    seen: Seen
    waiting: int | None


def pending(
    devices: Sequence[Seen],
    closed_at: datetime,
    revoked: Callable[[str], bool],
) -> list[Pending]:
    """Return the scanners that have a queue, or were not heard of since the stand closed."""
    scanners = [
        one
        for one in devices
        if one.device.profile is not Profile.SCREEN and not revoked(one.device.device_id)
    ]
    return [
        Pending(one, one.waiting or None)
        for one in scanners
        if one.waiting or one.last_seen < closed_at
    ]
