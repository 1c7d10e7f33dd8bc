"""The rig: a local engine, several processes of the product, and people who come all at once.

    def test_a_voucher_is_used_once(rig, door):
        stand, (visitor,) = rig.stand(), rig.visitors(door, 1)
        voucher, phone = visitor.claim(stand, "tea"), Phone(door, stand)
        answers = at_once([partial(phone.redeem, voucher["url"])] * 200)
        assert reasons(answers) == {"": 1, "already_redeemed": 199}

`rig.audit()` adds up the whole ledger afterwards.
"""

import secrets as entropy_source
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from house import Answer, Browser, Marketing, Shop, new_key
from rigs import parts
from rigs.doors import Door, over_http, straight
from rigs.fair import fair
from rigs.part import PUBLIC_URL
from rigs.parts import Part

from chalicelib import signing
from chalicelib.config import Settings, read_settings
from chalicelib.domain.api_key import Role
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.limits import LimitId, counters_of
from chalicelib.signing import Secrets
from chalicelib.store import books, counters
from chalicelib.usecases import auditing
from chalicelib.usecases.auditing import Report
from chalicelib.web.context import context, real_now
from chalicelib.web.session import VISITOR_COOKIE
from local import engine as engines
from local import ground, seed

CAUGHT_UP_SECONDS = 60.0

Result = TypeVar("Result")


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Make all calls at the same moment, a thread each; return their results in order."""
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], Result]) -> Result:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(go, calls))


def succeeded(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers that say it happened, now or before."""
    return [answer for answer in answers if answer.status in {200, 201}]


def reasons(answers: Iterable[Answer]) -> Counter[str]:
    """Count the refusals by reason; '' stands for successes."""
    return Counter(answer.reason for answer in answers)


class Rig:
    """What tests of a session share: the engine with the fair, processes, fresh stands."""

    def __init__(
        self, settings: Settings, secrets: Secrets, campaign: Campaign, processes: Sequence[Part]
    ) -> None:
        self.campaign = campaign
        self.webs = [part for part in processes if part.kind == "web"]
        self.projectors = [part for part in processes if part.kind == "projector"]
        self._settings, self._secrets = settings, secrets
        self._stands, self._coupons, self._holders = count(1), count(1), count(1)

    def connect(self) -> None:
        """Give this process's app the rig's tables, secrets and real clocks."""
        context.connect(self._settings, secrets=self._secrets)
        context.real_now, context.entropy = real_now, entropy_source.token_bytes

    def door(self, kind: str) -> Door:
        """Open a way in: "http" goes to all web processes in turn, "straight" into the app."""
        ports = [web.port for web in self.webs]
        return Door(over_http(ports) if kind == "http" else straight())

    def stand(self) -> str:
        """Return a stand that no other test knows."""
        popup_id = f"stand-{next(self._stands)}"
        assert popup_id in self.campaign.popup, "publish a larger fair: no stand is left"
        return popup_id

    def coupon(self) -> str:
        """Return an offer with a budget that no other test spends from."""
        offer_id = f"coupon-{next(self._coupons)}"
        assert offer_id in self.campaign.offer, "publish a larger fair: no coupon is left"
        return offer_id

    def visitors(self, door: Door, number: int) -> list[Browser]:
        """Return so many browsers that have their cookie already."""
        browsers = [Browser(door) for _ in range(number)]
        for browser in browsers:
            visitor = signing.new_visitor(entropy_source.token_bytes)
            browser.cookies[VISITOR_COOKIE] = signing.visitor_cookie(self._secrets, visitor)
        return browsers

    def shop(self, door: Door) -> Shop:
        """Return an online shop with a key that no other test has."""
        return Shop(door, self._key(Role.SHOP))

    def marketing(self, door: Door) -> Marketing:
        """Return a program of the marketing team with a key of its own."""
        return Marketing(door, self.campaign.campaign_id, self._key(Role.MARKETER))

    def _key(self, role: Role) -> str:
        slug, at = f"holder-{next(self._holders)}", context.real_now()
        return new_key(self.campaign, slug, at, role=role)[1]

    def left(self, kind: CounterKind, offer_id: str, popup_id: str | None = None) -> int:
        """Return what all shards of a limit have left together; of a day limit, what today has."""
        offer, popup = self.campaign.offer[offer_id], self.campaign.popup.get(popup_id or "")
        day = popup.local_day(context.now()).isoformat() if popup else ""
        number = popup.number if popup else 0
        limit = LimitId(kind, offer.number, number, day if kind is CounterKind.DAY else "")
        shards = offer.stock.shards if offer.stock else 1
        found = counters.read(counters_of(self.campaign.number, limit, shards))
        return sum(counter.left for counter in found.values())

    def audit(self) -> Report:
        """Add up everything. What is wrong fails the test, by name."""
        report = auditing.audit(books.read, lambda: time.sleep(0.2))
        wrong = [line for line in auditing.lines(report) if "expected" in line]
        assert not wrong, "\n".join(wrong)
        assert not report.in_flux, "\n".join(auditing.lines(report))
        return report

    def caught_up(self) -> Report:
        """Wait until the projector has seen everything, then add up."""
        deadline = time.monotonic() + CAUGHT_UP_SECONDS
        while books.read().backlog and time.monotonic() < deadline:
            time.sleep(1)
        report = self.audit()
        assert not report.books.backlog, "the projector never came to the end"
        return report


@contextmanager
def opened(log: Path, *, webs: int, projectors: int, stands: int, coupons: int) -> Iterator[Rig]:
    """Open a rig: a fresh engine with the fair published, and so many processes."""
    with ExitStack() as stack:
        engine = engines.start(None, log / "engine.log")
        stack.callback(engine.stop)
        stack.callback(lambda: context.connect(read_settings()))
        settings = ground.settings_of(PUBLIC_URL, engine.url, None)
        ground.ensure_tables(settings)
        now = datetime.now(UTC)
        campaign = fair(now, stands=stands, coupons=coupons)
        secrets = ground.ensure_secrets(settings, [campaign.number])
        nursery = stack.enter_context(parts.nursery(engine.url, log / "parts.log"))
        kinds = ["web"] * webs + ["projector"] * projectors
        processes = [Part(nursery, kind) for kind in kinds]
        rig = Rig(settings, secrets, campaign, processes)
        rig.connect()
        seed.publish(campaign, now)
        parts.start(processes)
        yield rig
