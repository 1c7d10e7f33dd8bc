"""A crowd that lives its campaign and remembers every success that it was told of."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from house import Answer, Browser, Json, Phone
from rigs.doors import Door
from rigs.fair import TOTAL
from rigs.rig import Rig

from chalicelib.domain.voucher import State

OFFERS = ("lantern", "tea", "cake", "last", "feast", "feast", "feast")
EXPECTED_NO = {"out_of_stock", "limit_day", "budget_exhausted"}
_STAYS = ("voucher_id", "code", "offer_id", "popup_id", "issued_at")  # of a claim's answer


@dataclass(frozen=True)
class Success:
    """What somebody was told, and how to ask for it again."""

    told: Json
    again: Callable[[], Answer]

    def holds(self) -> bool:
        """Ask again: the same first success has to come, as a replay."""
        answer = self.again()
        fields = self.told.keys() if "redemption_id" in self.told else _STAYS
        return answer.status == 200 and all(answer.json[f] == self.told[f] for f in fields)


@dataclass
class Crowd:
    """Visitors and stewards at a few stands, a thread each, until they are sent home."""

    rig: Rig
    door: Door
    stands: list[str]
    successes: list[Success] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=set)
    _home: threading.Event = field(default_factory=threading.Event)
    _lives: list[Future[None]] = field(default_factory=list)

    def live(self, pool: ThreadPoolExecutor, dice: list[random.Random]) -> None:
        """Begin, one life for each of the dice."""
        phones = {stand: Phone(self.door, stand) for stand in self.stands}
        self._lives = [pool.submit(self._life, rng, phones) for rng in dice]

    def is_well(self) -> bool:
        """Tell whether everybody still lives: nothing but `go_home` ends a life in peace."""
        return not any(life.done() for life in self._lives)

    def go_home(self) -> None:
        """Let everybody finish what they are at, and raise what went wrong in any life."""
        self._home.set()
        for life in self._lives:
            life.result()

    def _life(self, rng: random.Random, phones: dict[str, Phone]) -> None:
        while not self._home.is_set():
            stand, offer_id = rng.choice(self.stands), rng.choice(OFFERS)
            (browser,) = self.rig.visitors(self.door, 1)
            self._visit(rng, browser, phones[stand], stand, offer_id)

    def _visit(
        self, rng: random.Random, browser: Browser, phone: Phone, stand: str, offer_id: str
    ) -> None:
        """Claim, use, sometimes give back and use again, sometimes choose a delivery."""
        voucher = self._did(partial(browser.try_to_claim, stand, offer_id))
        if voucher is None:
            return
        name = voucher["voucher_id"]
        self.states[name] = State.ISSUED
        if rng.random() < 0.3:
            self._choose(rng, browser, voucher)
        for _ in range(rng.randint(0, 3)):
            scan = partial(phone.redeem, voucher["url"], self.door.nonce(), total=TOTAL)
            used = self._did(scan)
            if used is None:
                return
            self.states[name] = State.REDEEMED
            if rng.random() < 0.4:
                return
            back = partial(phone.reverse, used["redemption_id"], self.door.nonce())
            assert self._did(back) is not None
            self.states[name] = State.REVERSED

    def _choose(self, rng: random.Random, browser: Browser, voucher: Json) -> None:
        option = rng.choice(self._options())
        wish = {"voucher": voucher["code"], "option": option, "trip": {"coming_anyway": None}}
        answer = browser.post("/api/v1/delivery/choices", wish)
        assert answer.status in {200, 201}, answer.text
        self.choices[voucher["voucher_id"]] = option

    def _options(self) -> list[str]:
        plan = self.rig.campaign.delivery
        assert plan is not None
        return [option.code for option in plan.options]

    def _did(self, ask: Callable[[], Answer]) -> Json | None:
        """Ask, and remember a success. Returns None where the answer is an expected no."""
        answer = ask()
        if answer.status not in {200, 201}:
            assert answer.reason in EXPECTED_NO, answer.text
            self.refusals.add(answer.reason)
            return None
        told: Json = answer.json
        self.successes.append(Success(told, ask))
        return told
