"""`manage.py mint`: a batch of printed codes, as a CSV file and as cards; killed, it goes on.

Beside the first file lies `<file>.job` until everything is written. It names the request, so that
a job that was killed at any instant finds its batch again and never makes a second one.
"""

import argparse
import errno
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from chalicelib.domain.batch import Batch
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Refusal
from chalicelib.web import mints
from chalicelib.web.context import context
from chalicelib.web.schema import MintRequest
from commands import cards, codes_file
from commands.progress import Progress

Print = Callable[[str], None]


class Job(msgspec.Struct, frozen=True):
    """What is asked for, under a name that was drawn for it."""

    request: str
    campaign_id: str
    asked: MintRequest


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("campaign_id")
    command.add_argument("offer_id")
    command.add_argument("--popup", required=True, help="the stand that issues them")
    command.add_argument("--count", required=True, type=int)
    command.add_argument("--csv", type=Path, help="a file for code, url and token of each")
    command.add_argument("--cards", type=Path, help="an HTML file of cards to print on A4")


def run(
    asked: argparse.Namespace, _: datetime, out: Print, progress: Progress | None = None
) -> int:
    """Mint the batch, or go on with one that was cut off."""
    files = [file for file in (asked.csv, asked.cards) if file is not None]
    note = files[0].with_name(f"{files[0].name}.job") if files else None
    published = context.catalog.campaign(asked.campaign_id)
    campaign = published.campaign
    if asked.offer_id not in campaign.offer or asked.popup not in campaign.popup:
        out(f"{asked.campaign_id} has no offer {asked.offer_id}, or no stand {asked.popup}.")
        return 1
    job = _job(asked, files, note)
    outcome = mints.mint(published, job.asked, request=f"manage|{job.request}")
    if isinstance(outcome, Refusal):
        if note is not None:
            note.unlink()
        out(f"{outcome.reason}: {', '.join(f'{k} {v}' for k, v in outcome.facts.items())}")
        return 1
    try:
        write(asked, published, outcome.batch, progress or Progress())
    except KeyboardInterrupt:
        out("\nCut off. The same command again goes on where this one ended.")
        return 130
    if note is not None:
        note.unlink()
    out(f"Batch {outcome.batch.number} of {job.campaign_id}: {outcome.batch.count:,} codes.")
    return 0


def write(
    asked: argparse.Namespace, published: Published, batch: Batch, progress: Progress
) -> None:
    """Write the files that were asked for."""
    if asked.csv is not None:
        codes_file.write(asked.csv, batch, progress)
    if asked.cards is not None:
        cards.write(asked.cards, published, batch, progress)


def _job(asked: argparse.Namespace, files: list[Path], note: Path | None) -> Job:
    """Return the job that was cut off, or note a new one before anything happens.

    Raises FileExistsError where a file is there that is not of this job.
    """
    wish = msgspec.convert(
        {"offer_id": asked.offer_id, "popup_id": asked.popup, "count": asked.count}, MintRequest
    )
    job = Job(secrets.token_hex(16), asked.campaign_id, wish)
    if note is not None and note.exists():
        kept = msgspec.json.decode(note.read_bytes(), type=Job)
        if (kept.campaign_id, kept.asked) != (job.campaign_id, job.asked):
            told = "is of another job. Finish that one with its own arguments, or remove the file"
            raise FileExistsError(errno.EEXIST, told, str(note))
        return kept
    for file in files:
        if file.exists():
            raise FileExistsError(errno.EEXIST, "is there already. Choose another name", str(file))
    if note is not None:
        with note.open("xb") as kept_job:
            kept_job.write(msgspec.json.encode(job))
            kept_job.flush()
            os.fsync(kept_job.fileno())
    return job
