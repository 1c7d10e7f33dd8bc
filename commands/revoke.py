"""`manage.py revoke`: withdraw a voucher by its code, a minted batch, or a range of its serials."""

import argparse
from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.usecases.revoking import Revoked
from chalicelib.web import revocations
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
        out(f"{outcome.reason}: {', '.join(f'{k} {v}' for k, v in outcome.facts.items())}")
        return 1
    what = asked.code or f"batch {asked.batch}"
    which = " {}-{}".format(*asked.serials) if asked.serials else ""
    when = "now, everywhere within 5 seconds" if outcome.made else "before"
    out(f"{what}{which}: withdrawn {when}.")
    return 0


def _revoked(asked: argparse.Namespace) -> Revoked | Refusal:
    published = context.catalog.campaign(asked.campaign_id)
    if asked.code is not None:
        return revocations.revoke(published, asked.code, by=OPERATOR)
    return revocations.revoke_minted(published, asked.batch, asked.serials)


def serials(text: str) -> tuple[int, int]:
    """Read a range of serials, or one."""
    first, _, last = text.partition("-")
    return int(first), int(last or first)
