"""The sample shop's connection to the run: a key for each campaign, made when it is first used."""

from collections.abc import Callable
from datetime import timedelta

from clients.python.marquee_client import Shop, https
from local import ground
from local.clock import real_now
from local.world import World

SLUG = "sample-window"  # apart from the key that run.json names
KEY_LIFE = timedelta(days=30)


def opened(world: World) -> Callable[[], Shop]:
    """Return what connects to the campaign that the clock is in."""
    shops: dict[str, Shop] = {}

    def connect() -> Shop:
        campaign_id = world.campaign_at(world.clock.now())
        if campaign_id not in shops:
            key = world.shop_key(campaign_id, expires_at=real_now() + KEY_LIFE, slug=SLUG)
            trust = ground.unproved_tls() if world.base_url.startswith("https") else None
            shops[campaign_id] = Shop(world.base_url, key, send=https(trust))
        return shops[campaign_id]

    return connect
