"""Entries of devices as items of the ledger, and back."""

from datetime import datetime

from chalicelib.domain.offline import Chain, Committed
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.store import engine, keys
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Raw
from chalicelib.store.voucher_items import INSTANT, NUMBER, TEXT, Attribute

SCAN = {
    "seq": Attribute("seq", *NUMBER),
    "dev": Attribute("device_id", *TEXT),
    "nonce": Attribute("nonce", *TEXT),
    "camp": Attribute("campaign_id", *TEXT),
    "pop": Attribute("popup_id", *TEXT),
    "at": Attribute("scanned_at", *INSTANT),
    "cor": Attribute("corrected_at", *INSTANT),
    "rcv": Attribute("received_at", *INSTANT),
    "epoch": Attribute("epoch", *NUMBER),
    "out": Attribute("outcome", engine.text, lambda value: Outcome(value["S"])),
    "why": Attribute("reason", engine.text, lambda value: Reason(value["S"])),
    "skew": Attribute("skewed", items.flag, items.read_flag, unsaid=False),
    "shift": Attribute("shift", *TEXT),
    "root": Attribute("root", *TEXT),
    "vch": Attribute("voucher_id", *TEXT),
    "offer": Attribute("offer_id", *TEXT),
    "disc": Attribute("discount_minor", *NUMBER, unsaid=0),
    "ccy": Attribute("currency", *TEXT),
    "num": Attribute("number", *NUMBER),
    "fork": Attribute("fork", *TEXT),
}
_CHAIN = {
    "ver": Attribute("version", *NUMBER),
    "last_seq": Attribute("last_seq", *NUMBER),
    "last_hash": Attribute("last_hash", *TEXT),
    "last_at": Attribute("last_at", *INSTANT),
    "run_at": Attribute("run_at", *INSTANT),
    "run_uses": Attribute("run_uses", *NUMBER),
    "run_minor": Attribute("run_minor", *NUMBER),
}
_COMMITTED = {
    "seq": Attribute("seq", *NUMBER),
    "dig": Attribute("digest", *TEXT),
    "at": Attribute("at", *INSTANT),
    "rcv": Attribute("received_at", *INSTANT),
    "over": Attribute("over", items.flag, items.read_flag, unsaid=False),
    "skew": Attribute("skewed", items.flag, items.read_flag, unsaid=False),
}


def scan_item(scan: OfflineScan) -> Raw:
    """Return an entry as an item: under its unit, or under its device where no voucher is known."""
    where = keys.entry(scan.device_id, scan.seq, scan.root)
    if scan.fork is not None:
        where = keys.fork(scan.device_id, scan.seq, scan.fork)
    return items.head_of(where, engine.instant(scan.received_at)) | items.written(SCAN, scan)


def scan_of(raw: Raw) -> OfflineScan:
    return OfflineScan(**items.read(SCAN, raw))


def chain_item(device_id: str, chain: Chain, at: datetime) -> Raw:
    return items.head_of(keys.chain(device_id), engine.instant(at)) | items.written(_CHAIN, chain)


def chain_of(raw: Raw) -> Chain:
    return Chain(**items.read(_CHAIN, raw))


def batch_item(device_id: str, committed: tuple[Committed, ...], at: datetime) -> Raw:
    """Return what the chain says of the entries of one batch, under the last one's number."""
    head = items.head_of(keys.handed(device_id, committed[-1].seq), engine.instant(at))
    return head | {"entries": {"L": [{"M": items.written(_COMMITTED, one)} for one in committed]}}


def committed_of(raw: Raw) -> list[Committed]:
    return [Committed(**items.read(_COMMITTED, one["M"])) for one in raw["entries"]["L"]]
