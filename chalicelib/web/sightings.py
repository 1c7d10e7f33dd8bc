"""When a stand's devices were last heard of."""

from contextlib import suppress

from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.live import Published
from chalicelib.store import devices
from chalicelib.web.context import context


def note(device: DeviceToken, published: Published, *, waiting: int | None) -> None:
    """Keep that a device asked, and how many entries it says wait in it.

    Its answer does not hang on this: while the table is busy, a device goes on unseen.
    """
    campaign_id, at = published.campaign.campaign_id, context.real_now()
    with suppress(TryAgain):
        devices.saw(campaign_id, device.popup_id, device.device_id, at=at, waiting=waiting)
