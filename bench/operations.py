"""What else the ledger does, once each through the whole app: requests and write units."""

import json
from typing import Any

from bench import festival, holder
from bench.festival import CAMPAIGN, HELD, LIMITED, ONLINE, Caller, Festival, Place
from bench.watch import watching
from chalicelib.domain.api_key import Role
from chalicelib.web.context import context

Figures = dict[str, float]


def measure() -> Figures:
    """Count every operation, each with vouchers of its own."""
    with festival.opened() as opened:
        ledger = Ledger(opened)
        for told in (_held_claim, _limited_use, _reversal, _gift, _order):
            told(ledger)
    return ledger.figures


class Ledger:
    """The festival, and what its operations cost so far."""

    def __init__(self, opened: Festival) -> None:
        self.opened = opened
        self.figures: Figures = {}

    def claim(self, place: Place) -> tuple[dict[str, Any], Caller]:
        """Return a fresh voucher and its holder."""
        visitor = self.opened.visitor()
        return json.loads(festival.ask(self.opened.claiming(visitor, place), 201)), visitor

    def count(self, name: str, caller: Caller, path: str, document: object) -> dict[str, Any]:
        """Send it, write down what it cost, and return the answer."""
        event = festival.posting(path, document, caller)
        context.catalog.all()  # so that no check of the catalog falls into what is counted
        with watching() as counted:
            answer: dict[str, Any] = json.loads(festival.ask(event, 201))
        self.figures[f"{name}_requests"] = counted.requests
        self.figures[f"{name}_wcu"] = counted.write_units
        return answer


def _held_claim(ledger: Ledger) -> None:
    wish = HELD.wish
    ledger.count("claim_hold", ledger.opened.visitor(), "/api/v1/claims", wish)


def _limited_use(ledger: Ledger) -> None:
    """Use a voucher of an offer with a day limit and a budget."""
    voucher, _ = ledger.claim(LIMITED)
    total = {"amount_minor": 60_000, "currency": "TRY"}
    scan = festival.scan(voucher["url"], "nonce-limited") | {"order_total": total}
    ledger.count("redeem_limited", ledger.opened.phone(), "/api/v1/redemptions", scan)


def _reversal(ledger: Ledger) -> None:
    """Give back a use that moved no counter."""
    voucher, _ = ledger.claim(Place())
    used = json.loads(festival.ask(ledger.opened.redeeming(voucher["url"], "nonce-used"), 201))
    path = f"/api/v1/redemptions/{used['redemption_id']}/reversal"
    wish = {"nonce": "nonce-back", "reason": "mistake"}
    ledger.count("reverse", ledger.opened.phone(), path, wish)


def _gift(ledger: Ledger) -> None:
    voucher, giver = ledger.claim(Place())
    path = f"/api/v1/vouchers/{voucher['code']}/gift"
    link = ledger.count("gift_link", giver, path, {})
    secret = {"gift": link["url"].rpartition("/")[2]}
    ledger.count("gift_accept", ledger.opened.visitor(), "/api/v1/gifts", secret)


def _order(ledger: Ledger) -> None:
    """Hold a voucher for a shop's order, and confirm the order."""
    voucher, _ = ledger.claim(ONLINE)
    campaign = context.catalog.campaign(CAMPAIGN).campaign
    shop = holder.admitted(Role.SHOP, CAMPAIGN, campaign.number, "harbour")
    wish = {"scanned": voucher["url"], "nonce": "nonce-order", "order_ref": "order-1"}
    wish["hold_seconds"] = 600
    held = ledger.count("shop_hold", shop, "/api/v1/redemptions", wish)
    path = f"/api/v1/redemptions/{held['redemption_id']}/confirm"
    ledger.count("shop_confirm", shop, path, None)
