"""The product on tables inside this process, with the smallest festival that has every limit."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from secrets import token_bytes
from typing import Any

import made
from house import NOON, PUBLIC_URL, Browser, Entropy, House, fixed_secrets
from rigs import books
from rigs.faults import Json
from rigs.wire import Wire, wired

from chalicelib.config import Settings, read_settings
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery_plan import DeliveryPlan, StandOption
from chalicelib.domain.offer import Channel, Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.store import campaigns, counters, keys
from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context, real_now
from chalicelib.web.key_ring import KeyRing

PLAN = DeliveryPlan(
    goods_mass_g=800,
    volume_cm3=3000,
    packaging="board_box",
    road_km=300,
    options=(StandOption(code="locker", kind="locker", vehicle="van_bev"),),
)
OFFERS = (
    made.offer("plain", 1),
    made.offer("stocked", 2, stock=Stock(units=4, shards=2)),
    made.offer("limited", 3, benefit=made.FIVE_OFF, day_limit=3, budget_minor=2_000),
    made.offer("returning", 4, stock=Stock(units=5)),
    made.offer("single", 5, stock=Stock(units=2, shards=2), visitor_limit=2),
)
ANYWHERE = (Channel.STAND, Channel.ONLINE)
KEPT = made.offer(
    "kept", 7, stock=Stock(units=3), hold_minutes=30, offline=False, channels=ANYWHERE
)
ORDERED = made.offer(
    "ordered",
    8,
    benefit=made.FIVE_OFF,
    day_limit=3,
    budget_minor=2_000,
    group="paper",
    channels=ANYWHERE,
)
ANYWAY = made.offer(
    "anyway",
    9,
    benefit=made.FIVE_OFF,
    day_limit=1,
    budget_minor=700,
    offline=True,
)
FESTIVAL = made.campaign(
    *OFFERS, KEPT, ORDERED, ANYWAY, popups=(made.ISTANBUL, made.ANKARA), delivery=PLAN
)
LATER = timedelta(seconds=1)
Key = tuple[str, str, str]


class Lab(House):
    """A house whose tables are inside, and whose wire to them can be spoilt."""

    wire: Wire

    def __init__(self, drafts: Path) -> None:
        super().__init__(fixed_secrets(FESTIVAL.number, 8))
        self._settings = Settings(public_url=PUBLIC_URL, engine_url="http://127.0.0.1:9")
        self.drafts, self.numbers = drafts, count(1)

    def open(self) -> None:
        """Make the tables, publish the festival, and remember that."""
        context.connect(self._settings, secrets=self._secrets, now=lambda: self.at)
        self.tables.clear()
        self.tables.make_tables()
        context.settings = read_settings()  # forget the clients that made the tables
        self.connect()
        with wired():
            outcome = self.publish(FESTIVAL, counters)
        assert isinstance(outcome, Pointer), outcome
        self.keep()

    # --- as it was ------------------------------------------------------------------------------
    def keep(self) -> None:
        self._seeded = self.tables.kept()

    def restore(self) -> None:
        self.put_back(self._seeded)
        context.entropy = Entropy("lab")

    def put_back(self, kept: bytes) -> None:
        """Bring the tables back to a moment, in a fresh process."""
        self.tables.put_back(kept)
        self.at = self.real_at = NOON
        self.connect()
        context.entropy = Entropy("strangers")  # who comes now was not there before
        context.catalog, context.keys = Catalog(), KeyRing()

    def later(self) -> None:
        """Let the time pass that a caller waits before it tries again."""
        self.at += LATER
        self.real_at += LATER

    # --- what the tables hold -------------------------------------------------------------------
    def state(self) -> dict[Key, Json]:
        """Return every item, without what may differ between two ways to the same end."""
        found = {
            (role, item["pk"]["S"], _place(item)): item
            for role in ("catalog", "ledger", "insights", "access")
            for item in self.tables.items(role)
        }
        dead = _dead_links(found.values())
        return {key: _essence(item) for key, item in found.items() if key[1] not in dead}

    def complaints(self) -> list[str]:
        """Return what is wrong with the ledger's books."""
        return books.ledger(self.tables.items("ledger"))

    def caps(self, campaign_id: str = FESTIVAL.campaign_id) -> list[str]:
        """Return where the counters' caps are not those of the live revision."""
        live = self.live_revision(campaign_id)
        return books.promised(live, self.at, self.tables.items("ledger"))

    def live_revision(self, campaign_id: str = FESTIVAL.campaign_id) -> Campaign:
        """Return the revision to which the pointer points."""
        return campaigns.revision(campaign_id, campaigns.pointers()[campaign_id].revision)

    @contextmanager
    def stale(self, catalog: Catalog) -> Iterator[None]:
        """Let a container with a catalog of its own answer."""
        fresh, context.catalog = context.catalog, catalog
        try:
            yield
        finally:
            context.catalog = fresh

    def visitor(self) -> Browser:
        """Return a browser with its cookie."""
        browser = self.browser()
        browser.sign_in()
        return browser


def claim_by(browser: Browser, offer_id: str, popup_id: str = "istanbul") -> Any:
    """Claim as the page's script does, without a look at the catalog from here."""
    wish = {"campaign_id": FESTIVAL.campaign_id, "popup_id": popup_id, "offer_id": offer_id}
    return browser.post("/api/v1/claims", wish)


def changed(facts: Mapping[str, Mapping[str, Any]]) -> Campaign:
    """Return the festival with some facts of its offers changed, by the offer's id."""
    offers = (replace(offer, **facts.get(offer.offer_id, {})) for offer in FESTIVAL.offers)
    return replace(FESTIVAL, offers=tuple(offers))


_PASSING = {
    "ver",
    "epoch",
    "at",
    "saved_at",
    "updated_at",
    "enrolled_at",
    "seen",
    "mark",
    "back_at",
    "req",
}


_EPOCH = re.compile(r'\\"epoch\\":[^,}]*')  # an epoch is in the facts of a publish, too


def _place(item: Json) -> str:
    """Return a sort key without what is new at each run: instants of writing, names of requests."""
    partition, place = item["pk"]["S"], str(item["sk"]["S"])
    if partition.startswith(f"{keys.USED}#"):
        return place.partition(":")[2]
    if partition.startswith(f"{keys.NEWS}#"):
        return str(item["kind"]["S"]) + _EPOCH.sub("", json.dumps(item["data"]["S"]))
    return f"{item['action']['S']} {item['subject']['S']}" if "subject" in item else place


def _dead_links(items: Iterable[Json]) -> set[str]:
    """Return the keys of links that a later one replaced: they open nothing any more."""
    rows = list(items)
    bound = {keys.gift(item["gift"]["S"]).pk for item in rows if "gift" in item}
    links = {item["pk"]["S"] for item in rows if item["pk"]["S"].startswith(keys.gift("").pk)}
    return links - bound


def _essence(item: Json) -> Json:
    """Leave out versions, instants of writing, the request that wrote, and what is sealed."""
    kept = {name: value for name, value in item.items() if name not in _PASSING}
    kept["sk"] = {"S": _place(item)}
    if "answer" in kept:
        kept["answer"] = {}
    if "B" in kept.get("note", {}):  # a holder's; a manager's is read as it is
        kept["note"] = {}
    for name in {"facts", "data"} & kept.keys():
        kept[name] = _EPOCH.sub("", json.dumps(kept[name]))
    if "cur" in kept:
        kept["cur"] = {n: v for n, v in kept["cur"]["M"].items() if n != "req"}
    if item["pk"]["S"].startswith("DRAFT#"):
        del kept["version"]
    return kept


@contextmanager
def opened(drafts: Path) -> Iterator[Lab]:
    """Open the lab once, with a directory for drafts, and give the app back as it was."""
    lab = Lab(drafts)
    try:
        lab.open()
        yield lab
    finally:
        context.real_now = real_now
        context.entropy = token_bytes
        context.connect(read_settings())
