"""Devices of the stands: when each was heard of and what waits in it; new ones, lost ones."""

from dataclasses import dataclass
from datetime import datetime

from chalice import Response

from chalicelib import qr
from chalicelib.domain import device as rules
from chalicelib.domain.device import ENROLMENT_LIFE, Device, Profile, Seen
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import MOST_DEVICES, Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import devices
from chalicelib.store.noted import Noted
from chalicelib.usecases import enrolling
from chalicelib.web import wording
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import Made, nonce, once
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.invitations import invitation

PAGE = "/console/c/{campaign_id}/devices"


@dataclass(frozen=True, slots=True)
class Line:
    """A device in the list. `when` is said by its stand's clock."""

    seen: Seen
    popup: Popup
    revoked: bool
    when: str


def get_devices(here: Visit) -> Response:
    """Return the devices that the scope reaches, as the query sorts and filters them."""
    published = context.catalog.campaign(here.scope.area)
    asked = {name: desk.query(name) or "" for name in ("popup", "profile", "state", "sort")}
    lines = [one for one in _lines(here, published) if _wanted(one, asked)]
    return desk.show(
        "devices.html",
        here,
        campaign=published.campaign,
        stands=[(one.popup_id, one.city) for one in _stands(here, published)],
        lines=_sorted(lines, asked["sort"]),
        asked=asked,
        nonce=nonce(),
    )


def post_invitation(here: Visit, form: Form) -> Response | Refusal:
    """Show a one-time code for a device of a stand. Raises InvalidPayload, NotFound."""
    published, popup_id = context.catalog.campaign(here.scope.area), form.text("popup")
    popup = next((p for p in _stands(here, published) if p.popup_id == popup_id), None)
    if popup is None:
        raise NotFound(f"no stand {popup_id}")
    profile, until = form.one_of(Profile, "profile"), context.real_now() + ENROLMENT_LIFE
    entry = desk.entry(here, "enrolment code made", popup_id, after={"profile": str(profile)})

    def work() -> Made:
        code = enrolling.invite(
            Noted(here.scope, entry),
            campaign_id=here.scope.area,
            popup_id=popup_id,
            profile=profile,
            expires_at=until,
            entropy=context.entropy(enrolling.CODE_BYTES),
        )
        return {"code": code, "until": until.isoformat()}

    made = once(here, form, work)
    if isinstance(made, Refusal):
        return made
    ends = datetime.fromisoformat(made["until"])
    invited = invitation(popup_id, profile, made["code"])
    return desk.show(
        "invitation.html",
        here,
        campaign=published.campaign,
        popup=popup,
        invited=invited,
        picture=qr.svg(invited.url),
        profile=profile,
        until=wording.moment(ends, popup.time_zone, desk.reader().language),
    )


def post_revocation(here: Visit, form: Form) -> Response | Refusal:
    """Shut a device out, everywhere within 5 s, for good. Raises NotFound, InvalidPayload."""
    device = _device(here, form.text("device_id"))
    entry = desk.entry(
        here,
        "device shut out",
        device.device_id,
        before={"name": device.name, "stand": device.popup_id, "profile": str(device.profile)},
    )
    if not Noted(here.scope, entry).shut_out(device.device_id):
        told = said(
            "{most} devices were shut out already, and the list is full; end the campaign, or set "
            "up all devices anew",
            most=MOST_DEVICES,
        )
        raise InvalidPayload([("/device_id", told)])
    context.catalog.forget()
    return see_other(PAGE.format(campaign_id=here.scope.area))


def _lines(here: Visit, published: Published) -> list[Line]:
    return [_line(seen, published, desk.reader().language) for seen in devices.at(here.scope)]


def _line(seen: Seen, published: Published, language: str) -> Line:
    popup = published.campaign.popup[seen.device.popup_id]  # a published stand never goes
    return Line(
        seen=seen,
        popup=popup,
        revoked=seen.device.device_id in published.live.revoked_devices,
        when=wording.moment(seen.last_seen, popup.time_zone, language),
    )


def _wanted(line: Line, asked: dict[str, str]) -> bool:
    return (
        asked["popup"] in {"", line.popup.popup_id}
        and asked["profile"] in {"", line.seen.device.profile}
        and asked["state"] in {"", "revoked" if line.revoked else "enrolled"}
    )


def _sorted(lines: list[Line], sort: str) -> list[Line]:
    """Return the lines by stand as they come, or those to look after first."""
    match sort:
        case "seen":
            return sorted(lines, key=lambda line: line.seen.last_seen)
        case "waiting":
            return sorted(lines, key=lambda line: -(line.seen.waiting or 0))
        case _:
            return lines


def _stands(here: Visit, published: Published) -> list[Popup]:
    """Return the stands of the campaign that the scope reaches."""
    return [one for one in published.campaign.popups if here.scope.reaches(one.popup_id)]


def _device(here: Visit, device_id: str) -> Device:
    """Return a device of a stand of the scope. Raises NotFound."""
    device = devices.get(device_id) if rules.is_device_id(device_id) else None
    stands = {p.popup_id for p in _stands(here, context.catalog.campaign(here.scope.area))}
    if device is None or device.popup_id not in stands:
        raise NotFound(f"no device {device_id}")
    return device
