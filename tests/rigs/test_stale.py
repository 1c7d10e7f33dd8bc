"""A container serves the old revision for five seconds around a publish: no limit is exceeded.

The counters decide, whatever a container has in memory: what it gives, it takes from them.
"""

from datetime import timedelta

import pytest
from house import Browser, Phone
from rigs.cases import LOWERED, MIXED, PUBLISHES, RAISED, TOTAL, Case, publishes
from rigs.faults import Json
from rigs.lab import FESTIVAL, Lab, changed, claim_by
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


def rush(lab: Lab, phone: Phone) -> None:
    """Let visitors come and take what there is, from the stock, the day and the budget."""
    for browser in (lab.visitor(), lab.visitor()):
        for offer_id in ("stocked", "returning", "limited"):
            answer = claim_by(browser, offer_id)
            assert answer.status == 201 or answer.reason == "out_of_stock"
            if offer_id == "limited":
                used = phone.redeem(answer.json["url"], total=TOTAL)
                assert used.status == 201 or used.reason in {"limit_day", "budget_exhausted"}


@pytest.mark.parametrize("case", OLD, ids=lambda case: case.name)
def test_a_stale_container_at_any_step_exceeds_no_limit(lab: Lab, case: Case) -> None:
    on = stage(lab, case)
    for number in on.writes()[-LAST:]:
        enter(lab, on)
        old, phone = stale(), lab.phone()
        lab.wire.clear()

        def come(old: Catalog = old, phone: Phone = phone) -> None:
            with lab.stale(old):
                rush(lab, phone)

        lab.wire.before(number, come)
        on.act()
        where = f"{case.name}, before call {number}, {on.calls[number - 1]}"
        come()
        context.catalog = Catalog()
        rush(lab, phone)
        assert lab.complaints() == [], where
        assert lab.caps() == [], where
        record = campaigns.publish_record(ID)
        assert record is not None
        assert record.done, where


def given(lab: Lab, offer_id: str) -> int:
    """Count the vouchers of an offer."""
    rows = lab.tables.items("ledger")
    return sum(1 for row in rows if row["sk"]["S"] == "V" and row["offer"]["S"] == offer_id)


def ask_for(lab: Lab, offer_id: str, visitors: int) -> list[Browser]:
    """Let visitors claim; return those who got one."""
    browsers = [lab.visitor() for _ in range(visitors)]
    return [browser for browser in browsers if claim_by(browser, offer_id).status == 201]


def test_a_lowered_stock_is_not_exceeded_by_who_does_not_know_it(lab: Lab) -> None:
    ask_for(lab, "stocked", 1)
    old = stale()
    assert publishes(lab, LOWERED)().good
    with lab.stale(old):
        ask_for(lab, "stocked", 6)
    context.catalog.forget()
    ask_for(lab, "stocked", 6)
    assert given(lab, "stocked") == 2


def test_a_raised_stock_is_given_whole_by_who_does_not_know_it(lab: Lab) -> None:
    old = stale()
    assert publishes(lab, RAISED)().good
    with lab.stale(old):
        ask_for(lab, "stocked", 12)
    context.catalog.forget()
    ask_for(lab, "stocked", 12)
    assert given(lab, "stocked") == 9


def test_a_way_back_binds_who_still_knows_the_later_revision(lab: Lab) -> None:
    assert publishes(lab, RAISED)().good
    context.catalog.forget()
    old = stale()
    assert isinstance(lab.roll_back(ID, 1, counters), Pointer)
    with lab.stale(old):
        ask_for(lab, "stocked", 12)
    assert given(lab, "stocked") == 4
    assert lab.caps() == []


def day_items(lab: Lab) -> list[Json]:
    """Return today's counter in Istanbul, if there is one."""
    today = ("C#day.7.3.1", lab.at.date().isoformat())
    return [i for i in lab.tables.items("ledger") if (i["pk"]["S"], i["sk"]["S"]) == today]


@pytest.mark.parametrize("began_by", ["the stale container", "the publish"])
def test_a_day_follows_its_lowered_limit_whoever_began_it(lab: Lab, began_by: str) -> None:
    urls = [claim_by(lab.visitor(), "limited").json["url"] for _ in range(3)]
    lab.at += timedelta(days=5)  # a day that no publish has made
    phone, old = lab.phone(), stale()
    with lab.stale(old):
        first = urls[:1] if began_by == "the stale container" else []
        used = [phone.redeem(url, total=TOTAL).status for url in first]
    assert len(day_items(lab)) == len(first)
    assert publishes(lab, changed({"limited": {"day_limit": 2}}))().good
    with lab.stale(old):
        used += [phone.redeem(url, total=TOTAL).status for url in urls[len(first) :]]
    assert sorted(used) == [201, 201, 409]
    assert [(item["cap"]["N"], item["left"]["N"]) for item in day_items(lab)] == [("2", "0")]


def test_what_a_stale_container_gives_after_a_limit_has_gone_counts_when_it_is_back(
    lab: Lab,
) -> None:
    old = stale()
    assert publishes(lab, MIXED)().good
    with lab.stale(old):
        assert len(ask_for(lab, "returning", 7)) == 7  # what has no limit any more has no end
    context.catalog.forget()
    outcome = publishes(lab, FESTIVAL)()
    assert not outcome.good
    assert "limit_below_use" in outcome.told[0]
    assert lab.caps() == []
    assert lab.complaints() == []


def test_a_limit_that_is_added_counts_from_when_a_container_knows_of_it(lab: Lab) -> None:
    assert publishes(lab, MIXED)().good
    context.catalog.forget()
    knows_no_limit = stale()
    assert publishes(lab, FESTIVAL)().good
    with lab.stale(knows_no_limit):
        assert len(ask_for(lab, "returning", 2)) == 2
    context.catalog.forget()
    assert len(ask_for(lab, "returning", 7)) == 5  # docs/rules.md, "Limits", says so
    assert lab.complaints() == []
