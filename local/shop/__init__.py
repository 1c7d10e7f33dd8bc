"""A made-up online shop below `/_local/shop`: it calls Marquee as any shop does, with a key."""

import itertools
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from clients.python.marquee_client import Refused, Shop, Trip
from local.gateway import Answer, problem
from local.rest import Request
from local.shop import orders, pages
from local.shop.orders import Order

ROOT = "/_local/shop"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TRIPS = {"yes": True, "no": False}
_MOST_KEPT = 200


@dataclass
class SampleShop:
    """Orders of this run, by reference. `connect` gives the client of the campaign of the day."""

    connect: Callable[[], Shop]
    kept: dict[str, Order] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def answer(self, request: Request) -> Answer:
        """Answer a request below `/_local/shop`; posts were checked to come from our pages."""
        parts = request.path.removeprefix(ROOT).strip("/").split("/")
        form = {k: v[-1] for k, v in parse_qs(request.body.decode("utf-8", "replace")).items()}
        match (request.method, parts):
            case ("GET" | "HEAD", [""]):
                return _html(pages.basket())
            case ("POST", ["orders"]):
                return self._begin(form.get("voucher", "").strip())
            case ("GET" | "HEAD", ["orders", ref]) if ref in self.kept:
                return _html(pages.order(self.kept[ref]))
            case ("POST", ["orders", ref, deed]) if ref in self.kept:
                return self._do(self.kept[ref], deed, form)
        return problem(404, "not_found", "The shop has no such page.")

    def _begin(self, voucher: str) -> Answer:
        ref = f"S{next(self._numbers) + 1}-{secrets.token_hex(3)}"
        try:
            order = orders.begun(self.connect(), ref, voucher)
        except Refused as no:
            return _html(pages.basket(no.detail, voucher), 409)
        return self._keep(order)

    def _do(self, order: Order, deed: str, form: dict[str, str]) -> Answer:
        try:
            with self._lock:
                return self._keep(self._done(order, deed, form))
        except Refused as no:
            return _html(pages.order(order, no.detail), 409)

    def _done(self, order: Order, deed: str, form: dict[str, str]) -> Order:
        shop = self.connect()
        match deed:
            case "trip":
                trip = Trip(coming_anyway=_TRIPS.get(form.get("coming_anyway", "")))
                return orders.asked(shop, order, trip)
            case "delivery":
                return orders.chosen(shop, order, form.get("option", ""))
            case "confirm":
                return orders.confirmed(shop, order)
            case "cancel":
                return orders.cancelled(shop, order)
        return order

    def _keep(self, order: Order) -> Answer:
        while len(self.kept) >= _MOST_KEPT:
            del self.kept[next(iter(self.kept))]
        self.kept[order.ref] = order
        return Answer(303, (("Location", f"{ROOT}/orders/{order.ref}"),))


def _html(page: str, status: int = 200) -> Answer:
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", POLICY),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    )
    return Answer(status, headers, page.encode())
