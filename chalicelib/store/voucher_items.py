"""Vouchers as items: domain objects in, PynamoDB's items and DynamoDB's own JSON out, and back."""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import MapAttribute

from chalicelib.domain.voucher import PastUse, State, Use, Voucher
from chalicelib.store import keys, tables
from chalicelib.store.engine import Raw


def item_of(voucher: Voucher) -> tables.VoucherItem:
    return tables.VoucherItem(
        *keys.voucher(voucher.voucher_id),
        ver=1,
        updated_at=voucher.issued_at,
        st=voucher.state,
        camp=voucher.campaign_id,
        pop=voucher.popup_id,
        offer=voucher.offer_id,
        merch=voucher.merchant_id,
        ord=voucher.ordinal,
        vis=voucher.visitor,
        iat=voucher.issued_at,
        hour=voucher.local_hour,
        rev=voucher.revision,
        gen=voucher.generation,
        unit=keys.counter_text(voucher.unit) if voucher.unit else None,
    )


def voucher_of(raw: Raw) -> Voucher:
    """Return the voucher that an item in DynamoDB's own JSON holds."""
    item = tables.VoucherItem.from_raw_data(dict(raw))
    uses = int(item.uses or 0)
    return Voucher(
        voucher_id=item.pk.partition("#")[2],
        campaign_id=item.camp,
        popup_id=item.pop,
        offer_id=item.offer,
        merchant_id=item.merch,
        ordinal=int(item.ord),
        visitor=item.vis,
        state=State(item.st),
        issued_at=item.iat,
        local_hour=item.hour,
        revision=int(item.rev),
        generation=int(item.gen),
        unit=keys.read_counter_text(item.unit) if item.unit else None,
        uses=uses,
        use=_current(item, uses),
        nonces=frozenset(item.nonces or ()),
    )


def use_attribute(use: Use) -> dict[str, Any]:
    """Return a use as the value of an attribute."""
    item = _use_map(use)
    return {"M": item.serialize(item)}


def _use_map(use: Use) -> tables.UseMap:
    return tables.UseMap(
        nonce=use.nonce,
        dev=use.device_id,
        pop=use.popup_id,
        at=use.scanned_at,
        rcv=use.received_at,
        hour=use.local_hour,
        rev=use.revision,
        req=use.request_id,
        disc=use.discount_minor or None,
        ccy=use.currency,
        moved={keys.counter_text(counter): amount for counter, amount in use.moved} or None,
    )


def _current(item: tables.VoucherItem, uses: int) -> Use | None:
    cur: tables.UseMap | None = item.cur
    return None if cur is None else _use(cur, uses)


def _use(use: tables.UseMap, number: int) -> Use:
    taken: MapAttribute[str, Any] | None = use.moved
    moved: Mapping[str, Any] = {} if taken is None else taken.as_dict()
    return Use(
        number=number,
        nonce=use.nonce,
        device_id=use.dev,
        popup_id=use.pop,
        scanned_at=use.at,
        received_at=use.rcv,
        local_hour=use.hour,
        revision=int(use.rev),
        request_id=use.req,
        discount_minor=int(use.disc or 0),
        currency=use.ccy,
        moved=tuple((keys.read_counter_text(text), int(amount)) for text, amount in moved.items()),
    )


def past_item(voucher_id: str, past: PastUse) -> tables.PastUseItem:
    return tables.PastUseItem(
        *keys.past_use(voucher_id, past.use.number),
        ver=1,
        updated_at=past.reversed_at,
        use=_use_map(past.use),
        back_nonce=past.nonce,
        back_dev=past.device_id,
        back_at=past.reversed_at,
        back_why=past.why,
    )


def past_use_of(raw: Raw) -> PastUse:
    item = tables.PastUseItem.from_raw_data(dict(raw))
    return PastUse(
        use=_use(item.use, int(item.sk.partition("#")[2])),
        nonce=item.back_nonce,
        device_id=item.back_dev,
        reversed_at=item.back_at,
        why=item.back_why,
    )
