"""Entries of devices that had no network: chains and outcomes. AP-90 to AP-96."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from chalicelib.domain.counter import Counter, CounterId
from chalicelib.domain.offline import Chain, Committed
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.using import Plan
from chalicelib.domain.voucher import Voucher
from chalicelib.store import counters, drawing, engine, keys, tables, uses, vouchers
from chalicelib.store import scan_items as items
from chalicelib.store.voucher_items import flag, voucher_of

get_many, end_use = vouchers.get_many, uses.end_use


def chain(device_id: str) -> Chain:
    """AP-90: return how far a device's entries are known. Cost: 1 RCU."""
    raw = engine.get(tables.ScanItem, keys.chain(device_id))
    return items.chain_of(raw) if raw else Chain()


def advance(
    device_id: str, before: Chain, after: Chain, committed: tuple[Committed, ...], at: datetime
) -> bool:
    """AP-91: move a device's chain over a batch and keep what it says of each entry.

    Returns False where the chain has moved since it was read. Cost: 1 transaction, 2 WCU and
    about 2 WCU for each 15 entries.
    """
    item = items.chain_item(device_id, after, at)
    if before.last_seq == 0:
        put = engine.put_raw(tables.ScanItem, item, "attribute_not_exists(pk)")
    else:
        values = {":was": engine.text(before.last_hash)}
        put = engine.put_raw(tables.ScanItem, item, "last_hash = :was", values)
    batch = items.batch_item(device_id, committed, at)
    kept = engine.put_raw(tables.ScanItem, batch, "attribute_not_exists(pk)")
    token = hashlib.sha256(f"{device_id}|{after.last_hash}|{at}".encode()).hexdigest()[:36]
    return engine.transact([{"Put": put}, {"Put": kept}], token) is None


def committed(device_id: str, since: int, until: int) -> dict[int, Committed]:
    """AP-92: return what the chain says of known entries, by their numbers. 1 RCU for 4 KB."""
    found: dict[int, Committed] = {}
    start = keys.handed(device_id, since)
    for raw in engine.query(tables.ScanItem, start.pk, start=start.sk):
        if not keys.is_handed(engine.key_of(raw)):
            break
        found |= {one.seq: one for one in items.committed_of(raw)}
        if max(found) >= until:
            break
    return found


def find(device_id: str, seq: int, root: str | None) -> OfflineScan | None:
    """AP-93: return an entry that is kept, under its unit or its device, or None. 2 RCU."""
    wheres = {keys.entry(device_id, seq, None), keys.entry(device_id, seq, root)}
    return next(map(items.scan_of, engine.get_many(tables.ScanItem, wheres)), None)


def put(scan: OfflineScan) -> OfflineScan:
    """AP-94: keep an entry that moves nothing; returns the one that stands. Cost: 1 WCU.

    A conflict also marks the case of its unit, or both are left: 4 WCU. Whoever dies before the
    case is written leaves it on the work list, which writes what it finds marked.
    """
    kept = engine.put_raw(tables.ScanItem, items.scan_item(scan), "attribute_not_exists(pk)")
    if scan.outcome is Outcome.CONFLICT:
        stood = engine.transact([{"Put": kept}, {"Update": _behind(scan)}], uuid4().hex)
        stands = stood[0] if stood else None
    else:
        stands = engine.put_as(kept)
    return items.scan_of(stands.item) if stands and stands.item else scan


def take(plan: Plan, scan: OfflineScan) -> OfflineScan | None:
    """AP-95: keep an entry and use its voucher with all that it draws, all or nothing.

    Returns the entry that stands, this one or an earlier one of the same number; None where
    voucher or counters are not as they were read. Cost: 1 transaction, 4 WCU and 2 a counter.
    """
    kept = engine.put_raw(tables.ScanItem, items.scan_item(scan), "attribute_not_exists(pk)")
    now = plan.use.received_at
    actions: list[dict[str, object]] = [{"Put": kept}, {"Update": _numbered(plan)}]
    actions += [drawing.draw(draw, now) for draw in plan.draws]
    said = f"{scan.name}|{plan.use.number}|{plan.use.moved}|{plan.use.overran}"
    stood = engine.transact(actions, hashlib.sha256(said.encode()).hexdigest()[:36])
    if stood is None:
        return scan
    first = stood[0]
    return items.scan_of(first.item) if first and first.item else None


def unit(root: str) -> tuple[list[OfflineScan], list[Voucher]]:
    """AP-96: return all entries of a unit, and every voucher to which it was passed on.

    A consistent query of one partition, and a read of each further voucher.
    """
    rows = list(engine.query(tables.ScanItem, keys.unit(root)))
    found = [items.scan_of(raw) for raw in rows if keys.is_entry(engine.key_of(raw))]
    known = [voucher_of(raw) for raw in rows if keys.is_voucher(engine.key_of(raw))]
    wanted = {scan.voucher_id for scan in found if scan.voucher_id}
    while others := _heirs(known, wanted) - {voucher.voucher_id for voucher in known}:
        more = vouchers.get_many(sorted(others))
        known, wanted = known + more, set[str]()
    return found, known


def counters_of(counter_ids: Iterable[CounterId]) -> Mapping[CounterId, Counter]:
    """Return the counters as they are (AP-10)."""
    return counters.read(list(counter_ids))


def _heirs(known: Iterable[Voucher], wanted: set[str]) -> set[str]:
    return wanted | {voucher.heir for voucher in known if voucher.heir is not None}


def _behind(scan: OfflineScan) -> dict[str, object]:
    """Return the update by which a unit's case knows that it does not say everything."""
    at, root = engine.instant(scan.received_at), scan.root or ""
    return {
        **engine.at(tables.CaseItem, keys.case(scan.campaign_id, root)),
        "UpdateExpression": (
            "SET camp = if_not_exists(camp, :camp), root = if_not_exists(root, :root), "
            "offer = if_not_exists(offer, :offer), opened = if_not_exists(opened, :at), "
            "parties = if_not_exists(parties, :none), behind = :behind, "
            "ver = if_not_exists(ver, :zero) + :one, updated_at = :at"
        ),
        "ExpressionAttributeValues": {
            ":camp": engine.text(scan.campaign_id),
            ":root": engine.text(root),
            ":offer": engine.text(scan.offer_id or ""),
            ":at": at,
            ":none": {"L": []},
            ":behind": flag(value=True),
            ":zero": engine.number(0),
            ":one": engine.number(1),
        },
    }


def _numbered(plan: Plan) -> dict[str, object]:
    """Return the update of the voucher by its next use, whose number the entry tells."""
    change = uses.change_of(plan)
    before = plan.use.number - 1
    only = "uses = :before" if before else "attribute_not_exists(uses)"
    change["ConditionExpression"] = f"({change['ConditionExpression']}) AND {only}"
    if before:
        change["ExpressionAttributeValues"][":before"] = engine.number(before)
    return uses.where(plan) | change
