"""Uses of vouchers in the ledger: made, held, confirmed, given back. AP-04 to AP-09, AP-13."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from chalicelib.domain import hold
from chalicelib.domain.counter import CounterId
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.reasons import Reason
from chalicelib.domain.redemption import LAST_USE
from chalicelib.domain.using import LIMIT_REASON, Plan, summed
from chalicelib.domain.voucher import PastUse, State, Use, Voucher, nonce_mark
from chalicelib.store import drawing, engine, keys, orders, tables, vouchers
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Raw, Stands

# What a redemption asks of its neighbours.
get, groups_of = vouchers.get, orders.groups_of

Stood = Voucher | Reason | None

_USABLE = "st IN (:issued, :reversed) AND NOT contains(nonces, :m)"
_USE = (
    "SET st = :to, cur = :cur, uses = if_not_exists(uses, :zero) + :one, "
    "ver = if_not_exists(ver, :zero) + :one, updated_at = :now"
)


def use(plan: Plan) -> Use | Stood:
    """AP-04: use a voucher once; one conditional write decides, two phones cannot both win.

    Returns the use as made now, the voucher that stands in the way, the reason of a limit that
    is used up, or None where there is no such voucher. A repeat by botocore itself shows as the
    voucher whose `use` has this request's id. Cost: 1 request, 1 WCU; with draws or an order's
    group a transaction.
    """
    if plan.draws or plan.use.order is not None:
        return use_all([plan])[0]
    found = engine.update(
        tables.VoucherItem,
        keys.voucher(plan.voucher_id),
        ReturnValues="UPDATED_OLD",
        **change_of(plan),
    )
    if isinstance(found, Stands):
        return items.voucher_of(found.item) if found.item else None
    return replace(plan.use, number=int(found["uses"]["N"]) + 1 if "uses" in found else 1)


def use_all(plans: Sequence[Plan]) -> list[Use] | Mapping[int, Stood]:
    """AP-08: use the vouchers of one order, all or none, with everything that they draw.

    Returns the uses as made now, or what stands in whose way, by place. Cost: 1 transaction of 2
    WCU an item, and a read of the vouchers for the numbers of their uses.
    """
    draws = summed(draw for plan in plans for draw in plan.draws)
    groups = {plan.use.group: plan.use.order for plan in plans if plan.use.order is not None}
    now = plans[0].use.received_at
    actions: list[dict[str, object]] = [{"Update": where(p) | change_of(p)} for p in plans]
    actions += [drawing.draw(draw, now) for draw in draws]
    actions += orders.take(groups, now)
    stood = engine.transact(actions, _token(plans))
    if stood is None:
        return _numbered(plans)
    by_place: dict[int, Stood] = {
        place: items.voucher_of(stands.item) if stands.item else None
        for place, stands in enumerate(stood[: len(plans)])
        if stands is not None
    }
    return by_place or _limited(plans, [draw.counter for draw in draws], stood[len(plans) :])


def use_under(voucher: Voucher, device_id: str, nonce: str) -> Use | None:
    """AP-05: return the use that this device made under this nonce, given back or not.

    Costs nothing for the current use, one query for a past one.
    """
    if not voucher.knows(device_id, nonce):
        return None
    now = voucher.use
    if now is not None and (now.device_id, now.nonce) == (device_id, nonce):
        return now
    past = (items.past_use_of(raw).use for raw in _past_uses(voucher.voucher_id))
    return next((use for use in past if (use.device_id, use.nonce) == (device_id, nonce)), None)


def end_use(voucher: Voucher, past: PastUse) -> bool:
    """AP-06: give a use back, or an order's hold, with everything that it moved, all or nothing.

    Returns False where the voucher is not in that use any more. Cost: 1 transaction.
    """
    # A token of its own for each call: two taps at once differ in their instant, and the table
    # refuses the same token over another request. The condition is what lets only one through.
    return engine.transact(ending(voucher, past), uuid4().hex) is None


def ending(voucher: Voucher, past: PastUse) -> list[dict[str, Any]]:
    """Return the actions that end a use and give back what it moved."""
    now, use = past.reversed_at, past.use
    item = items.past_item(voucher, past)
    put = engine.put_raw(tables.VoucherItem, item, "attribute_not_exists(pk)")
    returned = drawing.give_back_all(use, now) + orders.give_back(use, now)
    return [{"Update": _end_change(voucher, past)}, {"Put": put}, *returned]


def past_use(voucher_id: str, number: int) -> PastUse | None:
    """AP-07: return a use that was given back, by its number. Cost: 1 RCU."""
    raw = engine.get(tables.VoucherItem, keys.past_use(voucher_id, number))
    return items.past_use_of(raw) if raw else None


def confirm(voucher: Voucher, *, at: datetime) -> bool:
    """AP-09: make an order's hold a use. Cost: 1 request, 1 WCU.

    Returns False where it is not that hold any more, or ended by itself.
    """
    found = engine.update(
        tables.VoucherItem,
        keys.voucher(voucher.voucher_id),
        UpdateExpression="SET st = :to, ver = ver + :one, updated_at = :now REMOVE held_until, due",
        ConditionExpression="st = :held AND uses = :uses AND held_until > :now",
        ExpressionAttributeValues={
            ":to": engine.text(State.REDEEMED),
            ":held": engine.text(State.HELD),
            ":uses": engine.number(voucher.uses),
            ":one": engine.number(1),
            ":now": engine.instant(at),
        },
    )
    return not isinstance(found, Stands)


def _past_uses(voucher_id: str) -> list[Raw]:
    where = keys.past_uses(voucher_id)
    return list(engine.query(tables.VoucherItem, where.pk, where.sk))


def where(plan: Plan) -> dict[str, Any]:
    return {
        **engine.at(tables.VoucherItem, keys.voucher(plan.voucher_id)),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _token(plans: Sequence[Plan]) -> str:
    """Name the transaction: the same plans of the same request are the same one."""
    said = "|".join(f"{p.use.request_id}|{p.voucher_id}|{p.use.moved}" for p in plans)
    return hashlib.sha256(said.encode()).hexdigest()[:36]


def _limited(
    plans: Sequence[Plan], counters: Sequence[CounterId], stood: Sequence[Stands | None]
) -> dict[int, Stood]:
    """Name the lines that the order's groups keep from it, else the last of a used-up counter."""
    taken = orders.groups_in(stood[-1].item if stood[-1] else None)
    grouped = {place for place, plan in enumerate(plans) if plan.use.group in taken}
    if grouped:
        return dict.fromkeys(grouped, Reason.NOT_STACKABLE)
    for counter, stands in zip(counters, stood, strict=False):
        if stands is not None:
            drawers = [n for n, plan in enumerate(plans) if plan.draws_from(counter)]
            return {drawers[-1]: LIMIT_REASON[counter.kind]}
    return {}


def _numbered(plans: Sequence[Plan]) -> list[Use]:
    """Learn the numbers of uses after their transaction, which returns nothing."""
    found = {v.voucher_id: v for v in vouchers.get_many([plan.voucher_id for plan in plans])}
    uses = [
        use_under(found[plan.voucher_id], plan.use.device_id, plan.use.nonce)
        for plan in plans
        if plan.voucher_id in found
    ]
    made = [use for use in uses if use is not None]
    if len(made) < len(plans):
        raise TryAgain("a use that was just made is not there")
    return made


def change_of(plan: Plan) -> dict[str, Any]:
    """Return the update of a voucher by a use, with its condition."""
    use, mark = plan.use, nonce_mark(plan.use.device_id, plan.use.nonce)
    values = {
        ":to": engine.text(State.REDEEMED),
        ":issued": engine.text(State.ISSUED),
        ":reversed": engine.text(State.REVERSED),
        ":now": engine.instant(use.received_at),
        ":zero": engine.number(0),
        ":one": engine.number(1),
        ":m": {"B": mark},
        ":marks": {"BS": [mark]},
        ":cur": items.use_attribute(use),
    }
    sets, removes, condition = _USE, " REMOVE due", _USABLE
    if plan.generation is not None:
        condition += " AND gen = :gen"
        values[":gen"] = engine.number(plan.generation)
    if plan.held_until is not None:
        sets, removes = sets + ", held_until = :until, due = :due", ""
        condition += " AND (attribute_not_exists(uses) OR uses < :last)"
        values |= {
            ":to": engine.text(State.HELD),
            ":until": engine.instant(plan.held_until),
            ":due": engine.text(hold.minute_of(plan.held_until)),
            ":last": engine.number(LAST_USE - 1),
        }
    names: dict[str, str] = {}
    if plan.first is not None:
        first = items.facts_of(plan.first)
        sets += "".join(f", #{name} = if_not_exists(#{name}, :f_{name})" for name in first)
        names = {f"#{name}": name for name in first}
        values |= {f":f_{name}": value for name, value in first.items()}
        condition = f"attribute_not_exists(pk) OR {condition}"
    change: dict[str, Any] = {
        "UpdateExpression": f"{sets}{removes} ADD nonces :marks",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }
    return change | ({"ExpressionAttributeNames": names} if names else {})


def _end_change(voucher: Voucher, past: PastUse) -> dict[str, Any]:
    """Return the update that ends a use: a released hold rests as what it was before."""
    to = voucher.rests_as if past.released else State.REVERSED
    values = {
        ":from": engine.text(State.HELD if past.released else State.REDEEMED),
        ":to": engine.text(to),
        ":uses": engine.number(past.use.number),
        ":one": engine.number(1),
        ":now": engine.instant(past.reversed_at),
    }
    sets, removes = "SET st = :to, ver = ver + :one, updated_at = :now", "cur, held_until"
    if past.released:
        sets += ", rel = if_not_exists(rel, :zero) + :one"
        values[":zero"] = engine.number(0)
    due = hold.due_again(to, voucher, past.reversed_at)
    if due is not None:
        sets += ", due = :due"
        values[":due"] = engine.text(due)
    else:
        removes += ", due"
    return {
        **engine.at(tables.VoucherItem, keys.voucher(voucher.voucher_id)),
        "UpdateExpression": f"{sets} REMOVE {removes}",
        "ConditionExpression": "st = :from AND uses = :uses",
        "ExpressionAttributeValues": values,
    }
