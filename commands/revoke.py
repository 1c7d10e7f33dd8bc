"""`manage.py revoke`: withdraw a voucher by its code, a minted batch, or a range of its serials."""

import argparse
from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.usecases.revoking import Revoked
from chalicelib.web import revocations, wording
from chalicelib.web.context import context

Print = Callable[[str], None]
OPERATOR = "operator"


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes: a code, or a batch with or without a range."""
    command.add_argument("campaign_id")
    command.add_argument("code", nargs="?", help="as typed, or the text of the QR code")
    command.add_argument("--batch", type=int)
    command.add_argument("--range", dest="serials", type=serials, help="serials, as 101-200")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Withdraw what the arguments name."""
    if (asked.code is None) == (asked.batch is None) or (asked.serials and not asked.batch):
        out("Name a code, or --batch 7, or --batch 7 --range 101-200.")
        return 1
    outcome = _revoked(asked)
    if isinstance(outcome, Refusal) and outcome.reason is Reason.NOT_FOUND:
        out(f"{asked.campaign_id} has no batch {asked.batch}, or not these serials in it.")
        return 1
    if isinstance(outcome, Refusal):
        out(_refused(asked, outcome))
        return 1
    when = "now, everywhere within 5 seconds" if outcome.made else "before"
    out(f"{_named(asked)}: withdrawn {when}.")
    return 0


def _refused(asked: argparse.Namespace, refusal: Refusal) -> str:
    """Return why nothing was withdrawn."""
    if refusal.reason is Reason.UNKNOWN_CODE:
        return f"{asked.campaign_id} has no voucher {asked.code}. Compare it with the code again."
    return f"{asked.code or f'batch {asked.batch}'}: {wording.told(refusal, 'en').detail}"


def _named(asked: argparse.Namespace) -> str:
    """Return what was withdrawn, with how many codes that are."""
    if asked.code is not None:
        return str(asked.code)
    published = context.catalog.campaign(asked.campaign_id)
    batch = context.catalog.batch(published.campaign.number, asked.batch)
    assert batch is not None, "it was just withdrawn"
    first, last = asked.serials or (1, batch.count)
    which = f" {first}-{last}" if asked.serials else ""
    count = last - first + 1
    return f"batch {asked.batch}{which}, {count} code{'s' if count > 1 else ''}"


def _revoked(asked: argparse.Namespace) -> Revoked | Refusal:
    published = context.catalog.campaign(asked.campaign_id)
    if asked.code is not None:
        return revocations.revoke(published, asked.code, by=OPERATOR)
    return revocations.revoke_minted(published, asked.batch, asked.serials)


def serials(text: str) -> tuple[int, int]:
    """Read a range of serials, or one."""
    first, _, last = text.partition("-")
    return int(first), int(last or first)
