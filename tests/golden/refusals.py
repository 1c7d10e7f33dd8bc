"""Writes refusals.json: every broken rule alone, and every pair of rules broken at once.

Run `python tests/golden/refusals.py` after a change here. The order below is the law, written by
hand from docs/rules.md; nothing is asked of the code that the file tests.
"""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
Facts = dict[str, Any]

ABOUT = [
    "May this voucher be used here and now? One table for the server and for the staff's phones.",
    "A case changes some facts of `sound`, the scan that nothing speaks against. Its `outcome` is",
    "accepted, refused (with `reason`) or replayed: the use that this device made under this nonce",
    "before. Where two rules are broken, the first in the order of checks gives the reason.",
    "What only the ledger knows (stored, state, order_groups, day_left, budget_left) is not judged",
    "offline, where nobody but the stand sells.",
]
FIELDS = {
    "at": "the instant of the scan",
    "stored": "null, or whether the use under this device's nonce is standing or given_back",
    "signature": "good or bad",
    "key_id": "which key the token names; the installation has key 1, and 0 for practice codes",
    "key_not_after": "null, or the last issue time that key 1 may vouch for",
    "withdrawn_keys": "the key ids that the live record of the voucher's campaign withdraws",
    "revoked": "whether the live record lists this voucher",
    "token_issued_at": "the issue time in the token",
    "token_expires_at": "the outer bound in the token",
    "token_generation": "the generation in the token; the ledger's voucher has 0",
    "state": "the voucher in the ledger; issued stands for reversed where a use was given back",
    "voucher_campaign": "the number of the campaign that issued the voucher; the stand's is 7",
    "issued_at_stand": "where it was issued: id, city, country",
    "used_at_stand": "where it is used, in the zone Europe/Istanbul",
    "hours": "opening hours there, every day, as [opens, closes] in wall time",
    "usable_at": "stand, city, country or campaign",
    "sells_for": "null for all merchants, else those of the caller; the offer's is cam-fener",
    "channels": "where the offer may be used; this scan happens at the stand",
    "paused": "whether the stand is paused",
    "closed_until": "null, or when a stand that its manager closed opens again",
    "usable_from": "wall time of the offer's start",
    "usable_until": "wall time of its end, exclusive; a date alone holds that whole day",
    "benefit": "what the holder gets, amounts in minor units",
    "order_total_minor": "null, or the total that staff typed",
    "order_groups": "the groups of which the order has a voucher; the offer is in lights",
    "day_left": "null for no day limit, else what is left of it today",
    "budget_left": "null for no budget, else what is left of it",
}
ISTANBUL = {"id": "istanbul", "city": "Istanbul", "country": "TR"}
ANKARA = {"id": "ankara", "city": "Ankara", "country": "TR"}
SOUND: Facts = {
    "at": "2026-05-20T12:00:30Z",
    "stored": None,
    "signature": "good",
    "key_id": 1,
    "key_not_after": None,
    "withdrawn_keys": [],
    "revoked": False,
    "token_issued_at": "2026-05-19T12:00:00Z",
    "token_expires_at": "2026-07-01T00:00:00Z",
    "token_generation": 0,
    "state": "issued",
    "voucher_campaign": 7,
    "issued_at_stand": ISTANBUL,
    "used_at_stand": ISTANBUL,
    "hours": [["00:00", "24:00"]],
    "usable_at": "stand",
    "sells_for": None,
    "channels": ["stand"],
    "paused": False,
    "closed_until": None,
    "usable_from": "2026-05-10",
    "usable_until": "2026-05-31",
    "benefit": {"kind": "gift"},
    "order_total_minor": 10_000,
    "order_groups": [],
    "day_left": None,
    "budget_left": None,
}
FIVE_OFF = {"kind": "amount", "amount_minor": 500, "minimum_minor": 2500, "currency": "TRY"}
A_LITTLE = {"kind": "percentage", "percentage": 1}

# The order of checks. Each trouble: its name, what breaks the rule, the reason ("" replays).
ORDER: list[tuple[str, Facts, str]] = [
    ("stored nonce", {"stored": "given_back"}, ""),
    ("forged", {"signature": "bad"}, "bad_signature"),
    ("key unknown", {"key_id": 9}, "unknown_key"),
    ("practice code", {"key_id": 0}, "training_code"),
    ("key retired", {"key_not_after": "2026-05-01T00:00:00Z"}, "key_retired"),
    ("key withdrawn", {"withdrawn_keys": [1, 2]}, "key_withdrawn"),
    ("revoked by list", {"revoked": True}, "revoked"),
    ("revoked", {"state": "revoked"}, "revoked"),
    ("given away", {"state": "given"}, "given_away"),
    ("another campaign", {"voucher_campaign": 8}, "wrong_campaign"),
    ("another stand", {"used_at_stand": ANKARA}, "wrong_city"),
    ("another merchant's", {"sells_for": ["bakir-cezve"]}, "wrong_merchant"),
    ("online only", {"channels": ["online"]}, "wrong_channel"),
    ("paused", {"paused": True}, "paused"),
    ("too early", {"usable_from": "2026-05-25"}, "not_started"),
    ("too late", {"usable_until": "2026-05-15"}, "expired"),
    ("token too old", {"token_expires_at": "2026-05-20T12:00:00Z"}, "expired"),
    ("closed", {"hours": [["20:00", "22:00"]]}, "not_now"),
    ("closed by its manager", {"closed_until": "2026-05-21T07:00:00Z"}, "not_now"),
    ("lapsed", {"state": "lapsed"}, "lapsed"),
    ("revived since", {"token_generation": 1}, "lapsed"),
    ("used", {"state": "redeemed"}, "already_redeemed"),
    ("held", {"state": "held"}, "held_by_order"),
    ("no total", {"benefit": FIVE_OFF, "order_total_minor": None}, "order_total_required"),
    ("small order", {"benefit": FIVE_OFF, "order_total_minor": 2499}, "minimum_not_met"),
    ("nothing off", {"benefit": A_LITTLE, "order_total_minor": 50}, "no_effect"),
    ("another of the group", {"order_groups": ["lights"]}, "not_stackable"),
    ("day used up", {"day_left": 0}, "limit_day"),
    ("budget used up", {"benefit": FIVE_OFF, "budget_left": 499}, "budget_exhausted"),
]
# A code that is not authentic names no voucher, so there is no nonce to look for; and without its
# key a signature cannot be judged.
NOT_BOTH = {
    ("stored nonce", "forged"),
    ("stored nonce", "key unknown"),
    ("stored nonce", "practice code"),
    ("forged", "key unknown"),
}

EDGES: list[tuple[str, Facts, str]] = [
    ("last second before the start", {"usable_from": "2026-05-20T15:01"}, "not_started"),
    ("first minute", {"usable_from": "2026-05-20T15:00"}, "accepted"),
    ("end is exclusive", {"usable_until": "2026-05-20T15:00"}, "expired"),
    ("last minute", {"usable_until": "2026-05-20T15:01"}, "accepted"),
    ("a date holds its whole day", {"usable_until": "2026-05-20"}, "accepted"),
    ("24:00 is the end of the day", {"usable_until": "2026-05-20T24:00"}, "accepted"),
    ("the day before is over", {"usable_until": "2026-05-19T24:00"}, "expired"),
    ("closing minute", {"hours": [["10:00", "15:00"]]}, "not_now"),
    ("opening minute", {"hours": [["15:00", "16:00"]]}, "accepted"),
    ("open past midnight", {"hours": [["20:00", "15:30"]]}, "accepted"),
    ("between two sessions", {"hours": [["08:00", "12:00"], ["16:00", "20:00"]]}, "not_now"),
    ("opens again this second", {"closed_until": "2026-05-20T12:00:30Z"}, "accepted"),
    ("opens again in a second", {"closed_until": "2026-05-20T12:00:31Z"}, "not_now"),
    ("issued as the key retired", {"key_not_after": "2026-05-19T12:00:00Z"}, "accepted"),
    ("issued a minute later", {"key_not_after": "2026-05-19T11:59:00Z"}, "key_retired"),
    ("another key withdrawn", {"withdrawn_keys": [2]}, "accepted"),
    ("token's last minute", {"token_expires_at": "2026-05-20T12:01:00Z"}, "accepted"),
    ("given back", {"state": "reversed"}, "accepted"),
    ("use under this nonce stands", {"state": "redeemed", "stored": "standing"}, ""),
    ("given back, then used by another", {"state": "redeemed", "stored": "given_back"}, ""),
    ("the city's other stand", {"used_at_stand": {**ISTANBUL, "id": "istanbul-kadikoy"},
                                "usable_at": "city"}, "accepted"),
    ("another city", {"used_at_stand": ANKARA, "usable_at": "city"}, "wrong_city"),
    ("the same country", {"used_at_stand": ANKARA, "usable_at": "country"}, "accepted"),
    ("anywhere", {"used_at_stand": ANKARA, "usable_at": "campaign"}, "accepted"),
    ("at the stand and online", {"channels": ["stand", "online"]}, "accepted"),
    ("its own merchant's", {"sells_for": ["cam-fener", "bakir-cezve"]}, "accepted"),
    ("beside another group", {"order_groups": ["tea"]}, "accepted"),
    ("at the minimum", {"benefit": FIVE_OFF, "order_total_minor": 2500}, "accepted"),
    ("half a unit rounds to even", {"benefit": A_LITTLE, "order_total_minor": 51}, "accepted"),
    ("an empty order", {"benefit": {"kind": "amount", "amount_minor": 500, "currency": "TRY"},
                        "order_total_minor": 0}, "no_effect"),
    ("an amount needs no total", {"benefit": {"kind": "amount", "amount_minor": 500,
                                              "currency": "TRY"}, "order_total_minor": None},
     "accepted"),
    ("an amount from a budget needs one", {"benefit": {"kind": "amount", "amount_minor": 500,
                                                       "currency": "TRY"}, "budget_left": 10_000,
                                           "order_total_minor": None}, "order_total_required"),
    ("the last of the day", {"day_left": 1}, "accepted"),
    ("the last of the budget", {"benefit": FIVE_OFF, "budget_left": 500}, "accepted"),
]  # fmt: skip


def cases() -> list[Facts]:
    """Return every case: all well, each trouble, each pair that can happen at once, the edges."""
    alone = [_case(name, changes, reason) for name, changes, reason in ORDER]
    pairs = [
        _case(f"{first} and {second}", changes | more, reason)
        for (first, changes, reason), (second, more, _) in combinations(ORDER, 2)
        if (first, second) not in NOT_BOTH and _fit(changes, more)
    ]
    edges = [_case(name, changes, reason) for name, changes, reason in EDGES]
    return [_case("all is well", {}, "accepted"), *alone, *pairs, *edges]


def document() -> Facts:
    """Return the whole file."""
    return {"about": ABOUT, "fields": FIELDS, "sound": SOUND, "cases": cases()}


def _case(name: str, changes: Facts, reason: str) -> Facts:
    outcome = {"": "replayed", "accepted": "accepted"}.get(reason, "refused")
    shown = reason if outcome == "refused" else None
    return {"name": name, "changes": changes, "outcome": outcome, "reason": shown}


def _fit(first: Facts, second: Facts) -> bool:
    """Tell whether two troubles can happen at once: no fact has two values."""
    return all(second.get(name, value) == value for name, value in first.items())


def _written(whole: Facts) -> str:
    lines = ",\n".join(f"    {json.dumps(case)}" for case in whole["cases"])
    head = json.dumps({**whole, "cases": []}, indent=2)
    return head.replace('"cases": []', f'"cases": [\n{lines}\n  ]') + "\n"


if __name__ == "__main__":
    FILE.write_text(_written(document()))
