"""A one-time code makes one device, for the phone that was first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import Devices
from made import NOW

from chalicelib.domain.device import Device, Profile
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.usecases import enrolling
from chalicelib.usecases.enrolling import Applicant

ENTROPY = bytes(range(16))


def invited(devices: Devices) -> str:
    return enrolling.invite(
        devices,
        campaign_id="festival",
        popup_id="istanbul",
        profile=Profile.STEWARD,
        expires_at=NOW + timedelta(minutes=15),
        entropy=ENTROPY,
    )


def applicant(code: str, **facts: object) -> Applicant:
    asked = Applicant(enrolment_code=code, name="Phone", public_key="{}", thumbprint="a", at=NOW)
    return replace(asked, **facts)  # type: ignore[arg-type]


def test_a_code_has_128_bits_and_only_its_hash_is_kept() -> None:
    devices = Devices()
    code = invited(devices)
    assert len(code) == 26
    assert code not in str(devices)


def test_a_code_makes_a_device_of_its_stand() -> None:
    devices = Devices()
    device = enrolling.enrol(devices, applicant(invited(devices)))
    assert isinstance(device, Device)
    assert (device.popup_id, device.profile) == ("istanbul", Profile.STEWARD)
    assert devices.devices[device.device_id] == (device, "{}")


def test_the_same_code_and_key_again_get_the_same_device_even_later() -> None:
    devices = Devices()
    code = invited(devices)
    first = enrolling.enrol(devices, applicant(code))
    again = enrolling.enrol(devices, applicant(code, at=NOW + timedelta(hours=9)))
    assert isinstance(first, Device)
    assert isinstance(again, Device)
    assert first.device_id == again.device_id
    assert len(devices.devices) == 1


def test_another_key_comes_too_late() -> None:
    devices = Devices()
    code = invited(devices)
    enrolling.enrol(devices, applicant(code))
    late = applicant(code, thumbprint="b")
    assert enrolling.enrol(devices, late) == Refusal(Reason.ENROLMENT_USED)


@pytest.mark.parametrize(("minutes", "made"), [(14.99, True), (15, False), (60, False)])
def test_a_code_lives_for_fifteen_minutes(minutes: float, made: bool) -> None:  # noqa: FBT001
    devices = Devices()
    asked = applicant(invited(devices), at=NOW + timedelta(minutes=minutes))
    outcome = enrolling.enrol(devices, asked)
    assert isinstance(outcome, Device) is made
    if not made:
        assert outcome == Refusal(Reason.ENROLMENT_EXPIRED)


def test_a_code_that_nobody_made_is_told_like_an_old_one() -> None:
    assert enrolling.enrol(Devices(), applicant("A" * 26)) == Refusal(Reason.ENROLMENT_EXPIRED)
