"""A phone becomes a stand's device, by a one-time code and a key of its own."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import device as rules
from chalicelib.domain.device import Device, Enrolment, Profile
from chalicelib.domain.reasons import Reason, Refusal

CODE_BYTES = 16  # 128 bits


class Devices(Protocol):
    """What enrolment needs of the access table; `chalicelib.store.devices` fits."""

    def put_enrolment(self, enrolment: Enrolment) -> None: ...

    def enrolment(self, code_hash: str) -> Enrolment | None: ...

    def enrol(
        self, enrolment: Enrolment, device: Device, public_key: str, *, token: str
    ) -> Reason | None:
        """Use up the code and make the device; None, or why not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a phone says of itself. `public_key` is a JWK; `thumbprint` its RFC 7638 name."""

    enrolment_code: str
    name: str
    public_key: str
    thumbprint: str
    at: datetime


def invite(
    devices: Devices,
    *,
    campaign_id: str,
    popup_id: str,
    profile: Profile,
    expires_at: datetime,
    entropy: bytes,
) -> str:
    """Make a one-time code for a stand and return it; only its hash is kept."""
    code = base64.b32encode(entropy[:CODE_BYTES]).decode().rstrip("=")
    devices.put_enrolment(
        Enrolment(
            code_hash=rules.code_hash(code),
            campaign_id=campaign_id,
            popup_id=popup_id,
            profile=profile,
            expires_at=expires_at,
        )
    )
    return code


def enrol(devices: Devices, applicant: Applicant) -> Device | Refusal:
    """Make the device of a code; the same code and key again get the same device."""
    enrolment = devices.enrolment(rules.code_hash(applicant.enrolment_code))
    if enrolment is None:
        return Refusal(Reason.ENROLMENT_EXPIRED)
    device = Device(
        device_id=rules.device_id_of(applicant.enrolment_code),
        campaign_id=enrolment.campaign_id,
        popup_id=enrolment.popup_id,
        profile=enrolment.profile,
        name=applicant.name,
        thumbprint=applicant.thumbprint,
        enrolled_at=applicant.at,
    )
    # Two that come in the same instant are two requests, not one that comes again.
    whole = f"{applicant.enrolment_code}|{applicant.thumbprint}|{applicant.name}|{applicant.at}"
    token = rules.code_hash(whole)[:36]
    refused = devices.enrol(enrolment, device, applicant.public_key, token=token)
    return Refusal(refused) if refused else device
