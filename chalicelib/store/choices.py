"""How the order of a voucher travels: one choice a voucher. Access patterns AP-30 and AP-31."""

from collections.abc import Mapping
from typing import cast

from chalicelib.domain.choice import SHOP_PREFIX, CentigramRange, Choice, Chooser
from chalicelib.domain.delivery import Verdict
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

Value = Mapping[str, object]

# Open until a shop's order is final: a use at a stand settles no delivery, a shop's use does.
_OPEN = (
    "(st IN (:issued, :reversed, :held) OR (st = :redeemed AND NOT begins_with(cur.dev, :shop)))"
)
_HELD_BY = f"vis = :vis AND {_OPEN}"
_FREE_FOR = f"{_OPEN} AND (st <> :held OR cur.dev = :dev OR held_until < :now)"
_STATES = {
    ":issued": engine.text(State.ISSUED),
    ":redeemed": engine.text(State.REDEEMED),
    ":reversed": engine.text(State.REVERSED),
    ":held": engine.text(State.HELD),
    ":shop": engine.text(SHOP_PREFIX),
}
_REASON = {
    State.REDEEMED: Reason.ALREADY_CHOSEN,
    State.HELD: Reason.HELD_BY_ORDER,
    State.GIVEN: Reason.GIVEN_AWAY,
    State.LAPSED: Reason.LAPSED,
    State.REVOKED: Reason.REVOKED,
}


def choose(choice: Choice, chooser: Chooser, *, token: str) -> Reason | None:
    """AP-30: write the choice if this holder or shop still may. Cost: 1 transaction.

    Returns None when it is written, else why not.
    """
    by = ":vis" if chooser.visitor is not None else ":dev"
    name = chooser.visitor if chooser.visitor is not None else chooser.device_id
    values = _STATES | {by: engine.text(name or "")}
    if by == ":dev":
        values[":now"] = engine.instant(choice.chosen_at)
    check = {
        **engine.at(tables.VoucherItem, keys.voucher(choice.voucher_id)),
        "ConditionExpression": _HELD_BY if by == ":vis" else _FREE_FOR,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    stood = engine.transact([{"ConditionCheck": check}, {"Update": _update(choice)}], token)
    if stood is None:
        return None
    raw = stood[0].item if stood[0] else None
    if not raw:
        return Reason.UNKNOWN_CODE
    if by == ":vis" and raw.get("vis") != engine.text(name or ""):
        return Reason.WRONG_HOLDER
    return _REASON.get(State(raw["st"]["S"]), Reason.TRY_AGAIN)


def get(voucher_id: str) -> Choice | None:
    """AP-31: return the choice of a voucher, or None. Cost: 1 RCU."""
    return choice_of(engine.get(tables.ChoiceItem, keys.choice(voucher_id)))


def choice_of(raw: Raw | None) -> Choice | None:
    """Return the choice that an item holds; None where there is none, or it moved on."""
    if not raw or "option" not in raw:
        return None
    item = tables.ChoiceItem.from_raw_data(dict(raw))
    saves = "save_cg" in raw
    return Choice(
        voucher_id=item.pk.partition("#")[2],
        campaign_id=item.camp,
        popup_id=item.pop,
        offer_id=item.offer,
        merchant_id=item.merch,
        option=item.option,
        coming_anyway=item.coming_anyway,
        trip_m=int(item.trip_m) if "trip_m" in raw else None,
        total=_range(item.cg, item.low_cg, item.high_cg),
        saving=_range(item.save_cg, item.save_low_cg, item.save_high_cg) if saves else None,
        verdict=cast("Verdict", item.verdict),
        points=int(item.points),
        method=item.method,
        baseline=item.baseline,
        chosen_at=item.chosen_at,
        order=item.order,
    )


def _range(value: float, low: float, high: float) -> CentigramRange:
    return CentigramRange(value=int(value), low=int(low), high=int(high))


def _update(choice: Choice) -> dict[str, object]:
    """Return the update that lets this choice stand alone: what it does not say is removed."""
    says, unsaid = _facts(choice), []
    for name in [name for name, value in says.items() if value is None]:
        unsaid.append(name)
        del says[name]
    sets = ", ".join(f"#{name} = :{name}" for name in says)
    removes = " REMOVE " + ", ".join(f"#{name}" for name in unsaid) if unsaid else ""
    values = {f":{name}": value for name, value in says.items()}
    return {
        **engine.at(tables.ChoiceItem, keys.choice(choice.voucher_id)),
        "UpdateExpression": f"SET {sets}, ver = if_not_exists(ver, :zero) + :one{removes}",
        "ExpressionAttributeNames": {f"#{name}": name for name in (*says, *unsaid)},
        "ExpressionAttributeValues": values | {":zero": engine.number(0), ":one": engine.number(1)},
    }


def _facts(choice: Choice) -> dict[str, Value | None]:
    total, saving, now = choice.total, choice.saving, engine.instant(choice.chosen_at)
    texts = {
        "camp": choice.campaign_id,
        "pop": choice.popup_id,
        "offer": choice.offer_id,
        "merch": choice.merchant_id,
        "option": choice.option,
        "verdict": choice.verdict,
        "method": choice.method,
        "baseline": choice.baseline,
        "order": choice.order,
    }
    numbers = {
        "trip_m": choice.trip_m,
        "cg": total.value,
        "low_cg": total.low,
        "high_cg": total.high,
        "save_cg": saving.value if saving else None,
        "save_low_cg": saving.low if saving else None,
        "save_high_cg": saving.high if saving else None,
        "points": choice.points,
    }
    coming = choice.coming_anyway
    return {
        **{name: None if text is None else engine.text(text) for name, text in texts.items()},
        **{name: None if one is None else engine.number(one) for name, one in numbers.items()},
        "coming_anyway": None if coming is None else {"BOOL": coming},
        "chosen_at": now,
        "updated_at": now,
    }
