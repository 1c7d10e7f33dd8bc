"""The process dies between any two writes of a publish or of a way back.

Until somebody goes on, limits are never looser than those of the live revision; then they are
exactly those, and nothing stays unfinished.
"""

from collections.abc import Callable

import pytest
from rigs import books
from rigs.cases import OTHER, PUBLISH_CHANGED, ROLL_BACK, Act, Case, command, publishes
from rigs.faults import Died, Fault
from rigs.lab import FESTIVAL, Lab
from rigs.stage import Stage, enter, stage

from chalicelib.store import campaigns
from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context

ID = FESTIVAL.campaign_id
NEXT: dict[str, Callable[[Lab, Stage], Act]] = {
    "another draft is published": lambda lab, _: publishes(lab, OTHER),
    "somebody finishes it": lambda *_: command("finish", campaign_id=ID),
    "the same again": lambda _, on: on.act,
}


def dies(lab: Lab, on: Stage, fault: Fault, number: int) -> None:
    """Play a case up to the death of its process; another one takes over a little later."""
    enter(lab, on)
    lab.wire.hit(fault, number)
    with pytest.raises(Died):
        on.act()
    lab.wire.clear()
    context.catalog = Catalog()
    lab.later()


@pytest.mark.parametrize("then", NEXT)
@pytest.mark.parametrize("case", [PUBLISH_CHANGED, ROLL_BACK], ids=lambda case: case.name)
def test_a_publish_that_is_broken_off_is_finished(lab: Lab, case: Case, then: str) -> None:
    on = stage(lab, case)
    deaths = [(number, Fault.DIED) for number in on.writes()]
    for number, fault in (*deaths, (deaths[-1][0], Fault.DIED_AFTER)):
        where = f"{case.name}, call {number}, {on.calls[number - 1]}, {fault}, {then}"
        dies(lab, on, fault, number)
        live, items = lab.live_revision(), lab.tables.items("ledger")
        assert books.looser(live, lab.at, items) == [], where
        outcome = NEXT[then](lab, on)()
        assert outcome.good, (where, outcome.told)
        assert lab.caps() == [], where
        assert lab.complaints() == [], where
        record = campaigns.publish_record(ID)
        assert record is not None
        assert record.done, where
