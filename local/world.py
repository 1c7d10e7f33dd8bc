"""The composition of the local run: which engine, which clock, which stands, which addresses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from chalicelib.config import Settings
from chalicelib.domain import api_key
from chalicelib.domain.api_key import Role
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.store import api_keys, devices
from chalicelib.usecases import admitting, enrolling
from chalicelib.web import training
from local import sample_loader
from local.clock import ShiftedClock, real_now

HOME = "istanbul"  # the stand that a newcomer meets first
SHOP = "sample-shop"


@dataclass(frozen=True, kw_only=True)
class World:
    """What the local parts share. `sample` asks for the lived-in history."""

    engine_url: str
    base_url: str
    settings: Settings
    clock: ShiftedClock
    sample: bool = True

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        """The campaigns of the sample files, by id; festival-now lies around the clock's day.

        A clock in 2019 is for the reconstruction: festival-now then lies around the real day.
        """
        now = self.clock.now()
        in_2019 = self.campaign_at(now) == "festival-2019"
        loaded = sample_loader.load((real_now() if in_2019 else now).date())
        return {campaign.campaign_id: campaign for campaign in loaded}

    @cached_property
    def stands(self) -> dict[str, str]:
        """Which campaign each stand belongs to."""
        return {p.popup_id: c.campaign_id for c in self.campaigns.values() for p in c.popups}

    def campaign_at(self, now: datetime) -> str:
        """Return the campaign that a clock is in: the year 2019 belongs to the reconstruction."""
        return "festival-2019" if now.year <= 2019 else "festival-now"

    def stand_at(self, now: datetime) -> str:
        """Return the stand to show first at an instant."""
        return f"{HOME}-2019" if self.campaign_at(now) == "festival-2019" else HOME

    def enrol(
        self,
        popup_id: str,
        profile: Profile = Profile.STEWARD,
        *,
        expires_at: datetime | None = None,
    ) -> str:
        """Make a one-time code for a stand's device. Codes keep real time."""
        return enrolling.invite(
            devices,
            campaign_id=self.stands[popup_id],
            popup_id=popup_id,
            profile=profile,
            expires_at=expires_at or real_now() + ENROLMENT_LIFE,
            entropy=os.urandom(enrolling.CODE_BYTES),
        )

    def training(self, popup_id: str) -> list[str]:
        """Return the texts of a stand's practice codes."""
        campaign = self.campaigns[self.stands[popup_id]]
        return [code.url for code in training.codes(campaign, campaign.popup[popup_id])]

    def shop_key(self, campaign_id: str, *, expires_at: datetime, slug: str = SHOP) -> str:
        """Make the key of an online shop and return it; those of earlier runs end."""
        holder = api_key.holder_id(self.campaigns[campaign_id].number, slug)
        for key in api_keys.of_campaign(campaign_id):
            if key.holder_id == holder:
                api_keys.revoke(key, token=os.urandom(16).hex())
        applicant = admitting.Applicant(
            role=Role.SHOP,
            campaign_id=campaign_id,
            holder_id=holder,
            name="Sample shop",
            at=real_now(),
            expires_at=expires_at,
        )
        entropy = os.urandom(admitting.ENTROPY_BYTES)
        admitted = admitting.admit(api_keys, applicant, entropy=entropy)
        assert admitted is not None, "its earlier keys were revoked"
        return admitted[1]


@contextmanager
def open_house(directory: Path, **wishes: object) -> Iterator[World]:
    """Open everything on free ports for a test, with a log below the directory; close it after.

    Wishes are those of `Plan`: `open_house(tmp_path, at=…, sample=True, strip=False)`.
    """
    from local import house  # noqa: PLC0415 - the house imports this module

    with house.opened(house.Plan(log=directory, **wishes)) as opened:  # type: ignore[arg-type]
        yield opened.world
