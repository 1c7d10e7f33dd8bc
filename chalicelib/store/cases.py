"""Cases on the managers' work list. Access patterns AP-85, AP-86 and AP-97 to AP-99."""

from collections.abc import Sequence
from uuid import uuid4

from chalicelib.domain.case import Case, Decision, Party, Resolution
from chalicelib.domain.offline_scan import Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import PastUse, Voucher
from chalicelib.store import engine, keys, tables, uses
from chalicelib.store import scans as kept
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Action, Raw
from chalicelib.store.voucher_items import INSTANT, NUMBER, TEXT, Attribute

# What a case asks of its neighbours.
unit = kept.unit

_PARTY = {
    "dev": Attribute("device_id", *TEXT),
    "pop": Attribute("popup_id", *TEXT),
    "at": Attribute("at", *INSTANT),
    "out": Attribute("outcome", engine.text, lambda value: Outcome(value["S"])),
    "seq": Attribute("seq", *NUMBER),
    "why": Attribute("reason", engine.text, lambda value: Reason(value["S"])),
    "skew": Attribute("skewed", items.flag, items.read_flag, unsaid=False),
    "shift": Attribute("shift", *TEXT),
    "disc": Attribute("discount_minor", *NUMBER, unsaid=0),
    "ccy": Attribute("currency", *TEXT),
}
_RESOLUTION = {
    "what": Attribute("decision", engine.text, lambda value: Decision(value["S"])),
    "note": Attribute("note", *TEXT),
    "dev": Attribute("device_id", *TEXT),
    "at": Attribute("at", *INSTANT),
    "n": Attribute("parties", *NUMBER),
}
_CASE = {
    "camp": Attribute("campaign_id", *TEXT),
    "root": Attribute("root", *TEXT),
    "offer": Attribute("offer_id", *TEXT),
    "opened": Attribute("opened_at", *INSTANT),
    "winner": Attribute("winner", *TEXT),
    "ver": Attribute("version", *NUMBER),
    "behind": Attribute("behind", items.flag, items.read_flag, unsaid=False),
    "parties": Attribute(
        "parties",
        lambda parties: {"L": [{"M": items.written(_PARTY, party)} for party in parties]},
        lambda value: tuple(Party(**items.read(_PARTY, one["M"])) for one in value["L"]),
    ),
    "done": Attribute(
        "resolution",
        lambda resolution: {"M": items.written(_RESOLUTION, resolution)},
        lambda value: Resolution(**items.read(_RESOLUTION, value["M"])),
    ),
}


def case(campaign_id: str, root: str) -> Case | None:
    """AP-97: return the case of a unit, or None. Cost: 1 RCU for 4 KB."""
    raw = engine.get(tables.CaseItem, keys.case(campaign_id, root))
    return case_of(raw) if raw else None


def with_cases(campaign_id: str, roots: Sequence[str]) -> set[str]:
    """AP-86: return which of these units have a case. Cost: 1 RCU each, one request for 100."""
    wheres = [keys.case(campaign_id, root) for root in dict.fromkeys(roots)]
    return {raw["sk"]["S"] for raw in engine.get_many(tables.CaseItem, wheres)}


def cases(campaign_id: str) -> list[Case]:
    """AP-98: return all cases of a campaign. Cost: 1 RCU for 4 KB."""
    return [case_of(raw) for raw in engine.query(tables.CaseItem, keys.cases(campaign_id))]


def write(case: Case) -> bool:
    """AP-99: write a case over the version before it. Returns False where that moved. 1 WCU."""
    return engine.put_as(_put(case)) is None


def resolve(
    case: Case, voucher: Voucher | None, past: PastUse | None, *, note: Action | None = None
) -> bool:
    """AP-85: record a resolution, and give the voucher's use back where it says so, or neither.

    Returns False where the case or the voucher moved since they were read. Cost: as AP-06, 2 WCU
    more; an entry of the trail as `note` 2 more, a resolution alone is then a transaction.
    """
    ending = uses.ending(voucher, past) if voucher and past else []
    noted = [note] if note else []
    if not ending and not noted:
        return write(case)
    return engine.transact([{"Put": _put(case)}, *ending, *noted], uuid4().hex) is None


def case_of(raw: Raw) -> Case:
    return Case(**{"winner": None} | items.read(_CASE, raw))


def _put(case: Case) -> dict[str, object]:
    at = case.resolution.at if case.resolution else case.opened_at
    head = items.head_of(keys.case(case.campaign_id, case.root), engine.instant(at))
    item = head | items.written(_CASE, case)
    before = {":was": engine.number(case.version - 1)}
    return engine.put_raw(tables.CaseItem, item, "ver = :was", before)
