"""Phones become devices of a stand, and stay so."""

import msgspec
from chalice import Response

from chalicelib import signing
from chalicelib.domain import device as rules
from chalicelib.domain.device import TOKEN_LIFE, Device, DeviceToken, Profile
from chalicelib.domain.guessing import Guess
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web import answers, guard, journal
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import DeviceRequest

api = Routes(__name__)


@api.route("/api/v1/devices", methods=["POST"])
def post_device() -> Response | Refusal:
    """201 and a token; the same code and key again: the same device."""
    body = api.body(DeviceRequest)
    key: dict[str, str] = msgspec.to_builtins(body.public_key)
    applicant = enrolling.Applicant(
        enrolment_code=body.enrolment_code.upper(),
        name=body.name,
        public_key=msgspec.json.encode(key, order="sorted").decode(),
        thumbprint=rules.thumbprint(key),
        at=context.real_now(),
    )
    stopped = guard.stopped(Guess.ENROLMENT, api.network()) or guard.stopped(
        Guess.ENROLMENT_ANYWHERE, guard.EVERYWHERE
    )
    if stopped is not None:
        return stopped
    device = enrolling.enrol(devices, applicant)
    if isinstance(device, Refusal):
        guard.wrong(Guess.ENROLMENT, api.network())
        guard.wrong(Guess.ENROLMENT_ANYWHERE, guard.EVERYWHERE)
        return device
    journal.event("enrolled", popup_id=device.popup_id, profile=device.profile)
    return answer(_document(device), 201)


def _document(device: Device) -> answers.Device:
    token, _ = fresh_token(device.device_id, device.popup_id, device.profile)
    return answers.Device(
        device_id=device.device_id,
        device_token=token,
        popup_id=device.popup_id,
        profile=device.profile,
    )


def fresh_token(device_id: str, popup_id: str, profile: Profile) -> tuple[str, str]:
    """Return a device's new bearer token, and when it ends."""
    expires_at = context.real_now() + TOKEN_LIFE
    token = DeviceToken(
        device_id=device_id, popup_id=popup_id, profile=profile, expires_at=expires_at
    )
    return signing.device_token(context.secrets, token), rfc3339(expires_at)
