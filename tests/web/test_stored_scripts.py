"""Markup in every text that anybody may type is text on every page that shows it.

Which values of a campaign are free text is found by trying, so a new one cannot be forgotten.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain
from typing import Any

import msgspec
import pytest
from colleague import Colleague, colleague, joined, member, merchant
from house import Browser, House, enrol, path_of

from chalicelib.domain import validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role
from chalicelib.domain.pointer import Pointer
from chalicelib.web.console.rules import RULES
from local import wording

BAD = "'\"><script>qq()</script><img src=x onerror=qq()>"
HOME = "/console/c/festival-now"
Path = tuple[str | int, ...]
PARTS = {
    "campaign_id": "festival-now",
    "popup_id": "istanbul",
    "batch": "1",
    "kind": "poster",
    "merchant_id": "cam-fener",
    "key": "lantern-gift",
    "name": "a.css",
}


class Active(HTMLParser):
    """Collects what a browser would run of our mark, wherever it got into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._runs = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._runs = tag == "script" and dict(attrs).get("type") != "application/json"
        self.found += [f"{tag} {name}" for name, _ in attrs if name.startswith("on")]
        where = [value for name, value in attrs if name in {"href", "src", "action"}]
        self.found += [f"{tag} {value}" for value in where if value and "qq()" in value]

    def handle_data(self, data: str) -> None:
        if self._runs and "qq()" in data:
            self.found.append(data)


def active(page: str) -> list[str]:
    parser = Active()
    parser.feed(page)
    return parser.found


def leaves(document: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of every text of a document."""
    if isinstance(document, str):
        yield path
    elif isinstance(document, dict | list):
        inside = document.items() if isinstance(document, dict) else enumerate(document)
        for name, value in inside:
            yield from leaves(value, (*path, name))


def put(document: Any, path: Path) -> Any:
    """Write the mark at this place; return the document."""
    *way, last = path
    inside = document
    for part in way:
        inside = inside[part]
    inside[last] = BAD
    return document


def kind(path: Path) -> tuple[str, ...]:
    """Return what the places of a field in every line have in common."""
    return tuple("*" if isinstance(part, int) else part for part in path)


def marked(campaign: Campaign) -> tuple[Campaign, set[tuple[str, ...]]]:
    """Return the campaign with the mark in every field that takes it, and these fields."""
    document = msgspec.json.decode(msgspec.json.encode(campaign))
    places = list(leaves(document))
    takes = {
        field
        for field, place in {kind(place): place for place in places}.items()
        if _may_be_published(put(deepcopy(document), place))
    }
    for place in places:
        if kind(place) in takes:
            put(document, place)
    return msgspec.convert(document, Campaign), takes


def _may_be_published(document: Any) -> bool:
    try:
        return not validation.faults(msgspec.convert(document, Campaign))
    except msgspec.ValidationError:
        return False


@pytest.fixture
def owner(house: House) -> Colleague:
    return colleague(house, Role.OWNER)


@pytest.fixture
def festival(house: House) -> set[tuple[str, ...]]:
    """Publish the festival with the mark in it; return the fields that have it."""
    sample = house.campaign()
    here, *others = sample.popups
    addressed = (replace(here, address="Quay 1"), *others)
    whole, takes = marked(replace(sample, popups=addressed))
    assert isinstance(house.publish(whole), Pointer)
    return takes


def typed(house: House, owner: Colleague) -> None:
    """Let everybody type the mark wherever there is a field for words."""
    device = enrol(house, house.enrolment_code("istanbul"), name=BAD)
    assert device.status == 201
    phone = house.phone()
    phone.begin_shift(BAD)
    url = house.browser().claim("istanbul", "coffee-pot-20")["url"]
    used = phone.redeem(url, total=(60_000, "TRY"))
    assert used.status == 201, used.text
    phone.reverse(used.json["redemption_id"], why=BAD)
    assert owner.act(f"{HOME}/messages", message=BAD, all="yes").status == 303
    stand = f"{HOME}/stand/istanbul"
    assert owner.act(f"{stand}/state", state="open", message=BAD).status == 303
    book = {"offer_id": "lantern-gift", "kind": "received", "number": "5", "note": BAD}
    assert owner.act(f"{stand}/stock", nonce="ab" * 16, **book).status == 303
    key = {"name": BAD, "id": "bad", "role": "shop", "days": "30", "nonce": "b" * 32}
    shown = owner.act(f"{HOME}/keys", **key)
    assert shown.status == 200
    assert active(shown.text) == []
    refused = owner.act(f"{HOME}/webhooks", url=f"https://example.org/{BAD}", hook_id="c" * 16)
    assert refused.status == 422
    assert active(refused.text) == []
    joined(house, member(Role.MANAGER, "bo", popup_ids=frozenset({BAD})))


def proposed(fener: Colleague, owner: Colleague) -> None:
    """Let a merchant hand the mark in, and marketing return it with another."""
    mine, review = f"{HOME}/proposal/cam-fener", f"{HOME}/review/cam-fener"
    cell = {"cell:cam-fener.story:en": f"{BAD} 2"}
    assert fener.act(f"{mine}/texts", proposal="0", **cell).status == 303
    assert fener.act(mine, proposal="1", do="hand_in").status == 303
    assert active(owner.get(review).text) == []
    seen = {"proposal": "2", "version": "2", "revision": "2"}
    returned = owner.act(review, **seen, do="return", comment=BAD)
    assert returned.status == 303, returned.text
    assert BAD in fener.page(mine)


def console(one: Colleague) -> Iterator[str]:
    """Yield the address of each page of the console that is theirs."""
    for rule in RULES:
        if rule.method != "GET" or rule.right is None or not one.member.may(rule.right):
            continue
        sheets = ("campaign", "popups", "merchants", "offers", "texts", "delivery", "baselines")
        yield from {rule.path.format(**PARTS, sheet=sheet) for sheet in sheets}
    yield f"{HOME}/preview?popup=istanbul&as=staff"
    if one.member.role is Role.OWNER:
        yield f"{HOME}/trail?who={BAD}&what={BAD}"


def test_the_mark_would_be_found() -> None:
    assert active(f"<p>{BAD}</p>") == ["qq()", "img onerror"]
    assert active(f'<input value="{BAD}">') == ["qq()", "img onerror"]
    assert active(f'<a href="javascript:qq()">x</a><p>{BAD.replace("<", "&lt;")}</p>') == [
        "a javascript:qq()"
    ]


def test_what_is_free_text_is_known(festival: set[tuple[str, ...]]) -> None:
    fields = {".".join(field) for field in festival}
    assert fields >= {
        "name.en",
        "popups.*.city",
        "popups.*.address",
        "merchants.*.name",
        "merchants.*.story.en",
        "offers.*.title.en",
        "offers.*.terms.en",
    }


@pytest.mark.usefixtures("festival")
def test_no_page_runs_what_somebody_typed(house: House, owner: Colleague) -> None:
    fener = merchant(house)
    typed(house, owner)
    proposed(fener, owner)
    house.marketing().minted("lantern-gift", 2)
    house.project()
    visitor = house.browser()
    ticket = path_of(visitor.claim("rome", "lantern-gift")["url"])
    paths = [*chain.from_iterable(wording.pages_of(house.campaign()).values()), ticket, "/me"]
    shown = 0
    walk: list[tuple[Browser, str]] = [
        *((one, path) for one in (owner, fener) for path in console(one)),
        *((visitor, path) for path in paths),
    ]
    for one, path in walk:
        answer = one.get(path)
        assert answer.status in {200, 404}, (path, answer.status)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        assert active(answer.text) == [], path
        shown += "qq()" in answer.text
    assert shown > 100, "the pages show what was typed"
