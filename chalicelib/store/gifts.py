"""Links by which a voucher is passed on. Access patterns AP-32 to AP-34."""

from datetime import datetime, timedelta
from uuid import uuid4

from chalicelib.domain.gift import Link
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import engine, keys, tables, tickets, vouchers
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Action

# What giving asks of its neighbour.
get = vouchers.get

_KEEP_AFTER = timedelta(days=30)  # TTL deletes late and never before; the end is in the condition


def offer(voucher: Voucher, link: Link, *, at: datetime, note: Action | None = None) -> bool:
    """AP-32: bind a link to a voucher as it was read, both or neither. Cost: 4 WCU.

    Returns False where the voucher changed meanwhile. An entry of the trail as `note`: 2 WCU more.
    """
    bind = {
        **engine.at(tables.VoucherItem, keys.voucher(voucher.voucher_id)),
        "UpdateExpression": (
            "SET gift = :hash, gift_until = :until, ver = ver + :one, updated_at = :now"
        ),
        "ConditionExpression": "ver = :seen",
        "ExpressionAttributeValues": {
            ":hash": engine.text(link.hash),
            ":until": engine.instant(link.until),
            ":seen": engine.number(voucher.version),
            ":one": engine.number(1),
            ":now": engine.instant(at),
        },
    }
    put = engine.put_action(
        tables.GiftItem(
            *keys.gift(link.hash),
            voucher=link.voucher_id,
            camp=link.campaign_id,
            until=link.until,
            reissue=link.reissue,
            ttl=int((link.until + _KEEP_AFTER).timestamp()),
        )
    )
    actions: list[Action] = [{"Update": bind}, {"Put": put}]
    if note is not None:
        actions.append(note)
    return engine.transact(actions, uuid4().hex) is None


def link(gift_hash: str) -> Link | None:
    """AP-33: return what a link stands for, or None. Cost: 1 RCU."""
    raw = engine.get(tables.GiftItem, keys.gift(gift_hash))
    if raw is None:
        return None
    item = tables.GiftItem.from_raw_data(dict(raw))
    return Link(
        hash=gift_hash,
        voucher_id=item.voucher,
        campaign_id=item.camp,
        until=item.until,
        reissue=bool(item.reissue),
    )


def accept(giver: Voucher, link: Link, received: Voucher) -> Voucher | None:
    """AP-34: mark the giver's voucher as given and put the receiver's, both or neither. 4 WCU.

    What only moves to the holder's new browser takes its choice along, as `tickets.moving` says.
    Returns None when done now, else the receiver's voucher that is there already, or the giver's
    as it stands.
    """
    at = received.issued_at
    states = [State.ISSUED, State.REVERSED] if link.reissue else [State.ISSUED]
    named = {f":s{index}": engine.text(state) for index, state in enumerate(states)}
    give = {
        **engine.at(tables.VoucherItem, keys.voucher(giver.voucher_id)),
        "UpdateExpression": (
            "SET st = :given, heir = :heir, re = :re, ver = ver + :one, updated_at = :now "
            "REMOVE due"
        ),
        "ConditionExpression": f"st IN ({', '.join(named)}) AND gift = :hash AND gift_until > :now",
        "ExpressionAttributeValues": {
            ":given": engine.text(State.GIVEN),
            ":hash": engine.text(link.hash),
            ":heir": engine.text(received.voucher_id),
            ":re": items.flag(link.reissue),
            ":one": engine.number(1),
            ":now": engine.instant(at),
            **named,
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    put = engine.put_raw(tables.VoucherItem, items.item_of(received), "attribute_not_exists(pk)")
    actions: list[Action] = [{"Put": put}, {"Update": give}]
    if link.reissue:
        actions += tickets.moving(giver.voucher_id, received.voucher_id, at=at)
    stood = engine.transact(actions, uuid4().hex)
    if stood is None:
        return None
    stands = next((each.item for each in stood[:2] if each and each.item), None)
    return items.voucher_of(stands) if stands else giver  # else what goes along changed meanwhile
