"""What holds for every test: no network but this machine, one odd time zone, no credentials."""

import os
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from house import House
    from playwright.sync_api import Browser

# A quarter-hour zone that no stand has: a naive time shows at once.
ZONE = "Asia/Kathmandu"
NO_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-south-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
_CALLS = {"socket.connect", "socket.sendto"}

os.environ.update(NO_CREDENTIALS, TZ=ZONE)
time.tzset()

settings.register_profile("marquee", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("marquee")


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every address but this machine's own."""
    if event in _CALLS and not _is_here(arguments[1]):
        raise RuntimeError(f"a test wants the network: {arguments[1]}")


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0]).partition("%")[0]
    return host in {"", "localhost"} or ip_address(host).is_loopback


sys.addaudithook(_stay_here)


@pytest.fixture(scope="session")
def _furnished() -> "Iterator[House]":
    from house import opened  # the app and moto take a second, which unit tests do without

    with opened() as house:
        yield house


@pytest.fixture
def house(_furnished: "House") -> "House":
    """Return the product in process, as freshly seeded: tables, both campaigns, a clock to set."""
    _furnished.restore()
    return _furnished


@pytest.fixture(scope="session")
def chrome() -> "Iterator[Browser]":
    """Return the system's Chromium, one for all tests: each opens contexts of its own."""
    from local import demo

    with demo.browser(headed=False) as opened:
        yield opened
