"""Personas and clock: who may press what, and what it does to a page."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.clock import ShiftedClock
from local.gateway import Answer
from local.rest import Headers, Request
from local.strip import ONE_MINUTE_BEFORE_REVEAL, Strip

HOST = ("host", "localhost:8000")
OURS: Headers = (HOST, ("sec-fetch-site", "same-origin"))
PAGE = Answer(200, (("Content-Type", "text/html; charset=utf-8"),), b"<body><p>Hello</p></body>")
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def strip() -> Strip:
    return Strip(
        clock=ShiftedClock(real=lambda: NOW),
        enrol=lambda stand, profile: f"CODE-OF-{stand}-{profile}",
        sign_in=lambda role, _: Answer(303, (("Location", f"/signed-in-as-{role}"),)),
        stand_at=lambda now: "istanbul-2019" if now.year == 2019 else "istanbul",
        stands={"istanbul", "istanbul-2019", "rome"},
        hosts={"localhost", "127.0.0.1"},
        state=lambda: {"waiting": 0},
    )


def _press(strip: Strip, path: str, form: str, headers: Headers = OURS) -> Answer:
    return strip.answer(Request("POST", f"/_local/{path}", headers, form.encode()))


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ("-1h", NOW - timedelta(hours=1)),
        ("%2B1h", NOW + timedelta(hours=1)),
        ("reveal", ONE_MINUTE_BEFORE_REVEAL),
        ("noon", datetime(2019, 11, 11, 9, 0, tzinfo=UTC)),
        ("now", NOW),
    ],
)
def test_each_button_turns_the_clock_and_leads_back(
    strip: Strip, button: str, shown: datetime
) -> None:
    answer = _press(strip, "clock", f"to={button}&back=%2Fp%2Frome%3Fs%3Da")
    assert (answer.status, answer.header("location")) == (303, "/p/rome?s=a")
    assert strip.clock.now() == shown


@pytest.mark.parametrize(
    ("button", "back", "leads_to"),
    [
        ("reveal", "/p/istanbul?s=a", "/p/istanbul-2019"),
        ("now", "/p/istanbul-2019", "/p/istanbul"),
        ("%2B1h", "/p/istanbul?s=a", "/p/istanbul?s=a"),
        ("reveal", "/live", "/live"),
    ],
)
def test_a_jump_to_another_year_leads_to_the_same_city_there(
    strip: Strip, button: str, back: str, leads_to: str
) -> None:
    answer = _press(strip, "clock", f"to={button}&back={back.replace('?', '%3F')}")
    assert answer.header("location") == leads_to


@pytest.mark.parametrize(
    "back", ["https://elsewhere", "//elsewhere", "/\\elsewhere", "", "/a\r\nX: y", "elsewhere"]
)
def test_it_never_leads_to_another_site(strip: Strip, back: str) -> None:
    form = "to=now&back=" + back.replace("\r\n", "%0D%0A")
    assert _press(strip, "clock", form).header("location") == "/"


@pytest.mark.parametrize(
    "headers",
    [
        (HOST, ("sec-fetch-site", "cross-site")),
        (HOST, ("sec-fetch-site", "same-site"), ("origin", "http://localhost:8000")),
        (HOST, ("origin", "http://elsewhere")),
        (HOST, ("origin", "null")),
        (HOST,),
        (("host", "rebound.example:8000"), ("sec-fetch-site", "same-origin")),
        (),
    ],
)
@pytest.mark.parametrize("path", ["clock", "persona"])
def test_other_sites_press_nothing(strip: Strip, headers: Headers, path: str) -> None:
    assert _press(strip, path, "to=reveal", headers).status == 403
    assert strip.clock.now() == NOW


def test_an_older_browser_shows_where_it_comes_from(strip: Strip) -> None:
    headers = (HOST, ("origin", "http://localhost:8000"))
    assert _press(strip, "clock", "to=%2B1h", headers).status == 303


@pytest.mark.parametrize(
    ("persona", "leads_to"),
    [
        ("visitor", "/p/istanbul"),
        ("steward", "/staff/#enrol=CODE-OF-istanbul-steward"),
        ("screen", "/screen/istanbul#enrol=CODE-OF-istanbul-screen"),
        ("shop", "/_local/shop"),
        ("live", "/live"),
    ],
)
def test_a_persona_is_one_tap_and_signed_in(strip: Strip, persona: str, leads_to: str) -> None:
    answer = _press(strip, "persona", f"to={persona}")
    assert (answer.status, answer.header("location")) == (303, leads_to)
    assert answer.header("cache-control") == "no-store"


def test_a_steward_serves_the_stand_last_looked_at(strip: Strip) -> None:
    shown = strip.inject(Request("GET", "/p/rome"), PAGE)
    assert shown.header("set-cookie") == "local_stand=rome; Path=/; SameSite=Lax"
    headers = (*OURS, ("cookie", "a=b; local_stand=rome"))
    assert _press(strip, "persona", "to=steward", headers).header("location") == (
        "/staff/#enrol=CODE-OF-rome-steward"
    )


@pytest.mark.parametrize("seen", ["nowhere", "istanbul-2019", '"'])
def test_but_never_one_of_another_year_or_of_no_city(strip: Strip, seen: str) -> None:
    headers = (*OURS, ("cookie", f"local_stand={seen}"))
    location = _press(strip, "persona", "to=steward", headers).header("location")
    assert location == "/staff/#enrol=CODE-OF-istanbul-steward"


def test_unknown_buttons_paths_and_methods_change_nothing(strip: Strip) -> None:
    assert _press(strip, "clock", "to=tomorrow").status == 422
    assert _press(strip, "persona", "to=king").status == 422
    assert _press(strip, "persona", "\udcff".encode("utf-8", "surrogatepass").hex()).status == 422
    assert _press(strip, "elsewhere", "to=now").status == 404
    assert strip.answer(Request("GET", "/_local/persona", OURS)).status == 404
    assert strip.answer(Request("GET", "/_local/../engine.py", OURS)).status == 404


def test_it_serves_its_own_files_and_the_state(strip: Strip) -> None:
    for name, kind in (("strip.css", "text/css"), ("strip.js", "text/javascript")):
        answer = strip.answer(Request("GET", f"/_local/{name}"))
        assert (answer.header("content-type") or "").startswith(kind)
        assert answer.body
    state = json.loads(strip.answer(Request("GET", "/_local/state")).body)
    assert state == {"now": NOW.isoformat(), "waiting": 0}


def test_a_page_gets_the_strip_before_its_end(strip: Strip) -> None:
    body = strip.inject(Request("GET", '/c/x?a="><script>'), PAGE).body.decode()
    assert body.startswith("<body><p>Hello</p><link")
    assert body.endswith("</script></body>")
    assert "01 May 2026 12:00" in body  # in Istanbul
    assert '"><script>' not in body
    assert "style=" not in body
    assert "onclick" not in body


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, (("Content-Type", "application/json"),), b'"</body>"'),
        Answer(200, (("Content-Type", "text/html"),), b"<p>a fragment"),
        Answer(303, (("Location", "/"),)),
        Answer(200, (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), b"</body>"),
    ],
)
def test_what_is_no_page_stays_as_it_is(strip: Strip, answer: Answer) -> None:
    assert strip.inject(Request("GET", "/p/rome"), answer) == answer


def test_the_sample_shop_answers_below_its_path_and_shows_the_strip(strip: Strip) -> None:
    def shop(request: Request) -> Answer:
        body = f"<body>{request.path}</body>".encode()
        return Answer(200, (("Content-Type", "text/html"),), body)

    open_shop = replace(strip, shop=shop)
    page = open_shop.answer(Request("GET", "/_local/shop/orders/1", OURS))
    assert b"/_local/shop/orders/1" in page.body
    assert b'id="local-strip"' in page.body
    elsewhere = Request("POST", "/_local/shop/orders", (("host", "evil.example"),))
    assert open_shop.answer(elsewhere).status == 403
    assert open_shop.answer(Request("GET", "/_local/shopping", OURS)).status == 404
    assert strip.answer(Request("GET", "/_local/shop", OURS)).status == 404
    assert b".deeds" in strip.answer(Request("GET", "/_local/shop.css", OURS)).body
