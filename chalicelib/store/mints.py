"""Batches of minted vouchers in the ledger: one item a batch. Access patterns AP-36 to AP-39."""

import hashlib
from collections.abc import Iterator

import msgspec

from chalicelib.domain.batch import Batch
from chalicelib.store import drawing, engine, keys, tables
from chalicelib.store.engine import Action, Raw

_BATCH = msgspec.json.Decoder(Batch)
_FACTS = "facts"  # they never change, so no condition looks into them


def make(batch: Batch, *, note: Action | None = None) -> bool:
    """AP-36: put a batch, move the last number on, take its units of stock, all or nothing.

    Returns False where another batch took the number, or a shard has less left than it should
    give. Cost: 1 request; 4 WCU and 2 a shard, whatever the number of codes; an entry of the trail
    as `note` 2 WCU more.
    """
    item = engine.key(keys.batch(batch.campaign_number, batch.number)) | {
        "ver": engine.number(1),
        "updated_at": engine.instant(batch.made_at),
        _FACTS: engine.text(msgspec.json.encode(batch).decode()),
    }
    put = engine.put_raw(tables.BatchItem, item, "attribute_not_exists(pk)")
    taken = [drawing.take(counter, amount, batch.made_at) for counter, amount in batch.units]
    actions: list[Action] = [{"Put": put}, {"Update": _number(batch)}, *taken]
    if note is not None:
        actions.append(note)
    said = f"{batch.request}|{batch.number}|{batch.units}|{note}"
    token = hashlib.sha256(said.encode()).hexdigest()[:36]
    return engine.transact(actions, token) is None


def batch(campaign_number: int, number: int) -> Batch | None:
    """AP-37: return a batch of a campaign, or None. Cost: 1 RCU, once a process."""
    raw = engine.get(tables.BatchItem, keys.batch(campaign_number, number))
    return batch_of(raw) if raw else None


def batches(campaign_number: int, after: int = 0) -> Iterator[Batch]:
    """AP-38: yield the batches of a campaign by number, those after a number. 1 RCU for 4 KB."""
    start = keys.batch(campaign_number, after + 1)
    for raw in engine.query(tables.BatchItem, start.pk, start=start.sk):
        yield batch_of(raw)


def last_number() -> int:
    """AP-39: return the number of the last batch of this installation, or 0. Cost: 1 RCU."""
    raw = engine.get(tables.BatchItem, keys.last_batch())
    return int(raw["upto"]["N"]) if raw else 0


def _number(batch: Batch) -> dict[str, object]:
    """Return the update that takes the next number, if it is still that of the batch."""
    condition = "upto = :before" if batch.number > 1 else "attribute_not_exists(pk)"
    values = {
        ":upto": engine.number(batch.number),
        ":one": engine.number(1),
        ":zero": engine.number(0),
        ":now": engine.instant(batch.made_at),
    }
    before = {":before": engine.number(batch.number - 1)} if batch.number > 1 else {}
    return {
        **engine.at(tables.BatchItem, keys.last_batch()),
        "UpdateExpression": "SET upto = :upto, ver = if_not_exists(ver, :zero) + :one, "
        "updated_at = :now",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values | before,
    }


def batch_of(raw: Raw) -> Batch:
    return _BATCH.decode(raw[_FACTS]["S"])
