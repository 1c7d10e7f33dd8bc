"""The books: what the ledger's items say of counters, uses and figures, recomputed and compared.

Each function is pure: items in DynamoDB's own JSON in, complaints out. No complaint, no fault.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import insight, limits
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import UNLIMITED, CounterKind
from chalicelib.domain.limits import LimitId
from chalicelib.store import images, keys, mints

Item = Mapping[str, Any]
_TAKES_A_USE = {"redeemed", "held"}
_GAVE_ITS_UNIT_ON = {"lapsed", "given"}
_BATCH = "MINT#"
_ORDER = "ORDER#"


def ledger(items: Iterable[Item]) -> list[str]:
    """Compare each counter with what was taken from it, vouchers with uses, orders with groups."""
    rows = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
    return [*_counters(rows.values()), *_vouchers(rows), *_holders(rows), *_orders(rows.values())]


def _counters(items: Iterable[Item]) -> Iterator[str]:
    rows = list(items)
    taken, over = _taken(rows), _overran(rows)
    for item in rows:
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if not pk.startswith("C#"):
            continue
        name = pk.removeprefix("C#") + (f".{sk}" if sk != keys.COUNTER else "")
        cap, adj, left = (_n(item, each) for each in ("cap", "adj", "left"))
        used = taken.pop(name, 0)
        if cap + adj - left != used:
            yield f"{name}: {cap} + {adj} - {left} is not the {used} that were taken"
        if left < 0:
            yield f"{name}: {left} left"
        if _n(item, "overrun") != over[name]:
            yield f"{name}: overrun {_n(item, 'overrun')} is not the {over[name]} that were lacking"
    yield from (f"{name}: {amount} taken from no counter" for name, amount in taken.items())


def _taken(items: Iterable[Item]) -> Counter[str]:
    """Sum what batches and vouchers hold: units of stock, and what the current use moved."""
    taken: Counter[str] = Counter()
    for item in items:
        if item["pk"]["S"].startswith(_BATCH):
            for counter, amount in mints.batch_of(dict(item)).units:
                taken[keys.counter_text(counter)] += amount
        if not _is_voucher(item):
            continue
        if "unit" in item and item["st"]["S"] not in _GAVE_ITS_UNIT_ON:
            taken[item["unit"]["S"]] += 1
        for name, amount in _moved(item).items():
            taken[name] += int(amount["N"])
    return taken


def _overran(items: Iterable[Item]) -> Counter[str]:
    """Sum what the current uses wanted beyond what was left."""
    over: Counter[str] = Counter()
    for item in items:
        use = item.get("cur", {"M": {}})["M"] if _is_voucher(item) else {}
        for name, amount in use.get("over", {"M": {}})["M"].items():
            over[name] += int(amount["N"])
    return over


def _moved(voucher: Item) -> Mapping[str, Any]:
    moved: Mapping[str, Any] = voucher.get("cur", {"M": {}})["M"].get("moved", {"M": {}})["M"]
    return moved


def _vouchers(rows: Mapping[tuple[str, str], Item]) -> Iterator[str]:
    for (pk, _), item in rows.items():
        if not _is_voucher(item):
            continue
        past = sum(1 for key, sk in rows if key == pk and sk.startswith("USE#"))
        uses, used = _n(item, "uses"), item["st"]["S"] in _TAKES_A_USE
        if used != ("cur" in item):
            yield f"{pk}: {item['st']['S']}, with its use {'cur' in item}"
        if uses != past + used:
            yield f"{pk}: {uses} uses, {past} given back"
        if len(item.get("nonces", {"BS": []})["BS"]) != uses:
            yield f"{pk}: {uses} uses under other nonces"


def _holders(rows: Mapping[tuple[str, str], Item]) -> Iterator[str]:
    """Follow each unit that was passed on: it has one holder, and whoever gave it one heir."""
    held: Counter[str] = Counter()
    for (pk, _), item in rows.items():
        if _is_voucher(item):
            root = item["root"]["S"] if "root" in item else pk.partition("#")[2]
            held[root] += item["st"]["S"] != "given"
    yield from (f"{root}: {number} holders" for root, number in held.items() if number != 1)


def _orders(items: Iterable[Item]) -> Iterator[str]:
    """Compare the groups that an order booked with those of its vouchers."""
    groups: dict[str, list[str]] = defaultdict(list)
    booked: dict[str, list[str]] = {}
    for item in items:
        use = item.get("cur", {"M": {}})["M"]
        if _is_voucher(item) and "order" in use and "group" in use:
            groups[use["order"]["S"]].append(use["group"]["S"])
        if item["pk"]["S"].startswith(_ORDER):
            booked[item["pk"]["S"].removeprefix(_ORDER)] = item.get("gs", {"SS": []})["SS"]
    for order in groups.keys() | booked.keys():
        if sorted(groups[order]) != sorted(booked.get(order, [])):
            yield f"{order}: booked {booked.get(order)} for {groups[order]}"


def promised(campaign: Campaign, at: datetime, items: Iterable[Item]) -> list[str]:
    """Compare the counters' caps with the limits of a revision: none other, none left out."""
    caps = _caps(campaign.number, items)
    wanted = {limit: sum(shares) for limit, shares in limits.limits(campaign, at).items()}
    off = [
        f"{limit}: {caps.get(limit)}, promised {cap}"
        for limit, cap in wanted.items()
        if caps.get(limit) != cap
    ]
    return off + [
        f"{limit}: {cap}, no such limit"
        for limit, cap in caps.items()
        if limit not in wanted and limit.kind is not CounterKind.DAY and cap < UNLIMITED
    ]


def looser(campaign: Campaign, at: datetime, items: Iterable[Item]) -> list[str]:
    """Name each counter whose cap is above the limit of a revision."""
    caps = _caps(campaign.number, items)
    return [
        f"{limit}: {caps[limit]}, the live revision promises {sum(shares)}"
        for limit, shares in limits.limits(campaign, at).items()
        if caps.get(limit, 0) > sum(shares)
    ]


def _caps(campaign_number: int, items: Iterable[Item]) -> Counter[LimitId]:
    caps: Counter[LimitId] = Counter()
    for item in items:
        if not item["pk"]["S"].startswith("C#"):
            continue
        day = item["sk"]["S"] != keys.COUNTER
        text = item["pk"]["S"].removeprefix("C#") + (f".{item['sk']['S']}" if day else "")
        found = keys.read_counter_text(text)
        if found.campaign_number == campaign_number:
            part = found.part if day else ""
            caps[LimitId(found.kind, found.offer_number, found.popup_number, part)] += _n(
                item, "cap"
            )
    return caps


def figures(ledger_items: Iterable[Item], insights_items: Iterable[Item]) -> list[str]:
    """Compare the figures with what the ledger's items add up to."""
    wanted: Counter[tuple[str, str, str]] = Counter()
    for item in ledger_items:
        image = images.image_of(dict(item))
        for tally, amount in insight.contribution(image).items() if image else ():
            wanted[tally.campaign_id, tally.row, tally.column] += amount
    for item in insights_items:
        kind, campaign_id = (*item["pk"]["S"].split("#"), "")[:2]
        for column in item.keys() - {"pk", "sk"} if kind == "TALLY" else ():
            wanted[campaign_id, item["sk"]["S"], column] -= _n(item, column)
    return [f"{tally} is off by {off}" for tally, off in wanted.items() if off]


def _is_voucher(item: Item) -> bool:
    return bool(item["sk"]["S"] == keys.VOUCHER)


def _n(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0
