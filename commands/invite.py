"""`manage.py invite`: one-time codes for the devices of a stand, said and, if asked, on a sheet."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.domain.errors import NotFound
from chalicelib.paper.pdf import pdf
from chalicelib.web import invitations, prints
from chalicelib.web.context import context
from chalicelib.web.prints import Stand

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("popup_id")
    command.add_argument("profiles", nargs="+", choices=list(Profile), metavar="PROFILE")
    command.add_argument("--sheet", type=Path, help="a PDF to print: a QR code for each")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Make a code for each device; they live 15 minutes, by the real clock."""
    try:
        published, popup = context.catalog.popup(asked.popup_id)
    except NotFound:
        out(f"No live campaign has a stand {asked.popup_id}.")
        return 1
    until = datetime.now(UTC) + ENROLMENT_LIFE
    profiles = [Profile(each) for each in asked.profiles]
    made = invitations.made(
        published.campaign.campaign_id, popup.popup_id, profiles, until=until, entropy=token_bytes
    )
    for profile, each in zip(profiles, made, strict=True):
        out(f"{each.code}  for one {profile} at {popup.popup_id}, until {until:%H:%M} UTC")
        out(f"  {each.url}")
    if asked.sheet is not None:
        sheets = prints.enrolment(Stand(published.campaign, popup), made, until)
        asked.sheet.write_bytes(pdf(sheets))
        out(f"{asked.sheet}: print it at once, or show it; each code works once.")
    return 0
