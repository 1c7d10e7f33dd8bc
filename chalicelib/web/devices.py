"""Phones become devices of a stand, and stay so."""

import base64

import msgspec
from chalice import Response

from chalicelib import signing
from chalicelib.domain import device as rules
from chalicelib.domain.device import TOKEN_LIFE, Device, DeviceToken, Profile
from chalicelib.domain.guessing import Guess
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web import answers, guard, journal, session
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


@api.route("/api/v1/devices/self/manifest", methods=["GET"])
def get_manifest() -> Response | Refusal:
    """Return what a device needs to go on: its stand as it stands, and a fresh token."""
    device = session.device(api)
    if isinstance(device, Refusal):
        return device
    published, popup = context.catalog.popup(device.popup_id)
    token, not_after = _token(device.device_id, device.popup_id, device.profile)
    return answer(
        answers.Manifest(
            device_id=device.device_id,
            device_token=token,
            not_after=not_after,
            campaign_id=published.campaign.campaign_id,
            popup_id=popup.popup_id,
            city=popup.city,
            time_zone=popup.time_zone,
            currency=popup.currency,
            profile=device.profile,
            revision=published.revision,
            epoch=published.epoch,
            keys=_keys(published),
        )
    )


def _keys(published: Published) -> list[answers.PublicKey]:
    """Return the public keys of a campaign, the newest first."""
    return [
        answers.PublicKey(
            key_id=key.key_id,
            x=base64.urlsafe_b64encode(bytes(key.public)).decode().rstrip("="),
            not_before=rfc3339(key.not_before),
            not_after=rfc3339(key.not_after) if key.not_after else None,
            withdrawn=key.key_id in published.live.withdrawn_keys,
        )
        for key in context.secrets.keys_of(published.campaign.number)
    ]


def _document(device: Device) -> answers.Device:
    token, _ = _token(device.device_id, device.popup_id, device.profile)
    return answers.Device(
        device_id=device.device_id,
        device_token=token,
        popup_id=device.popup_id,
        profile=device.profile,
    )


def _token(device_id: str, popup_id: str, profile: Profile) -> tuple[str, str]:
    expires_at = context.real_now() + TOKEN_LIFE
    token = DeviceToken(
        device_id=device_id, popup_id=popup_id, profile=profile, expires_at=expires_at
    )
    return signing.device_token(context.secrets, token), rfc3339(expires_at)
