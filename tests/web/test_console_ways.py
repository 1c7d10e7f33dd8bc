"""The ways through a campaign stand on each of its pages, with the current one marked."""

import re

import pytest
from colleague import Colleague, colleague
from house import House

from chalicelib.domain.member import Role
from chalicelib.web.console.labels import SHEETS

HOME = "/console/c/festival-now"
_WAYS = re.compile(
    r'<nav class="tabs[^"]*" aria-label="Parts of the campaign">(.*?)</nav>', re.DOTALL
)
_CURRENT = re.compile(r'href="([^"]*)" aria-current="(\w+)"')
PAGES = {
    **{f"edit/{sheet}": (f"edit/{sheet}", "page") for sheet in SHEETS},
    "edit/offers/moka-15": ("edit/offers", "true"),
    "prints": ("prints", "page"),
    "prints/istanbul": ("prints", "true"),
    "delivery": ("delivery", "page"),
    "webhooks": ("webhooks", "page"),
    "board": ("board", "page"),
    "devices": ("devices", "page"),
    "batches": ("batches", "page"),
    "keys": ("keys", "page"),
    "voucher": ("voucher", "page"),
    "messages": ("messages", "page"),
    "trail": ("trail", "page"),
    "stand/istanbul": None,
    "stand/istanbul/report": None,
    "review/cam-fener": None,
}


@pytest.fixture
def owner(house: House) -> Colleague:
    return colleague(house, Role.OWNER)


def ways(page: str) -> str:
    (found,) = _WAYS.findall(page)
    return str(found)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_a_campaign_shows_the_others_and_where_one_is(
    owner: Colleague, path: str
) -> None:
    shown, current = ways(owner.page(f"{HOME}/{path}")), PAGES[path]
    wanted = [(f"{HOME}/{current[0]}", current[1])] if current else []
    assert _CURRENT.findall(shown) == wanted
    assert f'<a href="{HOME}">Overview</a>' in shown


def test_each_way_leads_to_a_page(owner: Colleague) -> None:
    links = re.findall(r'href="([^"]*)"', ways(owner.page(f"{HOME}/board")))
    assert len(links) > 15
    assert {owner.get(link).status for link in links} == {200}


def test_a_manager_sees_the_ways_that_are_theirs(house: House) -> None:
    mine = {"campaign_ids": frozenset({"festival-now"}), "popup_ids": frozenset({"istanbul"})}
    manager = colleague(house, Role.MANAGER, **mine)
    links = re.findall(r'href="([^"]*)"', ways(manager.page(f"{HOME}/stand/istanbul")))
    assert f"{HOME}/devices" in links
    assert f"{HOME}/keys" not in links
    assert {manager.get(link).status for link in links} == {200}


def test_what_was_never_live_has_no_way_to_what_is_running(owner: Colleague) -> None:
    clone = {"campaign_id": "next", "number": "77", "year": "2027"}
    assert owner.act(f"{HOME}/clone", **clone).status == 303
    for path in ("edit/offers", "prints", "webhooks"):
        assert "/board" not in ways(owner.page(f"/console/c/next/{path}")), path
