"""`manage.py invite`: one-time codes for the devices of a stand, said and, if asked, on a sheet."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.domain.errors import NotFound
from chalicelib.domain.popup import Popup
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web import languages, render, wording
from chalicelib.web.context import context
from chalicelib.web.invitations import Invitation, invitation

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("popup_id")
    command.add_argument("profiles", nargs="+", choices=list(Profile), metavar="PROFILE")
    command.add_argument("--sheet", type=Path, help="an HTML file to print: a QR code for each")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Make a code for each device; they live 15 minutes, by the real clock."""
    try:
        published, popup = context.catalog.popup(asked.popup_id)
    except NotFound:
        out(f"No live campaign has a stand {asked.popup_id}.")
        return 1
    until = datetime.now(UTC) + ENROLMENT_LIFE
    campaign_id = published.campaign.campaign_id
    made = [_invitation(campaign_id, popup, Profile(each), until) for each in asked.profiles]
    for each in made:
        out(f"{each.code}  for one {each.profile} at {popup.popup_id}, until {until:%H:%M} UTC")
        out(f"  {each.url}")
    if asked.sheet is not None:
        asked.sheet.write_text(_sheet(popup, made, until), encoding="utf-8")
        out(f"{asked.sheet}: print it at once, or show it; each code works once.")
    return 0


def _invitation(campaign_id: str, popup: Popup, profile: Profile, until: datetime) -> Invitation:
    code = enrolling.invite(
        devices,
        campaign_id=campaign_id,
        popup_id=popup.popup_id,
        profile=profile,
        expires_at=until,
        entropy=token_bytes(enrolling.CODE_BYTES),
    )
    return invitation(popup, profile, code)


def _sheet(popup: Popup, made: list[Invitation], until: datetime) -> str:
    language = languages.chosen(popup.language, None)
    shown = {"popup": popup, "invitations": made, "A_GROUP": 4}
    ends = wording.clock(until, popup.time_zone)
    return str(render.fragment("print/invitations.html", language, ends=ends, **shown))
