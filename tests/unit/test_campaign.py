"""A campaign's phase is judged on each stand's own clock, to the second."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from made import ANKARA, ISTANBUL, MADRID, campaign, offer

from chalicelib.domain.campaign import Calendar, Phase, of_the_day
from chalicelib.domain.live import Live
from local import sample_loader

FESTIVAL_2019 = sample_loader.festival_2019()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("popup_id", "at", "phase"),
    [
        ("istanbul-2019", "2019-10-27T20:59:59", Phase.SCHEDULED),
        ("istanbul-2019", "2019-10-27T21:00:00", Phase.REVEALED),
        ("madrid-2019", "2019-10-27T21:00:00", Phase.SCHEDULED),
        ("madrid-2019", "2019-10-27T22:50:00", Phase.SCHEDULED),
        ("madrid-2019", "2019-10-27T22:59:59", Phase.SCHEDULED),
        ("madrid-2019", "2019-10-27T23:00:00", Phase.REVEALED),
        ("madrid-2019", "2019-11-10T22:59:59", Phase.REVEALED),
        ("madrid-2019", "2019-11-10T23:00:00", Phase.LIVE),
        ("madrid-2019", "2019-11-11T22:59:59", Phase.LIVE),
        ("madrid-2019", "2019-11-11T23:00:00", Phase.OVER),
        ("istanbul-2019", "2019-11-11T20:59:59", Phase.LIVE),
        ("istanbul-2019", "2019-11-11T21:00:00", Phase.OVER),
    ],
)
def test_2019_turns_at_each_citys_own_midnight(popup_id: str, at: str, phase: Phase) -> None:
    popup = FESTIVAL_2019.popup[popup_id]
    assert FESTIVAL_2019.popup_phase(popup, utc(at)) is phase


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("2026-04-30T20:59:59", Phase.SCHEDULED),
        ("2026-04-30T21:00:00", Phase.REVEALED),  # Istanbul alone
        ("2026-05-09T21:00:00", Phase.LIVE),
        ("2026-05-31T21:30:00", Phase.LIVE),  # over in Istanbul, not in Madrid
        ("2026-05-31T22:00:00", Phase.OVER),
    ],
)
def test_a_campaign_is_as_far_as_its_most_advanced_stand(at: str, phase: Phase) -> None:
    assert campaign().phase(utc(at)) is phase


def test_an_offer_may_have_windows_of_its_own() -> None:
    late = offer(
        claimable_from="2026-05-05", usable_from="2026-05-12T09:00", usable_until="2026-05-13"
    )
    festival = campaign(late)
    assert festival.claimable_from(ISTANBUL, late) == utc("2026-05-04T21:00")
    assert festival.usable_from(ISTANBUL, late) == utc("2026-05-12T06:00")
    assert festival.usable_until(ISTANBUL, late) == utc("2026-05-13T21:00")
    assert festival.usable_until(MADRID, late) == utc("2026-05-13T22:00")


def test_an_offer_without_windows_follows_the_calendar() -> None:
    festival, plain = campaign(), offer()
    assert festival.claimable_from(ISTANBUL, plain) == utc("2026-04-30T21:00")
    assert festival.usable_from(ISTANBUL, plain) == utc("2026-05-09T21:00")
    assert festival.usable_until(ISTANBUL, plain) == utc("2026-05-31T21:00")


def test_a_stand_shows_the_offers_that_it_issues() -> None:
    here, there = offer("here", 1, popup_ids=("istanbul",)), offer("there", 2, popup_ids=("x",))
    everywhere = offer("everywhere", 3)
    festival = campaign(here, there, everywhere)
    assert festival.offers_at(ISTANBUL) == (here, everywhere)


def test_numbers_and_ids_find_the_same_things() -> None:
    festival = campaign(offer("lamp", 9))
    assert festival.popup_numbered[2] is festival.popup["ankara"]
    assert festival.offer_numbered[9] is festival.offer["lamp"]
    assert not festival.merchant
    assert FESTIVAL_2019.merchant["cam-fener"].country == "TR"


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2018-01-01T00:00", "old"),  # both to come: the next
        ("2019-11-11T12:00", "old"),  # in its calendar
        ("2022-01-01T00:00", "new"),  # between: the next
        ("2026-05-20T12:00", "new"),
        ("2027-01-01T00:00", "new"),  # all over: the last
    ],
)
def test_the_front_page_shows_the_campaign_of_the_day(at: str, name: str) -> None:
    old = replace(
        campaign(),
        campaign_id="old",
        calendar=Calendar(
            revealed_from="2019-10-28", usable_from="2019-11-11", usable_until="2019-11-11"
        ),
    )
    new = replace(campaign(), campaign_id="new")
    shown = of_the_day((new, old), utc(at))
    assert shown is not None
    assert shown.campaign_id == name


def test_without_campaigns_there_is_none_of_the_day() -> None:
    assert of_the_day((), utc("2026-05-20T12:00")) is None


@pytest.mark.parametrize(
    ("live", "istanbul", "ankara"),
    [
        (Live(), False, False),
        (Live(paused=True), True, True),
        (Live(paused_popups=frozenset({"istanbul"})), True, False),
        (Live(paused_offers=frozenset({"lantern"})), True, True),
    ],
)
def test_a_pause_lies_over_all_one_stand_or_one_offer(
    live: Live,
    istanbul: bool,  # noqa: FBT001
    ankara: bool,  # noqa: FBT001
) -> None:
    assert live.pauses(ISTANBUL, offer()) is istanbul
    assert live.pauses(ANKARA, offer()) is ankara


def test_a_paused_offer_does_not_pause_its_stand() -> None:
    assert not Live(paused_offers=frozenset({"lantern"})).pauses(ISTANBUL)
