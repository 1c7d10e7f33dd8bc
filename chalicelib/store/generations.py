"""Figures counted anew from the ledger. Access patterns AP-56 to AP-59.

Only the operator's rebuild comes here, and nobody waits for it: it may scan.
"""

from collections.abc import Iterator
from uuid import uuid4

from chalicelib.domain.generation import Head, Run
from chalicelib.domain.insight import Change
from chalicelib.store import engine, images, keys, tables, tallying
from chalicelib.store.insights import counted
from chalicelib.store.tallying import head

__all__ = ["add", "counted", "head", "items", "sweep", "turn"]


def turn(campaign_id: str, old: Head, new: Head) -> bool:
    """AP-56: begin a rebuild, or switch to what it built, in all lanes at once.

    Returns False where somebody else did so since `old` was read.
    """
    actions = []
    for lane in range(keys.LANES):
        item = tables.HeadItem(
            *keys.head(campaign_id, lane),
            live=new.live,
            building=new.building,
            switched_at=new.switched_at,
            turn=new.turn,
        )
        condition = tallying.still(campaign_id, lane, old.turn)
        values = condition.get("ExpressionAttributeValues")
        actions.append({"Put": engine.put_action(item, condition["ConditionExpression"], values)})
    return engine.transact(actions, uuid4().hex) is None


def items(segment: int, segments: int) -> Iterator[list[Change]]:
    """AP-57: scan a part of the ledger, strongly consistent; yield what has figures, by page."""
    for page in engine.scan(tables.LedgerItem, segment, segments):
        seen = (images.item_as_it_is(raw) for raw in page)
        yield [change for change in seen if change.new is not None]


def add(segment: int, run: Run) -> bool:
    """AP-58: add what a part of the scan counts and remember each item's version.

    Returns False where the projector met one of them first, or the rebuild is overtaken.
    """
    lane = segment % keys.LANES
    return engine.transact(list(tallying.actions(run, lane)), uuid4().hex) is None


def sweep(campaign_id: str, generation: int) -> None:
    """AP-59: delete the rows of a generation that nobody reads or writes any more."""
    for lane in range(keys.LANES):
        for row in keys.TALLY_KINDS:
            partition = keys.tally_row(campaign_id, generation, lane, row).pk
            found = engine.query(tables.InsightsItem, partition)
            engine.delete_many(tables.InsightsItem, [engine.key_of(raw) for raw in found])
    lists = keys.used(campaign_id, generation, "")
    for page in engine.scan(tables.InsightsItem):
        places = [engine.key_of(raw) for raw in page if raw["pk"]["S"].startswith(lists)]
        engine.delete_many(tables.InsightsItem, places)
