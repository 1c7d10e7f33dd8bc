"""What the ledger's items add to the figures that people watch.

Every item contributes a fixed set of tallies; a change contributes the difference between its
new and its old image. So replaying a table from nothing gives the same numbers as following it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import delivery_report
from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.delivery import Verdict
from chalicelib.domain.source import Source
from chalicelib.domain.voucher import State

_DAY_LENGTH = len("2019-11-11")
_ASKED_ABOUT = frozenset({State.REDEEMED, State.GIVEN, State.REVOKED})


@dataclass(frozen=True, slots=True, order=True)
class Tally:
    """One number: a column of a row of a campaign."""

    campaign_id: str
    row: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherImage:
    """What a voucher item shows to the figures. Hours are local, `YYYY-MM-DDTHH`.

    `claimed` is False for one that was minted or passed on: nobody claimed it. `released` counts
    the orders' holds among its uses. `mark` names the voucher on lists of used
    ones, and gives it to nobody. `source` is the print by which it was claimed.
    """

    campaign_id: str
    popup_id: str
    offer_id: str
    merchant_id: str | None
    claimed_hour: str
    state: State
    claimed: bool = True
    uses: int = 0
    released: int = 0
    used_popup_id: str | None = None
    used_hour: str | None = None
    discount_minor: int = 0
    currency: str | None = None
    mark: bytes = b""
    source: Source | None = None

    @property
    def places(self) -> frozenset[str]:
        """The stands that have it on their used list: where it is from and where it was used."""
        if self.state not in _ASKED_ABOUT:
            return frozenset()
        return frozenset({self.popup_id, self.used_popup_id or self.popup_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceImage:
    """What a delivery choice shows to the figures."""

    campaign_id: str
    popup_id: str
    offer_id: str
    merchant_id: str | None
    option: str
    total: CentigramRange
    saving: CentigramRange | None
    verdict: Verdict
    method: str
    baseline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastUseImage:
    """What a use that was given back shows to the figures, under the day on which it was made."""

    campaign_id: str
    popup_id: str
    offer_id: str
    used_hour: str


Image = VoucherImage | ChoiceImage | PastUseImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One stream record: where it stands in its shard, and both images (None: not ours).

    `item` names the ledger's item and `ver` the version that the change made of it; an item that
    is gone has the version after its last. `written_at` is the table's own time.
    """

    sequence: str
    item: str
    ver: int
    written_at: datetime
    old: Image | None
    new: Image | None

    @property
    def campaign_id(self) -> str | None:
        """The campaign whose figures may change; None where none do."""
        image = self.new or self.old
        return image.campaign_id if image else None


def newly_used(old: Image | None, new: Image | None) -> Iterator[tuple[str, bytes]]:
    """Yield each stand whose phones should ask about a voucher from now on, with its mark.

    It was used or given away or withdrawn; that it is given back later takes nothing off the list:
    a hit means "ask", never no.
    """
    if isinstance(new, VoucherImage):
        before = old.places if isinstance(old, VoucherImage) else frozenset()
        yield from ((popup_id, new.mark) for popup_id in sorted(new.places - before))


def difference(old: Image | None, new: Image | None) -> dict[Tally, int]:
    """Return what a change adds to each tally; what cancels out is left away."""
    deltas: Counter[Tally] = Counter()
    if new is not None:
        deltas.update(contribution(new))
    if old is not None:
        deltas.subtract(contribution(old))
    return {tally: delta for tally, delta in deltas.items() if delta}


def contribution(image: Image) -> dict[Tally, int]:
    """Return what an item as it stands adds to the figures."""
    match image:
        case VoucherImage():
            return dict(_of_voucher(image))
        case ChoiceImage():
            return dict(_of_choice(image))
    row = _day_row(image.popup_id, image.used_hour, image.offer_id)
    return {Tally(image.campaign_id, row, "returned"): 1}


def claimed_by(source: Source) -> str:
    """Return the column of what was claimed by a print; `claimed` has these, too."""
    return f"claimed_{source}"


def _of_voucher(image: VoucherImage) -> Iterator[tuple[Tally, int]]:
    if image.claimed:
        for row in _rows(image, image.popup_id, image.claimed_hour):
            yield Tally(image.campaign_id, row, "claimed"), 1
        if image.source is not None:  # columns of the same rows: no write more
            for row in _rows(image, image.popup_id, ""):
                yield Tally(image.campaign_id, row, claimed_by(image.source)), 1
    used = image.state is State.REDEEMED and image.used_popup_id is not None
    if used:
        for row in _rows(image, image.used_popup_id or "", image.used_hour or ""):
            yield Tally(image.campaign_id, row, "redeemed"), 1
            if image.discount_minor:
                column = f"discount_{image.currency}"
                yield Tally(image.campaign_id, row, column), image.discount_minor
    given_back = image.uses - image.released - (image.state in {State.REDEEMED, State.HELD})
    if given_back:
        for row in _rows(image, image.popup_id, ""):
            yield Tally(image.campaign_id, row, "reversed"), given_back


def _of_choice(image: ChoiceImage) -> Iterator[tuple[Tally, int]]:
    for row in (*_rows(image, image.popup_id, ""), f"OPTION#{image.option}"):
        yield Tally(image.campaign_id, row, "chosen"), 1
    # Grams are kept apart by what made them, so that no sum ever mixes methods or baselines.
    row = delivery_report.row_of(
        method=image.method,
        baseline=image.baseline,
        popup_id=image.popup_id,
        merchant_id=image.merchant_id,
        option=image.option,
    )
    for column, number in delivery_report.columns(image.verdict, image.total, image.saving).items():
        yield Tally(image.campaign_id, row, column), number


def _day_row(popup_id: str, hour: str, offer_id: str) -> str:
    """Return the row of an offer at a stand on a local day, of which the stand's report is made."""
    return f"DAY#{popup_id}#{hour[:_DAY_LENGTH]}#{offer_id}"


def _rows(image: VoucherImage | ChoiceImage, popup_id: str, hour: str) -> tuple[str, ...]:
    rows = ["TOTAL", f"POPUP#{popup_id}", f"OFFER#{image.offer_id}"]
    if image.merchant_id:
        rows.append(f"MERCHANT#{image.merchant_id}")
    if hour:
        rows.append(f"HOUR#{popup_id}#{hour}")
        rows.append(_day_row(popup_id, hour, image.offer_id))
    return tuple(rows)
