"""A draft holds whatever was typed: what of it reaches no path, no header, no style, no page."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from colleague import Colleague, colleague
from house import House

from chalicelib.domain import trail
from chalicelib.domain.branding import Branding
from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.member import ORGANISATION, Role, Scope
from chalicelib.store import desk as drafts
from chalicelib.web.console.rules import RULES

PARTS = {
    "campaign_id": "festival-now",
    "sheet": "offers",
    "key": "lantern-gift",
    "popup_id": "istanbul",
    "batch": "1",
    "kind": "poster",
    "merchant_id": "cam-fener",
    "name": "a.css",
}
HOME = "/console/c/festival-now"
SCOPE = Scope(area="festival-now", member_id="x", email="x@example.org")


@pytest.fixture
def owner(house: House) -> Colleague:
    return colleague(house, Role.OWNER)


def drafted(house: House, whole: Campaign) -> str:
    """Save a draft of the festival as it is, bad or not; return its version."""
    entry = trail.entry(SCOPE, "edited", "x", at=house.real_at, request_id=house.nonce())
    before = drafts.draft(SCOPE)
    assert before is not None
    version = drafts.save(SCOPE, whole, entry, over=before.version, now=house.real_at)
    assert version
    return str(version)


def test_nobody_clones_into_what_belongs_to_all(house: House, owner: Colleague) -> None:
    one = colleague(house, Role.MARKETER, campaign_ids=frozenset({"festival-now"}))
    for name in (ORGANISATION, "festival-2019", "no slug"):
        answer = one.act(f"{HOME}/clone", campaign_id=name, year="2027", number="9")
        assert answer.status == 403, name
    assert owner.get("/console/").status == 200


# --- names that a draft may have ----------------------------------------------------------------
@pytest.mark.parametrize("name", ['../../x"', "..", 'a"\r\nSet-Cookie: a=b', "C:\\x", "x/../../y"])
def test_an_id_of_a_draft_is_no_path_and_no_header(
    house: House, owner: Colleague, name: str
) -> None:
    whole = house.campaign()
    drafted(house, replace(whole, popups=(replace(whole.popups[0], popup_id=name),)))
    pdf = owner.get(f"{HOME}/prints/{quote(name, safe='')}/poster")
    assert pdf.status == 200
    told = pdf.headers.get("content-disposition", "")
    assert not set(told.partition('filename="')[2].removesuffix('"')) & set('/\\".\r\n') - {"."}
    packed = zipfile.ZipFile(io.BytesIO(owner.get(f"{HOME}/prints.zip").body)).namelist()
    assert len(packed) == 3
    for path in packed:
        folder, _, file = path.partition("/")
        assert not set(folder) & set('./\\"\r\n')
        assert file in {"poster.pdf", "card.pdf", "help.pdf"}


def test_a_colour_of_a_draft_is_a_colour_and_nothing_more(house: House, owner: Colleague) -> None:
    bad = Branding(accent="red}}*{display:none", night="#FFB81C")
    drafted(house, replace(house.campaign(), branding=bad))
    sheet = owner.get(f"{HOME}/brand/a.css")
    assert "#FFB81C" in sheet.text
    assert "display" not in sheet.text


# --- what may be typed --------------------------------------------------------------------------
def _first(**facts: Any) -> Callable[[Campaign], Campaign]:
    def change(whole: Campaign) -> Campaign:
        istanbul = replace(whole.popup["istanbul"], **facts)
        others = (popup for popup in whole.popups if popup.popup_id != "istanbul")
        return replace(whole, popups=(istanbul, *others))

    return change


def _calendar(first: str, last: str) -> Callable[[Campaign], Campaign]:
    found = Calendar(revealed_from=first, usable_from=first, usable_until=last)
    return lambda whole: replace(whole, calendar=found)


def _lantern(**facts: Any) -> Callable[[Campaign], Campaign]:
    def change(whole: Campaign) -> Campaign:
        gift = replace(whole.offer["lantern-gift"], **facts)
        others = (offer for offer in whole.offers if offer.offer_id != "lantern-gift")
        return replace(whole, offers=(gift, *others))

    return change


BAD: dict[str, Callable[[Campaign], Campaign]] = {
    "a zone with a slip": _first(time_zone="Europe/Istanbull"),
    "a zone that is a folder": _first(time_zone="Europe"),
    "a zone that is a path": _first(time_zone="../../etc/passwd"),
    "no zone": _first(time_zone=""),
    "a far place": _first(latitude=1e17),
    "a script": _first(city="<script>alert(1)</script>", address="\x00\u202e" * 50),
    "the first day": _calendar("0001-01-01", "0001-01-02"),
    "the last day": _calendar("9999-12-31", "9999-12-31T24:00"),
    "no day": _calendar("x", ""),
    "an offer's days": _lantern(claimable_from="0001-01-01", usable_from="x", usable_until="y"),
    "nobody's offer": _lantern(merchant_id="nobody", popup_ids=("nowhere",), title={}, terms={}),
    "nothing": lambda whole: replace(whole, popups=(), offers=(), merchants=()),
    "all of it twice": lambda whole: replace(
        whole, popups=whole.popups[:1] * 2, offers=whole.offers[:1] * 2
    ),
}
QUERIES: dict[str, tuple[str, ...]] = {
    "get_preview": (
        "?as=staff",
        "?hour=3&popup=istanbul",
        "?at=9999-12-31T24:00",
        "?at=0001-01-01",
    ),
    "get_instants": (
        "?cell:campaign:usable_from=0001-01-01",
        "?cell:campaign:usable_until=9999-12-31T24:00&ends=yes",
    ),
    "get_report": ("?day=0001-01-01", "?day=9999-12-31"),
    "get_spreadsheet": ("?day=9999-12-31",),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_draft_takes_no_page_down(house: House, owner: Colleague, bad: str) -> None:
    """Whoever saved it by a slip has to reach the form that mends it. A fault fails the test."""
    version = drafted(house, replace(house.campaign(), name={"en": "Later"}))
    when = {"at": "2026-06-01T10:00", "zone": "UTC", "over": ""}
    assert owner.act(f"{HOME}/schedule", version=version, **when).status == 303
    version = drafted(house, BAD[bad](house.campaign()))
    for rule in RULES:
        if rule.method == "GET" and "{campaign_id}" in rule.path:
            path = rule.path.format(**PARTS)
            for query in ("", *QUERIES.get(rule.view, ())):
                owner.get(path + query)
    assert owner.get(HOME).status == 200
    for sheet in ("campaign", "popups", "offers"):
        assert owner.get(f"{HOME}/edit/{sheet}").status == 200
    for zone in ("Europe/Istanbull", "UTC"):
        asked = {**when, "zone": zone, "version": version}
        assert owner.act(f"{HOME}/schedule", **asked).status in {412, 422}
    owner.act(f"{HOME}/clone", campaign_id="festival-2027", number="9", year="2027")
    codes = {"steward": "1", "supervisor": "0", "screen": "0", "nonce": "ab" * 16}
    assert owner.act(f"{HOME}/prints/istanbul/sheet", **codes).status == 200


@pytest.mark.parametrize(
    "number", ["", "1_0", "\N{ARABIC-INDIC DIGIT THREE}", "9" * 16, "9" * 5000, "1e3", "0x1"]
)
def test_a_number_is_told_as_none_before_it_reaches_a_table(owner: Colleague, number: str) -> None:
    for path, field in (("publish", "version"), ("rollback", "revision"), ("logo", "version")):
        assert owner.act(f"{HOME}/{path}", **{field: number}).status == 422


def test_a_day_beyond_the_calendar_is_today(owner: Colleague) -> None:
    for day in ("0001-01-01", "9999-12-31", "3000-01-01", "1969-12-31"):
        for file in ("", "/csv"):
            answer = owner.get(f"{HOME}/stand/istanbul/report{file}?day={day}")
            assert answer.status == 200
            assert "2026-05-20" in answer.text
