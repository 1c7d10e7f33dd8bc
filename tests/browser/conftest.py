"""One house that is lived in, on free ports, and one Chromium, for all browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from street import Street

from local import album, demo, ground
from local.demo import Demo
from local.house import Plan, opened


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, chrome: Browser) -> Iterator[Street]:
    """Open the house, play the demo once, and leave everything as the demo left it."""
    ground.keep_home()
    directory = tmp_path_factory.mktemp("house")
    plan = Plan(log=directory / "log", sample=True)
    with opened(plan) as house:
        played = Demo(house, chrome, album.Album(directory / "pictures"))
        starts_at = house.world.clock.now()
        played.play()
        house.world.clock.set(starts_at)
        played.album.animate(directory / "pictures" / demo.ANIMATION)
        yield Street(house, chrome, played, played.voucher_path)
