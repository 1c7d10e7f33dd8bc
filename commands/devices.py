"""`manage.py device`: which phones and screens there are, and a lost one shut out."""

import argparse
from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.device import Seen
from chalicelib.domain.live import Live
from chalicelib.domain.member import Scope
from chalicelib.store import campaigns, devices, revocations

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    what = command.add_subparsers(dest="what", required=True)
    listed = what.add_parser("list", help="all devices, or those of a stand")
    listed.add_argument("popup_id", nargs="?", help="the stand")
    revoked = what.add_parser("revoke", help="shut one out, everywhere within 5 seconds")
    revoked.add_argument("device_id")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """List devices, or revoke one. Returns 0, or 1 with a sentence that says what to do."""
    return _revoke(asked.device_id, out) if asked.what == "revoke" else _list(asked.popup_id, out)


def _list(popup_id: str | None, out: Print) -> int:
    lives, popup_ids = campaigns.lives(), frozenset({popup_id}) if popup_id else None
    for campaign_id in sorted(campaigns.pointers()):
        revoked = lives.get(campaign_id, Live()).revoked_devices
        for seen in devices.at(_operator(campaign_id), popup_ids):
            out(_line(seen, revoked=seen.device.device_id in revoked))
    return 0


def _operator(campaign_id: str) -> Scope:
    return Scope(area=campaign_id, member_id="operator", email="manage.py device")


def _line(seen: Seen, *, revoked: bool) -> str:
    device, waiting = seen.device, "?" if seen.waiting is None else seen.waiting
    state = "revoked" if revoked else "enrolled"
    return (
        f"{device.device_id}  {device.popup_id}  {device.profile}  {state}  "
        f"seen {seen.last_seen:%Y-%m-%d %H:%M} UTC  {waiting} waiting  {device.name}"
    )


def _revoke(device_id: str, out: Print) -> int:
    device = devices.get(device_id)
    if device is None:
        out(f"There is no device {device_id}. `manage.py device list` names them.")
        return 1
    if not revocations.list_device(device.campaign_id, device_id):
        out("The list of revoked devices is full; finish the campaign or enrol all devices anew.")
        return 1
    out(
        f"{device.name} at {device.popup_id} is shut out, everywhere within 5 seconds. "
        "What it hands in from now on counts for nothing and is kept to be looked at."
    )
    return 0
