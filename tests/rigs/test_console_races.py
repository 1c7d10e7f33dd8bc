"""Members of the console at the same moment: a change is made once, with one entry of the trail."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from colleague import csrf_in, member
from house import Answer, Browser, Phone
from rigs.doors import Door
from rigs.fair import UNITS
from rigs.rig import Rig, at_once

from chalicelib.domain import trail
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.device import SIGHTING_STEP
from chalicelib.domain.member import ORGANISATION, Role, Scope
from chalicelib.store import api_keys, campaigns, devices, members, revocations, trails
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
        one, browser = member(Role.OWNER, f"racer-{next(_NUMBERS)}"), Browser(self.door)
        whole = Scope(area=ORGANISATION, member_id="operator", email="operator")
        entry = trail.entry(
            whole, "member invited", one.email, at=context.real_now(), request_id=one.member_id
        )
        assert members.keep(whole, one, entry, over=None)
        browser._keep(visit.begun(one))
        proof = csrf_in(browser.get("/console").text)
        return lambda path, **fields: browser.submit(self.home + path, {"csrf": proof, **fields})

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
