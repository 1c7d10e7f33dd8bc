"""One-time codes for the devices of a stand, with the link that enrols each."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chalicelib.domain.device import Profile
from chalicelib.domain.sentence import N_
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web.context import context
from chalicelib.web.prints import Invitation

NAMES: Mapping[Profile, str] = {
    Profile.STEWARD: N_("Scanner"),
    Profile.SUPERVISOR: N_("Supervisor's scanner"),
    Profile.SCREEN: N_("The stand's screen"),
}


def made(
    campaign_id: str,
    popup_id: str,
    profiles: Iterable[Profile],
    *,
    until: datetime,
    entropy: Callable[[int], bytes],
) -> list[Invitation]:
    """Make a code for each device of a live stand; only its hash is kept. Cost: 1 WCU a code."""
    return [_made(campaign_id, popup_id, each, until, entropy) for each in profiles]


def _made(
    campaign_id: str,
    popup_id: str,
    profile: Profile,
    until: datetime,
    entropy: Callable[[int], bytes],
) -> Invitation:
    code = enrolling.invite(
        devices,
        campaign_id=campaign_id,
        popup_id=popup_id,
        profile=profile,
        expires_at=until,
        entropy=entropy(enrolling.CODE_BYTES),
    )
    return invitation(popup_id, profile, code)


def invitation(popup_id: str, profile: Profile, code: str) -> Invitation:
    """Return a code with the link that enrols: whoever opens it first becomes that device."""
    page = f"screen/{popup_id}" if profile is Profile.SCREEN else "staff/"
    url = f"{context.settings.public_url}/{page}?s=sheet#enrol={code}"
    return Invitation(NAMES[profile], code, url)
