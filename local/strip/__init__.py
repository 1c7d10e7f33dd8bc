"""The persona strip: who you are and what time it is, one tap each. It exists on a laptop only.

Pages get one more element before `</body>`: no inline script or style, so the pages' strict
content security policy stays as it is in AWS. Changes come as form posts from our own pages.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from chalicelib.domain.device import Profile
from chalicelib.domain.member import Role
from local.clock import ShiftedClock
from local.gateway import Answer, problem
from local.mailbox import Mailbox
from local.rest import Request

ISTANBUL = ZoneInfo("Europe/Istanbul")
ONE_MINUTE_BEFORE_REVEAL = datetime(2019, 10, 27, 20, 59, tzinfo=UTC)
NOON_OF_THE_DAY = datetime(2019, 11, 11, 12, 0, tzinfo=ISTANBUL)

CLOCK_BUTTONS = (
    ("-1h", "−1 h", "One hour back"),
    ("+1h", "+1 h", "One hour on"),
    ("reveal", "1 min to reveal", "One minute before Istanbul's reveal in 2019"),
    ("noon", "11 Nov 12:00", "11 November 2019, noon in Istanbul"),
    ("now", "now", "Back to the real time"),
)
_FILES = {
    "strip.css": "text/css; charset=utf-8",
    "strip.js": "text/javascript; charset=utf-8",
    "shop.css": "text/css; charset=utf-8",
}
_HERE = Path(__file__).parent
_PERSONAS = (("visitor", "Visitor"), ("steward", "Steward"), ("shop", "Shop"), ("live", "Live"))
_STAND = re.compile(r"^/(?:p|screen)/([a-z0-9-]+)/?$")
_COOKIE = "local_stand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What the strip may do. `enrol` makes a one-time code; `state` is for `make status`.

    `shop` answers for the sample shop.
    """

    clock: ShiftedClock
    enrol: Callable[[str, Profile], str]
    sign_in: Callable[[str, Request], Answer]
    stand_at: Callable[[datetime], str]
    stands: Collection[str]
    hosts: Collection[str]
    state: Callable[[], Mapping[str, object]] = dict
    mailbox: Mailbox = field(default_factory=Mailbox)
    shop: Callable[[Request], Answer] | None = None

    def answer(self, request: Request) -> Answer:
        """Answer a request below `/_local/`."""
        name = request.path.removeprefix("/_local/")
        reads = request.method in {"GET", "HEAD"}
        shown = self._shown(name) if reads else None
        if shown is not None:
            return shown
        shop = self.shop if name == "shop" or name.startswith("shop/") else None
        if shop is None and (request.method != "POST" or name not in {"clock", "persona"}):
            return problem(404, "not_found", "There is nothing here.")
        if not reads and not self._ours(request):
            return problem(403, "not_allowed", "Only Marquee's own pages may press this.")
        return self.inject(request, shop(request)) if shop else self._pressed(name, request)

    def _pressed(self, name: str, request: Request) -> Answer:
        """Turn the clock or become somebody else."""
        form = {k: v[-1] for k, v in parse_qs(request.body.decode("utf-8", "replace")).items()}
        if name == "clock":
            return self._turn(form.get("to", ""), _back(form.get("back", "")))
        return self._become(form.get("to", ""), request)

    def _shown(self, name: str) -> Answer | None:
        if name == "mail":
            return self.mailbox.page()
        if name == "state":
            return _json({"now": self.clock.now().isoformat(), **self.state()})
        return _file(name) if name in _FILES else None

    def inject(self, request: Request, answer: Answer) -> Answer:
        """Add the strip to a page, and remember the stand that the page shows."""
        html = (answer.header("content-type") or "").startswith("text/html")
        at = answer.body.rfind(b"</body>")
        if not html or at < 0 or answer.header("content-encoding"):
            return answer
        part = self._html(request).encode()
        answer = replace(answer, body=answer.body[:at] + part + answer.body[at:])
        shown = _STAND.match(request.path)
        if shown is None or shown[1] not in self.stands:
            return answer
        return answer.with_headers(("Set-Cookie", f"{_COOKIE}={shown[1]}; Path=/; SameSite=Lax"))

    def _turn(self, to: str, back: str) -> Answer:
        turns: dict[str, Callable[[], None]] = {
            "-1h": lambda: self.clock.move(timedelta(hours=-1)),
            "+1h": lambda: self.clock.move(timedelta(hours=1)),
            "reveal": lambda: self.clock.set(ONE_MINUTE_BEFORE_REVEAL),
            "noon": lambda: self.clock.set(NOON_OF_THE_DAY),
            "now": self.clock.reset,
        }
        if to not in turns:
            return problem(422, "invalid_payload", "The clock has no such button.")
        turns[to]()
        return _see_other(self._of_the_year(back))

    def _of_the_year(self, path: str) -> str:
        """Return the page of the same city in the festival that the clock is in now."""
        shown = _STAND.match(path.partition("?")[0])
        if shown is None or shown[1] not in self.stands:
            return path
        then = "-2019" if self.stand_at(self.clock.now()).endswith("-2019") else ""
        stand = shown[1].removesuffix("-2019") + then
        return path if stand == shown[1] or stand not in self.stands else f"/p/{stand}"

    def _become(self, to: str, request: Request) -> Answer:
        if to in set(Role):
            return self.sign_in(to, request)
        stand = self._stand(request)
        if to == "steward":
            return _see_other(f"/staff/#enrol={self.enrol(stand, Profile.STEWARD)}")
        if to == "screen":
            return _see_other(f"/screen/{stand}#enrol={self.enrol(stand, Profile.SCREEN)}")
        pages = {"visitor": f"/p/{stand}", "live": "/live", "shop": "/_local/shop"}
        if to not in pages:
            return problem(422, "invalid_payload", "There is no such persona.")
        return _see_other(pages[to])

    def _stand(self, request: Request) -> str:
        """Return the stand last looked at, if it belongs to the year of the clock."""
        usual = self.stand_at(self.clock.now())
        seen = _cookie(request)
        same_year = seen.endswith("-2019") == usual.endswith("-2019")
        return seen if seen in self.stands and same_year else usual

    def _ours(self, request: Request) -> bool:
        """Say whether a page of ours sent this form; other sites must not turn the clock."""
        host = request.header("host") or ""
        if host.rpartition(":")[0] not in self.hosts and host not in self.hosts:
            return False
        site = request.header("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        return request.header("origin") == f"{request.scheme}://{host}"

    def _html(self, request: Request) -> str:
        now, back = self.clock.now(), escape(request.target)
        personas = "".join(
            f'<button name="to" value="{key}">{label}</button>' for key, label in _PERSONAS
        )
        roles = "".join(
            f'<button name="to" value="{role}">{role.capitalize()}</button>' for role in Role
        )
        buttons = "".join(
            f'<button name="to" value="{key}" title="{title}">{label}</button>'
            for key, label, title in CLOCK_BUTTONS
        )
        shown = now.astimezone(ISTANBUL)
        return (
            '<link rel="stylesheet" href="/_local/strip.css">'
            '<aside id="local-strip" aria-label="This laptop: personas and clock"'
            ' lang="en" dir="ltr">'
            '<form method="post" action="/_local/persona" aria-label="Become">'
            f"{personas}</form>"
            '<details><summary><span class="local-word">Clock</span>'
            f' <time id="local-clock" datetime="{now.isoformat()}">{shown:%d %b %Y %H:%M}</time>'
            "</summary>"
            '<form method="post" action="/_local/clock" aria-label="Set the clock">'
            f'<input type="hidden" name="back" value="{back}">{buttons}</form>'
            '<form method="post" action="/_local/persona" aria-label="Sign in to the console">'
            f"<span>Console as</span>{roles}</form>"
            '<form method="post" action="/_local/persona" aria-label="Be the stand\'s screen">'
            '<span>At the stand</span><button name="to" value="screen">Screen</button></form>'
            "<p>Time in Istanbul. Only this laptop has this strip.</p></details></aside>"
            '<script src="/_local/strip.js" type="module"></script>'
        )


def _cookie(request: Request) -> str:
    try:
        found = SimpleCookie(request.header("cookie") or "").get(_COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _back(path: str) -> str:
    """Return a path of this site; anything else leads to the first page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours and path.isascii() else "/"


def _see_other(location: str) -> Answer:
    return Answer(303, (("Location", location), ("Cache-Control", "no-store")))


def _file(name: str) -> Answer:
    headers = (
        ("Content-Type", _FILES[name]),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    )
    place = _HERE.parent / "shop" if name == "shop.css" else _HERE
    return Answer(200, headers, (place / name).read_bytes())


def _json(document: object) -> Answer:
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Answer(200, headers, json.dumps(document).encode())
