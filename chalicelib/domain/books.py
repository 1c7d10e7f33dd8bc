"""What the tables hold, read for an audit: the books of every campaign."""

from collections import Counter as Tallies
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.case import Case
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.insight import Change, Image, Tally
from chalicelib.domain.offline import Chain
from chalicelib.domain.offline_scan import OfflineScan
from chalicelib.domain.voucher import PastUse, State, Use, Voucher

# A unit is counted where it lies: a lapsed claim gave it back, a given one handed it on.
HOLDS_ITS_UNIT = frozenset(State) - {State.LAPSED, State.GIVEN}

About = CounterId | Tally | str  # a counter, a figure, or a voucher by its id


@dataclass(frozen=True, kw_only=True)
class Books:
    """Everything that an audit adds up. It is read item by item, while others may write.

    `versions` sums `ver` over the items of a voucher or counter, so that it tells whether one
    changed between two readings; `reached` does so for the projector. `backlog` is what the
    stream holds and the figures do not have yet. `open_publishes` names campaigns whose publish
    is not finished. `movements` adds up by stock (by its first shard) what was received, damaged
    and counted. `orders` are the groups that each order has booked. `scans` are
    entries of devices that had no network, `chains` how far each is known, `cases` by their units.
    """

    vouchers: Mapping[str, Voucher] = field(default_factory=dict)
    past_uses: Mapping[str, tuple[PastUse, ...]] = field(default_factory=dict)
    choices: frozenset[str] = frozenset()
    batches: tuple[Batch, ...] = ()
    orders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scans: tuple[OfflineScan, ...] = ()
    chains: Mapping[str, Chain] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    counters: Mapping[CounterId, Counter] = field(default_factory=dict)
    movements: Mapping[CounterId, int] = field(default_factory=dict)
    versions: Mapping[CounterId | str, int] = field(default_factory=dict)
    images: tuple[Image, ...] = ()
    figures: Mapping[Tally, int] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)
    backlog: tuple[Change, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    open_publishes: frozenset[str] = frozenset()

    @cached_property
    def taken(self) -> Mapping[CounterId, int]:
        """What vouchers, batches and the uses that stand have taken from each counter."""
        taken = Tallies[CounterId]()
        for batch in self.batches:
            taken.update(dict(batch.units))
        for voucher in self.vouchers.values():
            if voucher.unit is not None and voucher.state in HOLDS_ITS_UNIT:
                taken[voucher.unit] += 1
            for counter, amount in voucher.use.moved if voucher.use else ():
                taken[counter] += amount
        return taken

    @cached_property
    def overrun(self) -> Mapping[CounterId, int]:
        """What the uses that stand wanted beyond what each counter had."""
        overrun = Tallies[CounterId]()
        for voucher in self.vouchers.values():
            for counter, amount in voucher.use.overran if voucher.use else ():
                overrun[counter] += amount
        return overrun

    @cached_property
    def offline_uses(self) -> Mapping[str, tuple[str, int]]:
        """The voucher and number of each use that was made of an entry, by the entry's name."""
        return {
            f"{use.device_id}#{use.seq}": (voucher.voucher_id, use.number)
            for voucher in self.vouchers.values()
            for use in self.uses_of(voucher)
            if use.seq is not None
        }

    def uses_of(self, voucher: Voucher) -> list[Use]:
        """Return all uses of a voucher, those that were given back first."""
        past = [past.use for past in self.past_uses.get(voucher.voucher_id, ())]
        return past + ([voucher.use] if voucher.use else [])

    @cached_property
    def booked(self) -> Mapping[str, frozenset[str]]:
        """The groups that uses and holds which stand have booked for each order."""
        booked: defaultdict[str, set[str]] = defaultdict(set)
        for voucher in self.vouchers.values():
            if voucher.use and voucher.use.order and voucher.use.group:
                booked[voucher.use.order].add(voucher.use.group)
        return {order: frozenset(groups) for order, groups in booked.items()}

    @cached_property
    def campaign(self) -> Mapping[str, Campaign]:
        return {campaign.campaign_id: campaign for campaign in self.campaigns}

    def moved(self, about: About, since: "Books") -> bool:
        """Tell whether this changed between two readings; a figure rests on everything."""
        if isinstance(about, Tally):
            return (self.versions, self.reached) != (since.versions, since.reached)
        return self.versions.get(about) != since.versions.get(about)

    def name(self, about: About) -> str:
        """Return the name under which people find it."""
        match about:
            case CounterId():
                return self._counter_name(about)
            case Tally(campaign_id, row, column):
                return f"figure {campaign_id} {row} {column}"
        return about if about.startswith(("order ", "device ")) else f"voucher {about}"

    def _counter_name(self, counter: CounterId) -> str:
        campaign = next((c for c in self.campaigns if c.number == counter.campaign_number), None)
        offer = campaign and campaign.offer_numbered.get(counter.offer_number)
        popup = campaign and campaign.popup_numbered.get(counter.popup_number)
        names = (
            campaign.campaign_id if campaign else f"campaign {counter.campaign_number}",
            offer.offer_id if offer else f"offer {counter.offer_number}",
            popup.popup_id if popup else f"stand {counter.popup_number or '*'}",
        )
        part = f" shard {counter.part}" if counter.kind is CounterKind.STOCK else f" {counter.part}"
        return f"{counter.kind} {'/'.join(names)}{part.rstrip()}"
