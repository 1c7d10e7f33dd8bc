"""The books: everything that an audit adds up. Access patterns AP-61 and AP-62.

Only an audit scans a table, and nobody waits for it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain

from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Books
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.case import Case
from chalicelib.domain.counter import Counter as Kept
from chalicelib.domain.counter import CounterId
from chalicelib.domain.insight import Image, Tally
from chalicelib.domain.offline import Chain
from chalicelib.domain.offline_scan import OfflineScan
from chalicelib.domain.voucher import PastUse, Voucher
from chalicelib.store import backlog, campaigns, engine, images, keys, mints, orders, tables
from chalicelib.store import voucher_items as items
from chalicelib.store.cases import case_of
from chalicelib.store.counters import counter_of
from chalicelib.store.engine import Raw
from chalicelib.store.scan_items import chain_of, scan_of

_KEY = {"pk", "sk"}


@dataclass(frozen=True)
class _Ledger:
    """What the ledger holds, sorted as it comes. Kinds of items that have no rule are left out."""

    vouchers: dict[str, Voucher] = field(default_factory=dict)
    past_uses: defaultdict[str, list[PastUse]] = field(default_factory=lambda: defaultdict(list))
    choices: set[str] = field(default_factory=set)
    counters: dict[CounterId, Kept] = field(default_factory=dict)
    versions: Counter[CounterId | str] = field(default_factory=Counter)
    images: list[Image] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    movements: Counter[CounterId] = field(default_factory=Counter)
    orders: dict[str, frozenset[str]] = field(default_factory=dict)
    scans: list[OfflineScan] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    def take(self, raw: Raw) -> None:
        """Sort one item in."""
        kind, _, name = raw["pk"]["S"].partition("#")
        if kind == keys.COUNTER:
            self._counter(raw)
        elif kind == keys.VOUCHER:
            self._of_voucher(name, raw)
        elif kind == keys.MOVES:
            stock = keys.moved_stock(engine.key_of(raw), int(raw["offer"]["N"]))
            self.movements[stock] += int(raw["change"]["N"])
            self.versions[stock] += 1
        elif kind == keys.MINT:
            self.batches.append(mints.batch_of(raw))
        elif kind == keys.ORDER:
            self.orders[name] = orders.groups_in(raw)
            self.versions[f"order {name}"] += int(raw["ver"]["N"])
        elif kind == keys.DEVICE:
            self._of_device(name, raw)
        elif kind == keys.CASES:
            case = case_of(raw)
            self.cases[case.root] = case
            self.versions[case.root] += case.version

    def _counter(self, raw: Raw) -> None:
        counter_id = keys.read_counter(keys.Key(raw["pk"]["S"], raw["sk"]["S"]))
        self.counters[counter_id] = counter_of(raw)
        self.versions[counter_id] += int(raw["ver"]["N"])

    def _of_device(self, device_id: str, raw: Raw) -> None:
        where = engine.key_of(raw)
        self.versions[f"device {device_id}"] += int(raw["ver"]["N"])
        if where == keys.chain(device_id):
            self.chains[device_id] = chain_of(raw)
        elif keys.is_entry(where) or keys.is_fork(where):
            self.scans.append(scan_of(raw))

    def _of_voucher(self, voucher_id: str, raw: Raw) -> None:
        kind = raw["sk"]["S"]
        self.versions[voucher_id] += int(raw["ver"]["N"])
        image = images.image_of(raw)
        if image is not None:
            self.images.append(image)
        if kind == keys.VOUCHER:
            self.vouchers[voucher_id] = items.voucher_of(raw)
        elif kind == keys.CHOICE:
            self.choices.add(voucher_id)
        elif keys.is_entry(engine.key_of(raw)):
            self.scans.append(scan_of(raw))
        elif kind.startswith(keys.past_uses(voucher_id).sk):
            self.past_uses[voucher_id].append(items.past_use_of(raw))


def read() -> Books:
    """Return the books as they are now, item by item; what moves meanwhile may not fit."""
    live = {name: pointer.revision for name, pointer in campaigns.pointers().items()}
    unfinished = frozenset(name for name in live if _is_open(name))
    ledger = _ledger()
    reached, figures = _figures()
    return Books(
        vouchers=ledger.vouchers,
        past_uses={name: tuple(uses) for name, uses in ledger.past_uses.items()},
        choices=frozenset(ledger.choices),
        batches=tuple(ledger.batches),
        orders=ledger.orders,
        scans=tuple(ledger.scans),
        chains=ledger.chains,
        cases=ledger.cases,
        counters=ledger.counters,
        movements=ledger.movements,
        versions=ledger.versions,
        images=tuple(ledger.images),
        figures=figures,
        reached=reached,
        backlog=backlog.behind(reached),
        campaigns=tuple(_campaign(name, revision) for name, revision in live.items()),
        open_publishes=unfinished,
    )


def _campaign(campaign_id: str, revision: int) -> Campaign:
    return campaigns.revision(campaign_id, revision)


def _is_open(campaign_id: str) -> bool:
    record = campaigns.publish_record(campaign_id)
    return record is not None and not record.done


def _ledger() -> _Ledger:
    """AP-61: read the whole ledger, strongly consistent, page by page. 1 RCU for 4 KB."""
    ledger = _Ledger()
    for page in engine.scan(tables.LedgerItem):
        for raw in page:
            ledger.take(raw)
    return ledger


def _figures() -> tuple[dict[str, str], dict[Tally, int]]:
    """AP-62: read the figures that are live and the checkpoints that they stand at.

    Cost: 1 RCU for 4 KB of the whole table.
    """
    reached: dict[str, str] = {}
    live: dict[str, str] = defaultdict(lambda: "0")
    rows: list[tuple[str, str, Raw]] = []
    for raw in chain.from_iterable(engine.scan(tables.InsightsItem)):
        kind, _, name = raw["pk"]["S"].partition("#")
        if kind == keys.CHECKPOINT:
            reached[name] = raw["sequence"]["S"]
        elif kind == keys.GENERATIONS:
            live[name] = raw["live"]["N"]
        elif kind == keys.TALLY:
            campaign_id, _, place = name.partition("#")
            rows.append((campaign_id, place.partition(".")[0], raw))
    figures = Counter[Tally]()
    for campaign_id, generation, raw in rows:
        for column in raw.keys() - _KEY if generation == live[campaign_id] else ():
            figures[Tally(campaign_id, raw["sk"]["S"], column)] += int(raw[column]["N"])
    return reached, figures
