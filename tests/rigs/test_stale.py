"""A container serves the old revision for five seconds around a publish: no limit is exceeded.

The counters decide, whatever a container has in memory: what it gives, it takes from them.
"""

from datetime import timedelta

import pytest
from house import Browser, Phone
from rigs.cases import LOWERED, MIXED, PUBLISHES, RAISED, TOTAL, Case, publishes
from rigs.faults import Json
from rigs.rig import FESTIVAL, Rig, changed, claim_by
from rigs.stage import enter, stage

from chalicelib.domain.pointer import Pointer
from chalicelib.store import campaigns, counters
from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context

ID = FESTIVAL.campaign_id
LAST = 6  # writes of a publish: its record, the limits, the pointer; before come documents only
OLD = [case for case in PUBLISHES if case.name != "first publish"]


def stale() -> Catalog:
    """Return what a container knows that looks at nothing any more."""
    catalog = Catalog(lambda: 0.0)
    catalog.all()
    return catalog


def rush(rig: Rig, phone: Phone) -> None:
    """Let visitors come and take what there is, from the stock, the day and the budget."""
    for browser in (rig.visitor(), rig.visitor()):
        for offer_id in ("stocked", "returning", "limited"):
            answer = claim_by(browser, offer_id)
            assert answer.status == 201 or answer.reason == "out_of_stock"
            if offer_id == "limited":
                used = phone.redeem(answer.json["url"], total=TOTAL)
                assert used.status == 201 or used.reason in {"limit_day", "budget_exhausted"}


@pytest.mark.parametrize("case", OLD, ids=lambda case: case.name)
def test_a_stale_container_at_any_step_exceeds_no_limit(rig: Rig, case: Case) -> None:
    on = stage(rig, case)
    for number in on.writes()[-LAST:]:
        enter(rig, on)
        old, phone = stale(), rig.phone()
        rig.wire.clear()

        def come(old: Catalog = old, phone: Phone = phone) -> None:
            with rig.stale(old):
                rush(rig, phone)

        rig.wire.before(number, come)
        on.act()
        where = f"{case.name}, before call {number}, {on.calls[number - 1]}"
        come()
        context.catalog = Catalog()
        rush(rig, phone)
        assert rig.complaints() == [], where
        assert rig.caps() == [], where
        record = campaigns.publish_record(ID)
        assert record is not None
        assert record.done, where


def given(rig: Rig, offer_id: str) -> int:
    """Count the vouchers of an offer."""
    rows = rig.tables.items("ledger")
    return sum(1 for row in rows if row["sk"]["S"] == "V" and row["offer"]["S"] == offer_id)


def ask_for(rig: Rig, offer_id: str, visitors: int) -> list[Browser]:
    """Let visitors claim; return those who got one."""
    browsers = [rig.visitor() for _ in range(visitors)]
    return [browser for browser in browsers if claim_by(browser, offer_id).status == 201]


def test_a_lowered_stock_is_not_exceeded_by_who_does_not_know_it(rig: Rig) -> None:
    ask_for(rig, "stocked", 1)
    old = stale()
    assert publishes(rig, LOWERED)().good
    with rig.stale(old):
        ask_for(rig, "stocked", 6)
    context.catalog.forget()
    ask_for(rig, "stocked", 6)
    assert given(rig, "stocked") == 2


def test_a_raised_stock_is_given_whole_by_who_does_not_know_it(rig: Rig) -> None:
    old = stale()
    assert publishes(rig, RAISED)().good
    with rig.stale(old):
        ask_for(rig, "stocked", 12)
    context.catalog.forget()
    ask_for(rig, "stocked", 12)
    assert given(rig, "stocked") == 9


def test_a_way_back_binds_who_still_knows_the_later_revision(rig: Rig) -> None:
    assert publishes(rig, RAISED)().good
    context.catalog.forget()
    old = stale()
    assert isinstance(rig.roll_back(ID, 1, counters), Pointer)
    with rig.stale(old):
        ask_for(rig, "stocked", 12)
    assert given(rig, "stocked") == 4
    assert rig.caps() == []


def day_items(rig: Rig) -> list[Json]:
    """Return today's counter in Istanbul, if there is one."""
    today = ("C#day.7.3.1", rig.at.date().isoformat())
    return [i for i in rig.tables.items("ledger") if (i["pk"]["S"], i["sk"]["S"]) == today]


@pytest.mark.parametrize("began_by", ["the stale container", "the publish"])
def test_a_day_follows_its_lowered_limit_whoever_began_it(rig: Rig, began_by: str) -> None:
    urls = [claim_by(rig.visitor(), "limited").json["url"] for _ in range(3)]
    rig.at += timedelta(days=5)  # a day that no publish has made
    phone, old = rig.phone(), stale()
    with rig.stale(old):
        first = urls[:1] if began_by == "the stale container" else []
        used = [phone.redeem(url, total=TOTAL).status for url in first]
    assert len(day_items(rig)) == len(first)
    assert publishes(rig, changed({"limited": {"day_limit": 2}}))().good
    with rig.stale(old):
        used += [phone.redeem(url, total=TOTAL).status for url in urls[len(first) :]]
    assert sorted(used) == [201, 201, 409]
    assert [(item["cap"]["N"], item["left"]["N"]) for item in day_items(rig)] == [("2", "0")]


def test_what_a_stale_container_gives_after_a_limit_has_gone_counts_when_it_is_back(
    rig: Rig,
) -> None:
    old = stale()
    assert publishes(rig, MIXED)().good
    with rig.stale(old):
        assert len(ask_for(rig, "returning", 7)) == 7  # what has no limit any more has no end
    context.catalog.forget()
    outcome = publishes(rig, FESTIVAL)()
    assert not outcome.good
    assert "limit_below_use" in outcome.told[0]
    assert rig.caps() == []
    assert rig.complaints() == []


def test_a_limit_that_is_added_counts_from_when_a_container_knows_of_it(rig: Rig) -> None:
    assert publishes(rig, MIXED)().good
    context.catalog.forget()
    knows_no_limit = stale()
    assert publishes(rig, FESTIVAL)().good
    with rig.stale(knows_no_limit):
        assert len(ask_for(rig, "returning", 2)) == 2
    context.catalog.forget()
    assert len(ask_for(rig, "returning", 7)) == 5  # docs/rules.md, "Limits", says so
    assert rig.complaints() == []
