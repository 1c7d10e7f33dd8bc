"""Ways into the product: through HTTP into any of several processes, or straight into the app.

Who comes through a door is patient: a request that is not answered, or answered with
`try_again`, is sent again as it was, as phones do.
"""

import http.client
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count

from house import Answer

from app import app
from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import places
from local.gateway import Gateway
from local.rest import Request

PATIENCE_SECONDS = 60.0
INSIDE = 16  # requests in one process at a time; more only wait for each other's time-outs
_TIMEOUT_SECONDS = 15.0

Send = Callable[[Request], Answer]


class Silence(Exception):
    """Nobody answered this time."""


class Door:
    """One way in, for any number of people at once. It fits where tests/house.py takes a house."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonces = count(1)
        self._lock = threading.Lock()
        self.repeats = 0

    @property
    def at(self) -> datetime:
        return datetime.now(UTC)

    def nonce(self) -> str:
        """Return a nonce that no one had before."""
        return f"{id(self):x}-{next(self._nonces):06}"

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send a request, again and again until it is answered for good."""
        lower = tuple((name.lower(), value) for name, value in (headers or {}).items())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._send(Request(method, path, lower, body))
            except Silence:
                assert time.monotonic() < deadline, f"nobody answers {method} {path}"
            else:
                assert answer.status != 500, f"{method} {path} is a 500: {answer.text}"
                if answer.reason != "try_again" or time.monotonic() > deadline:
                    return answer
            with self._lock:
                self.repeats += 1
            time.sleep(random.uniform(0.05, 0.3))  # noqa: S311 - jitter

    def enrolment_code(self, popup_id: str, profile: Profile = Profile.STEWARD) -> str:
        """Make a one-time code for a stand."""
        published, _ = context.catalog.popup(popup_id)
        return enrolling.invite(
            devices,
            campaign_id=published.campaign.campaign_id,
            popup_id=popup_id,
            profile=profile,
            expires_at=context.real_now() + ENROLMENT_LIFE,
            entropy=context.entropy(enrolling.CODE_BYTES),
        )


def straight() -> Send:
    """Return the way into the app in this process, one thread a request."""
    gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built")
    room = threading.BoundedSemaphore(INSIDE)

    def send(request: Request) -> Answer:
        with room:
            got = gateway.answer(request)
        return _answer(got.status, got.headers, got.body)

    return send


def over_http(ports: Sequence[int]) -> Send:
    """Return the way through HTTP, each request to the next of these ports."""
    turn = count()
    room = threading.BoundedSemaphore(INSIDE * len(ports))

    def send(request: Request) -> Answer:
        with room:
            return ask(request)

    def ask(request: Request) -> Answer:
        port = ports[next(turn) % len(ports)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(request.method, request.target, request.body, dict(request.headers))
            got = connection.getresponse()
            return _answer(got.status, got.getheaders(), got.read())
        except (OSError, http.client.HTTPException) as error:
            raise Silence from error
        finally:
            connection.close()

    return send


def _answer(status: int, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
    return Answer(
        status=status,
        headers={name.lower(): value for name, value in headers},
        set_cookies=tuple(value for name, value in headers if name.lower() == "set-cookie"),
        body=body,
    )
