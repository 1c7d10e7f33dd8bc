"""The process dies between any two writes of a publish or of a way back.

Until somebody goes on, limits are never looser than those of the live revision; then they are
exactly those, and nothing stays unfinished.
"""

from collections.abc import Callable

import pytest
from rigs import books
from rigs.cases import OTHER, PUBLISH_CHANGED, ROLL_BACK, Act, Case, command, publishes
from rigs.faults import Died, Fault
from rigs.rig import FESTIVAL, Rig
from rigs.stage import Stage, enter, stage

from chalicelib.store import campaigns
from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context

ID = FESTIVAL.campaign_id
NEXT: dict[str, Callable[[Rig, Stage], Act]] = {
    "another draft is published": lambda rig, _: publishes(rig, OTHER),
    "somebody finishes it": lambda *_: command("finish", campaign_id=ID),
    "the same again": lambda _, on: on.act,
}


def dies(rig: Rig, on: Stage, fault: Fault, number: int) -> None:
    """Play a case up to the death of its process; another one takes over a little later."""
    enter(rig, on)
    rig.wire.hit(fault, number)
    with pytest.raises(Died):
        on.act()
    rig.wire.clear()
    context.catalog = Catalog()
    rig.later()


@pytest.mark.parametrize("then", NEXT)
@pytest.mark.parametrize("case", [PUBLISH_CHANGED, ROLL_BACK], ids=lambda case: case.name)
def test_a_publish_that_is_broken_off_is_finished(rig: Rig, case: Case, then: str) -> None:
    on = stage(rig, case)
    deaths = [(number, Fault.DIED) for number in on.writes()]
    for number, fault in (*deaths, (deaths[-1][0], Fault.DIED_AFTER)):
        where = f"{case.name}, call {number}, {on.calls[number - 1]}, {fault}, {then}"
        dies(rig, on, fault, number)
        live, items = rig.live_revision(), rig.tables.items("ledger")
        assert books.looser(live, rig.at, items) == [], where
        outcome = NEXT[then](rig, on)()
        assert outcome.good, (where, outcome.told)
        assert rig.caps() == [], where
        assert rig.complaints() == [], where
        record = campaigns.publish_record(ID)
        assert record is not None
        assert record.done, where
