"""Members of the console at the same moment: a change is made once, with one entry of the trail."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from colleague import csrf_in, inputs, member
from house import Answer, Browser, Phone
from made import campaign, offer
from rigs.doors import Door
from rigs.fair import UNITS
from rigs.rig import Rig, at_once

from chalicelib.domain import trail
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.device import SIGHTING_STEP
from chalicelib.domain.member import ORGANISATION, Role, Scope
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.proposal import State
from chalicelib.store import (
    api_keys,
    campaigns,
    desk,
    devices,
    members,
    proposals,
    revocations,
    trails,
)
from chalicelib.store.desk import Draft
from chalicelib.web.console import visit
from chalicelib.web.context import context

_NUMBERS = count(1)
_LINK = re.compile(r"/g/[a-z2-7]{26}")


class Office:
    """Owners who are signed in, each with a browser of their own."""

    def __init__(self, rig: Rig, door: Door) -> None:
        self.area = rig.campaign.campaign_id
        self.home = f"/console/c/{self.area}"
        self.scope = Scope(area=self.area, member_id="operator", email="operator")
        self.door = door

    def owner(self) -> Callable[..., Answer]:
        """Return how a new owner sends a form."""
        browser, proof = self.enter(Role.OWNER)
        return lambda path, **fields: browser.submit(self.home + path, {"csrf": proof, **fields})

    def enter(self, role: Role, **facts: frozenset[str]) -> tuple[Browser, str]:
        """Return the browser of a new member who is signed in, and what proves its forms."""
        one, browser = member(role, f"racer-{next(_NUMBERS)}", **facts), Browser(self.door)
        whole = Scope(area=ORGANISATION, member_id="operator", email="operator")
        entry = trail.entry(
            whole, "member invited", one.email, at=context.real_now(), request_id=one.member_id
        )
        assert members.keep(whole, one, entry, over=None)
        browser._keep(visit.begun(one))
        return browser, csrf_in(browser.get("/console").text)

    def noted(self, action: str, subject: str = "") -> int:
        """Count entries of the trail."""
        found = trails.entries(self.scope)
        return sum(e.action == action and subject in {"", e.subject} for e in found)


@pytest.fixture
def office(rig: Rig, again: int) -> Office:
    del again
    return Office(rig, rig.door("straight"))


def test_a_device_is_shut_out_once_by_however_many(rig: Rig, office: Office) -> None:
    phone = Phone(office.door, rig.stand())
    acts = [office.owner() for _ in range(6)]
    done = at_once([partial(act, "/devices/revoke", device_id=phone.device_id) for act in acts])
    assert Counter(answer.status for answer in done) == {303: 6}
    assert office.noted("device shut out", phone.device_id) == 1
    assert phone.device_id in campaigns.lives()[office.area].revoked_devices


def test_a_form_that_is_sent_five_times_at_once_mints_one_batch(rig: Rig, office: Office) -> None:
    stand, act, nonce = rig.stand(), office.owner(), f"{next(_NUMBERS):032x}"
    before = office.noted("codes minted")
    mint = partial(act, "/batches", offer="lantern", popup=stand, count="10", nonce=nonce)
    done = at_once([mint] * 5)
    assert len({answer.headers["location"] for answer in done}) == 1
    assert rig.left(CounterKind.STOCK, "lantern", stand) == UNITS - 10
    assert office.noted("codes minted") == before + 1


def test_a_form_that_is_sent_five_times_at_once_makes_one_key(office: Office) -> None:
    act, slug, nonce = office.owner(), f"racing-{next(_NUMBERS)}", f"{next(_NUMBERS):032x}"
    make = partial(act, "/keys", role="shop", name=slug, days="1", nonce=nonce)
    done = at_once([make] * 5)
    assert {answer.status for answer in done} <= {200, 409}, "made, or still being made"
    assert make().status == 200
    made = [key for key in api_keys.of_campaign(office.area) if key.name == slug]
    assert len(made) == 1
    withdraw = partial(act, "/keys/revoke", key_id=made[0].key_id)
    assert 303 in {answer.status for answer in at_once([withdraw] * 4)}
    assert office.noted("API key withdrawn", made[0].holder_id) == 1


def test_of_two_signing_keys_one_stays_whoever_withdraws_them(office: Office) -> None:
    """Numbers that no token has: the fair's own keys go on signing for other races."""
    first = 100 + 2 * next(_NUMBERS) % 150
    pair = (first, first + 1)

    def withdraw(key_id: int) -> bool:
        return revocations.withdraw_key(office.area, key_id, staying=[sum(pair) - key_id])

    done = at_once([partial(withdraw, key_id) for key_id in pair * 3])
    gone = campaigns.lives()[office.area].withdrawn_keys & set(pair)
    assert len(gone) == 1
    assert Counter(zip(pair * 3, done, strict=True)) == Counter(
        {(key_id, key_id in gone): 3 for key_id in pair}
    )


def test_the_newest_word_of_a_device_stays(rig: Rig, office: Office) -> None:
    stand = rig.stand()
    phone = Phone(office.door, stand)
    (enrolled,) = devices.at(office.scope, frozenset({stand}))
    instants = [enrolled.last_seen + SIGHTING_STEP * number for number in range(1, 9)]

    def report(number: int) -> None:
        devices.saw(office.area, stand, phone.device_id, at=instants[number], waiting=number)

    at_once([partial(report, number) for number in (3, 7, 1, 5, 0, 6, 2, 4)])
    (seen,) = devices.at(office.scope, frozenset({stand}))
    assert (seen.last_seen, seen.waiting) == (instants[7], 7)
    report(2)
    assert devices.at(office.scope, frozenset({stand}))[0].waiting == 7


def test_of_many_links_to_one_voucher_and_many_browsers_one_gets_it(
    rig: Rig, office: Office
) -> None:
    voucher = Browser(office.door).claim(rig.stand(), "lantern")
    acts = [office.owner() for _ in range(4)]
    made = at_once(
        [
            partial(act, "/voucher/reissue", code=voucher["code"], nonce=f"{next(_NUMBERS):032x}")
            for act in acts
        ]
    )
    links = [found[0] for one in made if (found := _LINK.findall(one.text))]
    assert links
    assert {one.status for one in made} <= {200, 503}, "made, or changed by another meanwhile"
    browsers = [Browser(office.door) for _ in range(6)]
    for browser in browsers:
        browser.sign_in()
    taken = at_once(
        [
            partial(browser.submit, links[number % len(links)])
            for number, browser in enumerate(browsers * 2)
        ]
    )
    addresses = {answer.headers["location"] for answer in taken if answer.status == 303}
    assert len(addresses) <= 1, "one voucher, in one browser"
    assert {answer.status for answer in taken} <= {303, 409, 503}
    assert addresses or 303 in {browsers[0].submit(link).status for link in links}, "or none has it"


class Bazaar:
    """A draft of its own with one merchant, who has handed a proposal in."""

    def __init__(self, office: Office) -> None:
        self.name, self.office = f"bazaar-{next(_NUMBERS)}", office
        self.scope = Scope(area=self.name, member_id="operator", email="operator")
        self.home = f"/console/c/{self.name}"
        offers = offer("lamp", 1, merchant_id="fener"), offer("tea", 2)
        fener = Merchant(
            merchant_id="fener",
            name="Fener",
            country="TR",
            city="Istanbul",
            language="tr",
            story={"en": "Lamps."},
        )
        whole = campaign(*offers, campaign_id=self.name, number=9_000, merchants=(fener,))
        assert campaigns.save_draft(whole, over=0, now=context.now()) == 1
        own = {"campaign_ids": frozenset({self.name}), "merchant_ids": frozenset({"fener"})}
        browser, proof = office.enter(Role.MERCHANT, **own)
        for path, wish in (
            ("/offers", {"proposal": "0", "cell:lamp:visitor_limit": "7"}),
            ("", {"proposal": "1", "do": "hand_in"}),
        ):
            sent = browser.submit(f"{self.home}/proposal/fener{path}", {"csrf": proof, **wish})
            assert sent.status == 303, sent.text

    def draft(self) -> Draft:
        found = desk.draft(self.scope)
        assert found
        return found

    def accepting(self) -> Callable[[], int]:
        """Return a marketer who accepts what is handed in; looks again where the page was stale."""
        browser, proof = self.office.enter(Role.MARKETER)

        def accept() -> int:
            page = browser.get(f"{self.home}/review/fener").text
            while '<input type="hidden" name="proposal"' in page:
                wish = {**inputs(page[page.index("<main") :]), "csrf": proof, "do": "accept"}
                answer = browser.submit(f"{self.home}/review/fener", wish)
                if answer.status == 303:
                    return 1
                assert answer.status == 412, answer.text
                page = answer.text
            return 0

        return accept

    def editing(self, column: str, number: int) -> Callable[[], int]:
        """Return a marketer who sets a limit of another offer, however often it takes."""
        browser, proof = self.office.enter(Role.MARKETER)

        def edit() -> int:
            while True:
                draft = self.draft()
                seen = {"version": str(draft.version), "digest": draft.digest, "csrf": proof}
                wish = {**seen, f"cell:tea:{column}": str(number)}
                answer = browser.submit(f"{self.home}/edit/offers/tea", wish)
                if answer.status == 303:
                    return 1
                assert answer.status == 412, answer.text

        return edit


def test_of_two_who_accept_a_proposal_while_others_edit_one_does_and_nothing_is_lost(
    office: Office,
) -> None:
    for _ in range(4):
        bazaar = Bazaar(office)
        edits = [bazaar.editing("visitor_limit", 3), bazaar.editing("day_limit", 40)]
        accepted = at_once([bazaar.accepting(), *edits, bazaar.accepting()])[::3]
        assert sum(accepted) == 1, "one of both accepted it"
        draft = bazaar.draft()
        lamp, tea = draft.campaign.offer["lamp"], draft.campaign.offer["tea"]
        assert (lamp.visitor_limit, tea.visitor_limit, tea.day_limit) == (7, 3, 40)
        told = Counter(entry.action for entry in trails.entries(bazaar.scope))
        assert told["accepted the proposal of fener"] == 1
        assert told["edited offers"] == 2
        assert draft.version == 4
        found = proposals.get(bazaar.scope, "fener")
        assert (found.state, found.cells) == (State.ACCEPTED, ())
