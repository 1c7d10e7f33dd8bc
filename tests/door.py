"""A door of the festival: the house behind a real server, and phones of real browsers at it.

phone = door.phone(context)
phone.enrol()
with phone.offline():
    phone.scan(url)
    assert "Accepted offline" in phone.sees("offline")
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from house import House, Json, Marketing, new_key
from playwright.sync_api import BrowserContext, BrowserType, expect
from rigs.doors import Door as Inside
from rigs.doors import straight

from app import app
from bench.without_network import CONTROLLED, SCAN_ALL
from chalicelib.domain.api_key import Role
from chalicelib.domain.device import Profile
from chalicelib.domain.offline_scan import OfflineScan
from chalicelib.store import engine, scan_items
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import chromium
from local.gateway import Answer, Gateway
from local.house import House as LocalHouse
from local.house import Plan
from local.house import opened as house_of
from local.http_server import Server
from local.places import REPOSITORY
from local.rest import Request

BUILT = REPOSITORY / "static" / "built"
_MORTAL = Path(__file__).with_name("mortal_server.py")
SYNC_MS = 60_000  # at most
AXE = (REPOSITORY / "node_modules" / "axe-core" / "axe.min.js").read_text()
PHONE: Json = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
# A page that stays open needs no worker, and starts in a fraction of the time.
OPEN_PHONE: Json = PHONE | {"service_workers": "block"}


class Entrance(Protocol):
    """Where a browser's phone comes to."""

    @property
    def url(self) -> str: ...

    def enrolment_code(self, popup_id: str, profile: Profile) -> str: ...


Ask = Callable[[Request], Answer]
Tamper = Callable[[Request, Ask], Answer]


@dataclass
class Door:
    """A server on a port of its own. `tamper` changes what it answers; `asked` is what came."""

    house: House
    server: Server
    gateway: Gateway
    tamper: Tamper = field(default=lambda request, ask: ask(request))
    asked: list[Request] = field(default_factory=list)
    one_by_one: threading.Lock = field(default_factory=threading.Lock)  # a house has one clock

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.port}"

    def answer(self, request: Request) -> Answer:
        """Answer as the laptop does."""
        self.asked.append(request)
        with self.one_by_one:
            return self.tamper(request, self.gateway.answer)

    def enrolment_code(self, popup_id: str, profile: Profile) -> str:
        """Make a one-time code for a stand."""
        with self.one_by_one:
            return self.house.enrolment_code(popup_id, profile)

    def as_new(self) -> "Door":
        """Return the door as if nobody had come yet."""
        with self.one_by_one:  # what is being answered still has its house
            self.tamper = lambda request, ask: ask(request)
            self.asked.clear()
        return self

    def batches(self) -> list[Request]:
        """Return the batches that were handed in."""
        return [request for request in self.asked if request.path.endswith("/batch")]

    def vouchers(self, count: int, offer_id: str = "lantern-gift") -> list[str]:
        """Return the codes of so many printed vouchers."""
        with self.one_by_one:
            return [row["url"] for row in self.house.marketing().minted(offer_id, count)]

    def claimed(self, offer_id: str = "lantern-gift") -> str:
        """Return the code of a voucher that a visitor has just claimed."""
        with self.one_by_one:
            return str(self.house.browser().claim("istanbul", offer_id)["url"])


@contextmanager
def opened(house: House) -> Iterator[Door]:
    """Open the door for as many tests as like."""
    server = Server("127.0.0.1", 0)
    door = Door(house, server, Gateway(app, unrouted, BUILT))
    server.start(door.answer)
    try:
        yield door
    finally:
        server.shutdown()
        with door.one_by_one:  # what is being answered still has its house
            server.server_close()


@dataclass(frozen=True)
class LocalDoor:
    """The laptop's own house, whose tables take writes as fast as they come."""

    house: LocalHouse

    @property
    def url(self) -> str:
        return self.house.world.base_url

    @contextmanager
    def server(self, *, mortal: bool = False) -> Iterator[subprocess.Popen[str]]:
        """Let a process of its own serve this address, which the house's own then leaves."""
        self.house.server.close()
        asked = [str(self.house.server.port), self.house.engine.url, *["mortal"] * mortal]
        around = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, str(_MORTAL), *asked]
        with subprocess.Popen(command, env=around, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
            process.kill()

    def enrolment_code(self, popup_id: str, profile: Profile) -> str:
        """Make a one-time code for a stand."""
        return Inside(straight()).enrolment_code(popup_id, profile)

    def vouchers(self, count: int, offer_id: str = "lantern-gift") -> list[str]:
        """Return the codes of so many printed vouchers."""
        inside, campaign = Inside(straight()), self.house.world.campaigns["festival-now"]
        key = new_key(campaign, "press", context.now(), role=Role.MARKETER)[1]
        press = Marketing(inside, campaign.campaign_id, key)
        return [row["url"] for row in press.minted(offer_id, count)]


@contextmanager
def local_door(directory: Path) -> Iterator[LocalDoor]:
    """Open the laptop's house until the test is over."""
    directory.mkdir()
    with house_of(Plan(log=directory, strip=False)) as house:
        yield LocalDoor(house)


class BrowserPhone:
    """A steward's phone with a hand scanner that types and presses Enter."""

    def __init__(self, door: Entrance, context: BrowserContext) -> None:
        self.door, self.context = door, context
        context.set_default_timeout(20_000)
        self.page = context.new_page()

    def enrol(
        self, popup_id: str = "istanbul", profile: Profile = Profile.STEWARD
    ) -> "BrowserPhone":
        """Become a scanner."""
        code = self.door.enrolment_code(popup_id, profile)
        self.page.goto(f"{self.door.url}/staff/#enrol={code}")
        self.ready()
        return self

    def installed(self) -> "BrowserPhone":
        """Wait until it can open without network."""
        self.page.evaluate(CONTROLLED)
        return self

    def open(self) -> "BrowserPhone":
        """Open the scanner's page."""
        self.page.goto(f"{self.door.url}/staff/")
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until it can take a code."""
        self.page.wait_for_selector("body[data-mode=ready]")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Take the network away for a while; it has come back when this ends."""
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def scan(self, text: str) -> None:
        """Type as a hand scanner does, wherever the focus is."""
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def scan_all(self, codes: list[str]) -> list[float]:
        """Scan one code after the other, each accepted offline; return the milliseconds."""
        times: list[float] = self.page.evaluate(SCAN_ALL, codes)
        return times

    def sees(self, kind: str) -> str:
        """Wait for a verdict and return its text."""
        return self.page.inner_text(f"body[data-verdict={kind}] #verdict [data-verdict={kind}]")

    def hears(self, text: str) -> None:
        """Wait until the verdict says so."""
        expect(self.page.locator("#verdict")).to_contain_text(text)

    def waits(self, count: int) -> None:
        """See how many scans wait to be sent."""
        shown = self.page.locator("#waiting")
        if count:
            expect(shown.locator("#waiting-count")).to_have_text(str(count))
        else:
            expect(shown).to_have_attribute("hidden", "", timeout=SYNC_MS)

    def look_up(self) -> None:
        """Let the browser say that the network is back, which is a reason to look, no more."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def faults(self) -> list[str]:
        """Return what axe finds wrong with the page as it stands."""
        self.page.evaluate(AXE)
        found: Json = self.page.evaluate("axe.run()")
        return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]

    def synced(self) -> None:
        """Hand in what waits."""
        self.look_up()
        self.waits(0)


def scans(house: House) -> list[OfflineScan]:
    """Return the entries that the ledger has, by device, in the order of their numbers."""
    return _in_order(house.items())


def ledger_scans() -> list[OfflineScan]:
    """Return the entries of the ledger that the app is connected to."""
    table = f"{context.settings.table_prefix}ledger"
    pages = engine.client().get_paginator("scan").paginate(TableName=table)
    return _in_order([row for page in pages for row in page["Items"]])


def _in_order(items: list[Json]) -> list[OfflineScan]:
    rows = [row for row in items if row["sk"]["S"].startswith("SCAN#")]
    found = [scan_items.scan_of(row) for row in rows]
    return sorted(found, key=lambda scan: (scan.device_id, scan.seq))


class OwnBrowser:
    """A Chromium with a profile on disk, which can be killed and opened again."""

    def __init__(self, kind: BrowserType, profile: Path) -> None:
        self._kind, self._profile = kind, profile

    def start(self) -> BrowserContext:
        """Open it and return its one context; what it had kept is still there."""
        flags = [*chromium.FLAGS]
        path = chromium.find()
        return self._kind.launch_persistent_context(
            self._profile, executable_path=path, args=flags, headless=True, **PHONE
        )

    def kill(self) -> None:
        """Kill it on the spot: nothing is closed or written any more."""
        lock = (self._profile / "SingletonLock").readlink()  # "host-number of its process"
        os.kill(int(lock.name.rpartition("-")[2]), signal.SIGKILL)
