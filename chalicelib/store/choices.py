"""How the order of a voucher travels: one choice a voucher. Access patterns AP-30 and AP-31."""

from chalicelib.domain.choice import Choice
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_HELD_BY = "vis = :vis AND st IN (:issued, :redeemed, :reversed)"
_CHOOSE = (
    "SET camp = :camp, #pop = :pop, offer = :offer, #option = :option, cg = :cg, low_cg = :low, "
    "high_cg = :high, points = :points, #method = :method, baseline = :baseline, "
    "chosen_at = :now, updated_at = :now, ver = if_not_exists(ver, :zero) + :one"
)


def choose(choice: Choice, visitor: str, *, token: str) -> Reason | None:
    """AP-30: write the choice if this visitor holds the voucher. Cost: 1 transaction.

    Returns None when it is written, else why not.
    """
    check = {
        **engine.at(tables.VoucherItem, keys.voucher(choice.voucher_id)),
        "ConditionExpression": _HELD_BY,
        "ExpressionAttributeValues": {
            ":vis": engine.text(visitor),
            ":issued": engine.text(State.ISSUED),
            ":redeemed": engine.text(State.REDEEMED),
            ":reversed": engine.text(State.REVERSED),
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    stood = engine.transact([{"ConditionCheck": check}, {"Update": _update(choice)}], token)
    if stood is None:
        return None
    return Reason.WRONG_HOLDER if stood[0] and stood[0].item else Reason.UNKNOWN_CODE


def get(voucher_id: str) -> Choice | None:
    """AP-31: return the choice of a voucher, or None. Cost: 1 RCU."""
    raw = engine.get(tables.ChoiceItem, keys.choice(voucher_id))
    return choice_of(raw) if raw else None


def choice_of(raw: Raw) -> Choice:
    """Return the choice that an item holds."""
    item = tables.ChoiceItem.from_raw_data(dict(raw))
    return Choice(
        voucher_id=item.pk.partition("#")[2],
        campaign_id=item.camp,
        popup_id=item.pop,
        offer_id=item.offer,
        merchant_id=item.merch,
        option=item.option,
        coming_anyway=item.coming_anyway,
        centigrams=int(item.cg),
        low_centigrams=int(item.low_cg),
        high_centigrams=int(item.high_cg),
        points=int(item.points),
        method=item.method,
        baseline=item.baseline,
        chosen_at=item.chosen_at,
    )


def _update(choice: Choice) -> dict[str, object]:
    expression = _CHOOSE
    values: dict[str, dict[str, object]] = {
        ":camp": {"S": choice.campaign_id},
        ":pop": {"S": choice.popup_id},
        ":offer": {"S": choice.offer_id},
        ":option": {"S": choice.option},
        ":cg": {"N": str(choice.centigrams)},
        ":low": {"N": str(choice.low_centigrams)},
        ":high": {"N": str(choice.high_centigrams)},
        ":points": {"N": str(choice.points)},
        ":method": {"S": choice.method},
        ":baseline": {"S": choice.baseline},
        ":now": {"N": str(tables.milliseconds(choice.chosen_at))},
        ":zero": {"N": "0"},
        ":one": {"N": "1"},
    }
    if choice.merchant_id is not None:
        expression += ", merch = :merch"
        values[":merch"] = {"S": choice.merchant_id}
    if choice.coming_anyway is not None:
        expression += ", coming_anyway = :coming"
        values[":coming"] = {"BOOL": choice.coming_anyway}
    else:
        expression += " REMOVE coming_anyway"
    return {
        **engine.at(tables.ChoiceItem, keys.choice(choice.voucher_id)),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": {"#pop": "pop", "#option": "option", "#method": "method"},
        "ExpressionAttributeValues": values,
    }
