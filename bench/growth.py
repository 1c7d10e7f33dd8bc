"""Redeem with 100,000 vouchers in the table against 10,000: a flat line, or an index is missing.

The tables are filled through the engine's snapshot file; writing them through the API would take
minutes.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import festival
from bench.festival import CAMPAIGN, NOON, OFFER, STAND, Festival
from bench.stopwatch import Stopwatch
from chalicelib.domain import voucher as codes
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import voucher_items as items
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from local import snapshot

VOUCHERS = {"few": 10_000, "many": 100_000}
WARM_UP, BLOCK, BLOCKS = 5, 20, 15


def measure() -> dict[str, float]:
    """Redeem in both tables, block by block in turn."""
    watch = Stopwatch()
    with ExitStack() as stack:
        festivals = {
            name: stack.enter_context(_filled(number)) for name, number in VOUCHERS.items()
        }
        waiting = {name: _vouchers(number) for name, number in VOUCHERS.items()}
        for _ in range(BLOCKS):
            for name, opened in festivals.items():
                _block(watch, name, opened, waiting[name])
    return {"redeem_growth": watch.ratio("many", "few")}


def _block(watch: Stopwatch, name: str, opened: Festival, waiting: Iterator[Voucher]) -> None:
    """Redeem some vouchers of one table; the first ones only warm the client up."""
    opened.connect()
    published = context.catalog.campaign(CAMPAIGN)
    for number, voucher in enumerate(islice(waiting, WARM_UP + BLOCK)):
        url = shown.url_of(shown.token_text(published, voucher))
        scan = opened.redeeming(url, f"nonce-{voucher.voucher_id}")
        kept = name if number >= WARM_UP else "warming up"
        watch.time(kept, partial(festival.ask, scan, 201))


@contextmanager
def _filled(number: int) -> Iterator[Festival]:
    """Open a festival with so many vouchers on an engine of its own."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        with festival.engine_in(directory, keep=True) as url:
            secrets = festival.published(url).secrets
        _fill(directory / snapshot.FILE, number)
        with festival.engine_in(directory, keep=True) as url:
            yield festival.at(url, secrets)


def _fill(file: Path, number: int) -> None:
    """Add vouchers to a snapshot: a head, the engine, the items that it counts, the records."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        head, state, *rest = [json.loads(line) for line in lines]
    rows, records = rest[: head["items"]], rest[head["items"] :]
    place = next(row[:-3] for row in rows if row[-4] == "marquee-ledger")
    rows += [[*place, *_row(voucher)] for voucher in _vouchers(number)]
    head["items"] = len(rows)
    with gzip.open(file, "wt", compresslevel=1, encoding="utf-8") as lines:
        lines.writelines(json.dumps(value) + "\n" for value in (head, state, *rows, *records))


def _row(voucher: Voucher) -> list[Any]:
    item = items.item_of(voucher)
    return [item["pk"]["S"], item["sk"]["S"], item]


def _vouchers(number: int) -> Iterator[Voucher]:
    """Yield vouchers with ids that lie as scattered as real ones."""
    for count in range(number):
        digest = hashlib.sha256(str(count).encode()).digest()
        yield Voucher(
            voucher_id=codes.symbols_of(int.from_bytes(digest) >> (256 - codes.CLAIMED_BITS)),
            campaign_id=CAMPAIGN,
            popup_id=STAND,
            offer_id=OFFER,
            merchant_id=None,
            ordinal=1,
            visitor=f"visitor-{count:08}",
            state=State.ISSUED,
            issued_at=NOON,
            local_hour="2026-05-20T15",
            revision=1,
        )
