"""Measure, print a table, write `.local/bench.json`: `python -m bench [name]`.

A name chooses the parts whose figures begin with it. The exit status is 1 where a bar is missed.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from bench import (
    chores,
    cold,
    console,
    delivery,
    estimate,
    growth,
    item,
    lighthouse,
    minting,
    offline,
    operations,
    page,
    pages,
    publish,
    scanner,
    slow,
    tokens,
    without_network,
    writes,
)
from bench.figure import OTHER_PAGES, VISITOR_PAGES, Figure, document
from local import places

# Each part returns figures by name; the names' bars are in figure.py.
PARTS: Mapping[str, Callable[[], Mapping[str, float]]] = {
    "redeem claim": writes.measure,
    "claim_hold redeem_limited reverse gift shop": operations.measure,
    "voucher_item": item.measure,
    "mint": minting.measure,
    "verify": tokens.measure,
    "voucher_page": page.measure,
    " ".join(f"{name}_page" for name in (*VISITOR_PAGES, *OTHER_PAGES)): pages.measure,
    "console": console.measure,
    "publish": publish.measure,
    "slow": slow.measure,
    "lighthouse": lighthouse.measure,
    "manifest hand_in": offline.measure,
    "estimate": estimate.measure,
    "decode scan": scanner.measure,
    "options wording": delivery.measure,
    "verdict offline sync": without_network.measure,
    "setup import prints": chores.measure,
    "redeem_growth": growth.measure,
    "cold zip": cold.measure,
}


def main(wanted: str = "") -> int:
    """Run the parts that are wanted; a run of all is written down."""
    logging.disable(logging.WARNING)
    started, figures = time.monotonic(), []
    for figure in _measured(wanted):
        print(figure, flush=True)
        figures.append(figure)
    if not wanted:
        file = places.usual().root / "bench.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(document(figures))
    missed = sum(not figure.ok for figure in figures)
    print(f"{len(figures)} figures, {missed} missed, {time.monotonic() - started:.0f} s")
    return 1 if missed or not figures else 0


def _measured(wanted: str) -> Iterator[Figure]:
    for names, measure in PARTS.items():
        if any(name.startswith(wanted) or wanted.startswith(name) for name in names.split()):
            for name, value in measure().items():
                yield Figure(name, value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
