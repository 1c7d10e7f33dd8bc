"""A draft is saved when it differs, and says in words what differs."""

from dataclasses import replace
from typing import Any

import pytest
from full import PLAN
from made import ANKARA, ISTANBUL, MADRID, NOW, campaign, offer

from chalicelib.domain import difference
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.difference import Change
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import Stock
from chalicelib.domain.popup import Session
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry
from chalicelib.usecases import drafting

SCOPE = Scope(area="festival", member_id="anna", email="anna@example.org")
LOCKER = PLAN.options[1]
WHOLE = campaign()


class Drafts:
    """A draft in memory, at a version."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.entries: list[Entry] = []

    def save(
        self, scope: Scope, campaign: Campaign, entry: Entry, *, over: int, now: Any
    ) -> int | None:
        assert (scope, now) == (SCOPE, NOW)
        assert campaign.campaign_id == "festival"
        if over != self.version:
            return None
        self.version += 1
        self.entries.append(entry)
        return self.version


def save(drafts: Drafts, whole: Campaign, before: Campaign | None, over: int) -> int | Refusal:
    return drafting.save(
        drafts, SCOPE, whole, before=before, over=over, action="draft", at=NOW, request_id="r"
    )


def test_what_does_not_differ_is_not_saved() -> None:
    drafts = Drafts(3)
    assert save(drafts, WHOLE, WHOLE, 3) == 3
    assert drafts.entries == []


def test_the_first_save_of_what_is_live_makes_a_draft() -> None:
    drafts = Drafts(0)
    assert save(drafts, WHOLE, WHOLE, 0) == 1


def test_what_differs_is_in_the_trail() -> None:
    drafts = Drafts(3)
    changed = replace(WHOLE, number=8)
    assert save(drafts, changed, WHOLE, 3) == 4
    [entry] = drafts.entries
    assert (entry.before, entry.after) == ({"Campaign: number": "7"}, {"Campaign: number": "8"})


def test_a_new_campaign_is_said_to_be_new() -> None:
    drafts = Drafts(0)
    save(drafts, WHOLE, None, 0)
    assert drafts.entries[0].after == {"campaign": "new"}


def test_a_stale_save_is_refused() -> None:
    assert save(Drafts(4), replace(WHOLE, number=8), WHOLE, 3) == Refusal(Reason.EDITED_MEANWHILE)


def test_changes_are_told_by_what_they_are_about() -> None:
    old = campaign(offer(stock=Stock(units=5)), offer("gone", 2))
    shorter = replace(ISTANBUL, hours=(Session("10:00", "20:00", (1, 2)),))
    new = replace(
        old,
        offers=(offer(stock=Stock(units=9), terms={"en": "New"}),),
        popups=(shorter, *old.popups[1:], replace(MADRID, popup_id="sevilla", number=9)),
    )
    told = difference.between(old, new)
    assert told == (
        Change("Stand sevilla", "", None, "there"),
        Change("Opening hours of istanbul", "hours", "1-7 00:00-24:00", "1-2 10:00-20:00"),
        Change("Opening hours of sevilla", "", None, "there"),
        Change("Offer lantern", "stock units", "5", "9"),
        Change("Offer gone", "", "there", None),
        Change("Text lantern, terms", "en", "A text", "New"),
        Change("Text gone, title", "", "there", None),
        Change("Text gone, terms", "", "there", None),
    )
    before, after = difference.facts_of(told, most=4)
    assert before == {
        "Opening hours of istanbul: hours": "1-7 00:00-24:00",
        "Offer lantern: stock units": "5",
    }
    assert after["further changes"] == "4"
    assert difference.facts_of(told)[1]["Stand sevilla: "] == "there"


def test_everything_is_new_beside_nothing() -> None:
    told = difference.between(None, WHOLE)
    assert {change.before for change in told} == {None}


def test_a_clone_keeps_wall_times_and_has_ids_of_its_own() -> None:
    old = campaign(
        offer(popup_ids=("istanbul-2026",), claimable_from="2024-02-29T10:00"),
        offer("closed", 2, closed=True),
        offer("all", 3),
        popups=(replace(ISTANBUL, popup_id="istanbul-2026"), ANKARA),
        delivery=replace(PLAN, options=(LOCKER, replace(LOCKER, popup_ids=("istanbul-2026",)))),
    )
    new = drafting.cloned(old, campaign_id="festival-2027", number=9, year=2027)
    assert (new.campaign_id, new.number) == ("festival-2027", 9)
    assert [popup.popup_id for popup in new.popups] == ["istanbul-2027", "ankara-2027"]
    assert new.calendar.usable_from == "2027-05-10T00:00"
    assert new.calendar.usable_until == "2027-05-31"
    assert [one.popup_ids for one in new.offers] == [("istanbul-2027",), ("*",)]
    assert new.offers[0].claimable_from == "2025-02-28T10:00"
    assert new.delivery is not None
    assert [one.popup_ids for one in new.delivery.options] == [("*",), ("istanbul-2027",)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("festival", "festival-2027"),
        ("festival-2026", "festival-2027"),
        ("2026-festival", "2027-festival"),
        ("festival-20261", "festival-20261-2027"),
        ("a" * 32, "a" * 27 + "-2027"),
    ],
)
def test_an_id_for_another_year_has_that_year(name: str, expected: str) -> None:
    assert drafting.id_in(name, 2027) == expected


def test_the_same_way_is_told_apart_by_its_stands() -> None:
    old = campaign(delivery=replace(PLAN, options=(LOCKER, replace(LOCKER, popup_ids=("madrid",)))))
    dearer = replace(LOCKER, popup_ids=("madrid",), price_minor={"EUR": 300})
    new = campaign(delivery=replace(PLAN, options=(LOCKER, dearer)))
    told = difference.between(old, new)
    assert told == (Change("Way of delivery locker (madrid)", "EUR", "290", "300"),)


@pytest.mark.parametrize("zone", ["Europe/Madrid"])
def test_a_clone_over_a_clock_change_means_another_instant_at_the_same_wall_time(zone: str) -> None:
    march = replace(campaign().calendar, usable_from="2026-03-29T10:00")
    old = campaign(calendar=march, popups=(MADRID,))
    new = drafting.cloned(old, campaign_id="next", number=9, year=2027)
    [madrid] = new.popups
    assert madrid.time_zone == zone
    assert (old.usable_from(MADRID).hour, new.usable_from(madrid).hour) == (8, 8)
    early = replace(march, usable_from="2026-03-28T10:00")
    after = drafting.cloned(replace(old, calendar=early), campaign_id="n", number=9, year=2027)
    assert replace(old, calendar=early).usable_from(MADRID).hour == 9
    assert after.usable_from(madrid).hour == 8
