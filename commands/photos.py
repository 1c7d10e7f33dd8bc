"""`manage.py photo`: a merchant's photo, into the draft and out of it; a publish shows it."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from chalicelib.domain import photo
from chalicelib.domain.member import Scope
from chalicelib.domain.photo import Photo
from chalicelib.domain.reasons import Refusal
from chalicelib.store import desk, photos
from chalicelib.usecases import drafting
from commands import renditions

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = command.add_subparsers(dest="action", required=True)
    for name in ("add", "remove"):
        action = actions.add_parser(name)
        action.add_argument("campaign_id")
        action.add_argument("merchant_id")
        if name == "add":
            action.add_argument("file", type=Path, help="JPEG, PNG or WebP, at most 10 MB")


def run(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    """Change the draft. Returns 0, or 1 with a sentence that says what to do."""
    scope = Scope(area=asked.campaign_id, member_id="operator", email="manage.py photo")
    draft = desk.draft(scope)
    if draft is None:
        out(f"There is no campaign {asked.campaign_id}.")
        return 1
    if asked.merchant_id not in draft.campaign.merchant:
        out(f"{asked.campaign_id} has no merchant {asked.merchant_id}.")
        return 1
    try:
        shown = _kept(asked.file) if asked.action == "add" else None
    except renditions.BadPhotoError as error:
        out(f"{asked.file} {error}.")
        return 1
    saved = drafting.save(
        desk,
        scope,
        replace(
            draft.campaign,
            merchants=tuple(
                replace(one, photo=shown) if one.merchant_id == asked.merchant_id else one
                for one in draft.campaign.merchants
            ),
        ),
        before=draft.campaign,
        over=draft.version,
        action="photo added" if shown else "photo removed",
        at=now,
        request_id=token_hex(8),
    )
    if isinstance(saved, Refusal):
        out(f"{saved.reason}: somebody saved the draft meanwhile. Try the same again.")
        return 1
    out(f"Version {saved} of the draft {_told(shown)}. Publish it to show it so.")
    return 0


def _kept(file: Path) -> Photo:
    """Make a photo of the file and keep it: first itself, then the draft that names it."""
    if file.stat().st_size > renditions.LONGEST_FILE:
        raise renditions.BadPhotoError("is longer than 10 MB. Save it smaller")
    sizes, (width, height) = renditions.renditions(file.read_bytes())
    made = photo.made(sizes, width=width, height=height)
    photos.keep(made, sizes)
    return made


def _told(shown: Photo | None) -> str:
    return f"has the photo {shown.digest}" if shown else "has no photo of this merchant"
