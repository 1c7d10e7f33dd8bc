"""`manage.py pin`: the PINs with which a stand's people begin a shift; only hashes are kept."""

import argparse
from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes

from chalicelib.domain import shift as rules
from chalicelib.domain.shift import Pin
from chalicelib.store import campaigns, shifts

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("popup_id", help="the stand")
    command.add_argument("name", help="as the person types it")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("pin", nargs="?", help="4 to 12 digits, a supervisor's from 6")
    what.add_argument("--remove", action="store_true", help="take the PIN and its rights away")
    command.add_argument("--supervisor", action="store_true", help="with a supervisor's rights")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Set a PIN or take it away. Returns 0, or 1 with a sentence that says what to do."""
    name = rules.tidy(asked.name)
    if not name or len(name) > rules.LONGEST_NAME:
        out(f"A name has 1 to {rules.LONGEST_NAME} characters.")
        return 1
    if not _is_stand(asked.popup_id):
        out(f"No live campaign has a stand {asked.popup_id}.")
        return 1
    if asked.remove:
        shifts.remove_pin(asked.popup_id, name)
        out(f"{name} has no PIN at {asked.popup_id} any more, and no rights.")
        return 0
    if not rules.is_pin(asked.pin, supervisor=asked.supervisor):
        out("A PIN has 4 to 12 digits, a supervisor's from 6.")
        return 1
    shifts.put_pin(
        Pin(
            popup_id=asked.popup_id,
            name=name,
            hash=rules.hashed(asked.pin, token_bytes(rules.SALT_BYTES)),
            supervisor=asked.supervisor,
        )
    )
    out(f"{name} begins a shift at {asked.popup_id} with this PIN{_rights(asked)}.")
    return 0


def _is_stand(popup_id: str) -> bool:
    return any(
        popup_id in campaigns.revision(campaign_id, pointer.revision).popup
        for campaign_id, pointer in campaigns.pointers().items()
    )


def _rights(asked: argparse.Namespace) -> str:
    return ", as its supervisor" if asked.supervisor else ""
