"""`manage.py mint` of 100,000 codes to a file, and the first use of one of them."""

import csv
from argparse import Namespace
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import festival
from bench.festival import CAMPAIGN, Festival, Place
from bench.stopwatch import Stopwatch
from bench.watch import watching
from chalicelib.domain.batch import Batch
from chalicelib.domain.reasons import Refusal
from chalicelib.web import mints
from chalicelib.web.context import context
from chalicelib.web.schema import MintRequest
from commands import mint
from commands.progress import Progress

CODES = 100_000


def measure() -> dict[str, float]:
    """Make the batch, then time and watch what the command does for its codes."""
    watch = Stopwatch()
    with festival.opened() as opened, TemporaryDirectory() as directory:
        batch, file = _batch(), Path(directory, "codes.csv")
        asked = Namespace(csv=file, cards=None)
        published = context.catalog.campaign(CAMPAIGN)
        with watching() as making:
            write = partial(mint.write, asked, published, batch, Progress(StringIO()))
            watch.time("codes", write)
        used = _used(opened, file)
    return {
        "mint_per_second": 1_000 * CODES / watch.ms("codes"),
        "mint_writes": making.write_requests,
        **used,
    }


def _batch() -> Batch:
    place = Place()
    wish = MintRequest(offer_id=place.offer_id, popup_id=place.popup_id, count=CODES)
    made = mints.mint(context.catalog.campaign(CAMPAIGN), wish, request="bench")
    if isinstance(made, Refusal):
        raise RuntimeError(f"the batch is refused: {made}")  # noqa: TRY004 - no wrong type
    return made.batch


def _used(opened: Festival, file: Path) -> dict[str, float]:
    """Use two codes; the first one brings the batch into memory, once a process."""
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    if len({row["code"] for row in rows}) != CODES:
        raise RuntimeError("the file has not that many different codes")
    festival.ask(opened.redeeming(rows[0]["url"], "nonce-first"), 201)
    context.catalog.all()  # so that no check of the catalog falls into what is counted
    with watching() as counted:
        festival.ask(opened.redeeming(rows[1]["url"], "nonce-next"), 201)
    return {"minted_use_requests": counted.requests, "minted_use_wcu": counted.write_units}
