"""A one-time code for a device, with the link that enrols it and the link's picture."""

from dataclasses import dataclass

from markupsafe import Markup

from chalicelib import qr
from chalicelib.domain.device import Profile
from chalicelib.domain.popup import Popup
from chalicelib.web.context import context


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code for one device; whoever opens the link first becomes that device."""

    profile: Profile
    code: str
    url: str
    picture: Markup


def invitation(popup: Popup, profile: Profile, code: str) -> Invitation:
    """Return what is shown of a code."""
    page = f"screen/{popup.popup_id}" if profile is Profile.SCREEN else "staff/"
    url = f"{context.settings.public_url}/{page}#enrol={code}"
    return Invitation(profile, code, url, qr.svg(url))
