"""What holds for every test: no network but this machine, one odd time zone, no credentials."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from rigs.effort import EFFORT, USUAL_SEED, Effort

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

# Pages make many small objects that soon go; the usual thresholds would look for them all the time.
gc.set_threshold(50_000, 20, 100)

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make prove` ask for more of the rigs, and for the same again."""
    group = parser.getgroup("rigs", "tests/rigs")
    group.addoption("--prove", type=float, metavar="MINUTES", help="go on for about so long")
    group.addoption("--seed", type=int, help="of every random choice; `make prove` prints its own")


def pytest_configure(config: pytest.Config) -> None:
    """Settle the effort of this run, and say the seed where it is not the usual one."""
    minutes, seed = config.getoption("--prove"), config.getoption("--seed")
    if minutes is None:
        config.stash[EFFORT] = Effort(seed=USUAL_SEED if seed is None else seed)
        return
    chosen = int.from_bytes(os.urandom(2)) if seed is None else seed
    config.stash[EFFORT] = Effort(seed=chosen, minutes=minutes)
    sys.stderr.write(f"The seed is {chosen}: SEED={chosen} makes the same choices again.\n")


# What takes long to open is opened once: all that use it go to one worker.
_SHARED = ("package", "rig")
# Both workers should end together, so what takes longest begins first. What is missing here only
# waits for its turn. The rig stays open to the end, so it comes late.
_LONGEST = (
    "tests/browser/test_street.py",
    "tests/web/test_document_holds.py",
    "tests/browser/",
    "package",
    "tests/rigs/",
    "tests/local/",
    "tests/web/test_console_",
    "rig",
)


@pytest.hookimpl(tryfirst=True)  # before xdist's own, which reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each file to one worker, with what it shares, and the longest first.

    The keys to both are xdist's `--dist=loadgroup` and `--no-loadscope-reorder`.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_turn)


def _group(item: pytest.Item) -> str:
    fixtures = getattr(item, "fixturenames", ())
    file = item.nodeid.partition("::")[0]
    return next((name for name in _SHARED if name in fixtures), file)


def _turn(item: pytest.Item) -> int:
    group = _group(item)
    turns = (turn for turn, name in enumerate(_LONGEST) if group.startswith(name))
    return next(turns, len(_LONGEST))


@pytest.fixture(scope="session")
def effort(pytestconfig: pytest.Config) -> Effort:
    """Return how much the rigs do in this run, and the seed of it."""
    return pytestconfig.stash[EFFORT]


@pytest.fixture(scope="session")
def _furnished() -> "Iterator[House]":
    from house import opened  # the app and its tables take a second; unit tests do without

    with opened() as house:
        yield house


@pytest.fixture
def house(_furnished: "House") -> "House":
    """Return the product in process, as freshly seeded: tables, both campaigns, a clock to set."""
    _furnished.restore()
    return _furnished


@pytest.fixture(scope="session")
def chrome() -> "Iterator[Browser]":
    """Return the system's Chromium, one for all tests: each opens contexts of its own.

    What is awaited gets time enough on a busy machine, too; what is there is not waited for.
    """
    from playwright.sync_api import expect

    from local import demo

    expect.set_options(timeout=15_000)
    with demo.browser(headed=False) as opened:
        yield opened
