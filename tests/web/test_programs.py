"""Programs of the marketing team set up, check, publish and go back, by key, as people do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from colleague import colleague
from house import Answer, House, Marketing

from chalicelib.domain import exchange
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role
from chalicelib.web import openapi
from chalicelib.web.operations import ZIP

HOME = "/api/v1/campaigns/festival-now"


@pytest.fixture
def press(house: House) -> Marketing:
    return house.marketing()


def send(press: Marketing, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Send bytes with the program's key."""
    sent = {"authorization": f"Bearer {press.key}", "content-type": ZIP, "accept": ZIP}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return press.house.ask(method, f"{HOME}/{path}", headers=sent, body=body)


def renamed(whole: Campaign, city: str = "Roma") -> Campaign:
    """Return the campaign with another name for Rome."""
    popups = tuple(replace(p, city=city) if p.popup_id == "rome" else p for p in whole.popups)
    return replace(whole, popups=popups)


def zipped(whole: Campaign) -> bytes:
    return exchange.export(whole)


def city(document: Any) -> str:
    (found,) = (popup["city"] for popup in document["popups"] if popup["popup_id"] == "rome")
    return str(found)


# --- drafts -------------------------------------------------------------------------------------
def test_the_draft_goes_out_and_in_unchanged(press: Marketing) -> None:
    read = send(press, "GET", "draft")
    assert (read.status, read.headers["etag"]) == (200, '"1"')
    assert read.headers["content-type"] == ZIP
    saved = send(press, "PUT", "draft", read.body, if_match='"1"')
    assert saved.status == 200
    assert saved.json["changes"] == []
    assert (saved.json["draft_version"], saved.headers["etag"]) == (1, '"1"')
    assert send(press, "GET", "draft").body == read.body


def test_what_was_saved_meanwhile_is_not_overwritten(house: House, press: Marketing) -> None:
    body = zipped(renamed(house.campaign()))
    first = send(press, "PUT", "draft", body, if_match='"1"')
    assert first.json["changes"] == [
        {"subject": "Stand rome", "field": "city", "before": "Rome", "after": "Roma"}
    ]
    assert send(press, "PUT", "draft", body, if_match='"1"').reason == "edited_meanwhile"
    other = zipped(renamed(house.campaign(), "Rom"))
    assert send(press, "PUT", "draft", other, if_match='"1"').status == 412
    assert send(press, "PUT", "draft", other, if_match='"2"').json["draft_version"] == 3


@pytest.mark.parametrize("header", [{}, {"if_match": "1"}, {"if_match": 'W/"1"'}])
def test_without_the_version_that_was_read_nothing_is_saved(
    house: House, press: Marketing, header: dict[str, str]
) -> None:
    refused = send(press, "PUT", "draft", zipped(house.campaign()), **header)
    assert refused.reason == "invalid_payload"
    assert send(press, "GET", "draft").headers["etag"] == '"1"'


def test_a_zip_that_cannot_be_read_is_told_by_file_line_and_column(
    house: House, press: Marketing
) -> None:
    nothing = send(press, "PUT", "draft", b"no zip", if_match='"1"')
    assert nothing.json["errors"][0]["pointer"] == "/the zip/1/-"
    body = zipped(replace(house.campaign(), languages=()))
    broken = body.replace(b"campaign.csv", b"campaigm.csv")
    refused = send(press, "PUT", "draft", broken, if_match='"1"')
    assert (refused.status, refused.reason) == (422, "invalid_payload")
    assert "campaigm.csv" in refused.json["errors"][0]["message"]


def test_a_dry_run_says_everything_and_saves_nothing(house: House, press: Marketing) -> None:
    body = zipped(renamed(house.campaign()))
    tried = send(press, "POST", "import?dry_run=true", body)
    assert [one["after"] for one in tried.json["changes"]] == ["Roma"]
    assert (tried.json["draft_version"], tried.json["blocks"]) == (1, [])
    assert send(press, "GET", "draft").headers["etag"] == '"1"'
    done = send(press, "POST", "import", body)
    assert done.json == tried.json | {"draft_version": 2}
    assert send(press, "POST", "import?dry_run=maybe", body).status == 422


def test_what_blocks_a_publish_is_told_when_it_is_saved(house: House, press: Marketing) -> None:
    whole = house.campaign()
    broken = replace(whole, offers=whole.offers[1:])  # what was published is closed, never gone
    saved = send(press, "POST", "import", zipped(broken))
    assert saved.status == 200
    assert saved.json["blocks"]
    refused = press.ask("POST", "publish", {"draft_version": 2})
    assert refused.reason == "invalid_payload"
    told = [(one["pointer"], one["message"]) for one in saved.json["blocks"]]
    assert [(one["pointer"], one["message"]) for one in refused.json["errors"]] == told


# --- publish and back -----------------------------------------------------------------------------
def test_a_program_publishes_and_goes_back_and_the_trail_names_its_key(
    house: House, press: Marketing
) -> None:
    send(press, "POST", "import", zipped(renamed(house.campaign())))
    assert press.ask("POST", "publish", {"draft_version": 7}).reason == "edited_meanwhile"
    done = press.ask("POST", "publish", {"draft_version": 2})
    assert done.json == {"campaign_id": "festival-now", "revision": 2, "epoch": 2}
    assert house.campaign().popup["rome"].city == "Roma"
    assert press.ask("GET", "revisions").json == {
        "items": [{"revision": 2, "live": True}, {"revision": 1, "live": False}],
        "next_cursor": None,
    }
    back = press.ask("POST", "rollback", {"revision": 1})
    assert back.json["epoch"] == 3
    assert house.campaign().popup["rome"].city == "Rome"
    assert press.ask("POST", "rollback", {"revision": 99}).status == 404
    page = colleague(house, Role.OWNER).page("/console/c/festival-now/trail")
    key_id = press.key.split("_")[1]
    assert page.count(f"(key {key_id})") == 7
    for action in ("imported", "publish", "published", "roll back", "rolled back"):
        assert action in page


def test_the_same_draft_published_again_is_the_same_revision(press: Marketing) -> None:
    released = press.ask("POST", "publish", {"draft_version": 1}).json
    assert (released["revision"], released["epoch"]) == (1, 2)
    assert press.ask("POST", "publish", {"draft_version": 0}).reason == "edited_meanwhile"


def test_a_limit_below_its_use_is_refused(house: House, press: Marketing) -> None:
    house.browser().claim("istanbul", "lantern-gift")
    house.browser().claim("istanbul", "lantern-gift")
    offers = tuple(
        replace(o, stock=replace(o.stock, units=1))
        if o.offer_id == "lantern-gift" and o.stock
        else o
        for o in house.campaign().offers
    )
    send(press, "POST", "import", zipped(replace(house.campaign(), offers=offers)))
    assert press.ask("POST", "publish", {"draft_version": 2}).reason == "limit_below_use"


# --- what is there --------------------------------------------------------------------------------
def test_the_list_has_the_campaign_of_the_key_alone(house: House, press: Marketing) -> None:
    headers = {"authorization": f"Bearer {press.key}"}
    found = house.ask("GET", "/api/v1/campaigns", headers=headers).json
    assert found["items"] == [
        {
            "campaign_id": "festival-now",
            "name": "The 11.11 festival",
            "phase": "live",
            "paused": False,
            "revision": 1,
            "draft_version": 1,
        }
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [("popups", "popup_id"), ("offers", "offer_id"), ("merchants", "merchant_id")],
)
def test_the_drafts_lines_are_listed_page_by_page(
    house: House, press: Marketing, name: str, key: str
) -> None:
    send(press, "POST", "import", zipped(renamed(house.campaign())))
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = press.ask("GET", f"{name}?limit=4&cursor={cursor}").json
        found += page["items"]
        cursor = page["next_cursor"]
        assert len(page["items"]) <= 4
    ids = [one[key] for one in found]
    assert ids == sorted(getattr(one, key) for one in getattr(house.campaign(), name))
    assert press.ask("GET", name).json == {"items": found, "next_cursor": None}
    if name == "popups":
        assert next(one["city"] for one in found if one[key] == "rome") == "Roma"


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "1e9", "99999"])
def test_a_page_has_one_to_a_hundred_lines(press: Marketing, limit: str) -> None:
    assert press.ask("GET", f"offers?limit={limit}").reason == "invalid_payload"


def test_a_revision_is_exported_by_its_number(house: House, press: Marketing) -> None:
    send(press, "POST", "import", zipped(renamed(house.campaign())))
    press.ask("POST", "publish", {"draft_version": 2})
    assert exchange.read(send(press, "GET", "export").body).campaign == house.campaign()
    first = exchange.read(send(press, "GET", "export?revision=1").body).campaign
    assert first is not None
    assert first.popup["rome"].city == "Rome"
    assert send(press, "GET", "export?revision=9").status == 404
    assert send(press, "GET", "export?revision=x").status == 422


def test_the_draft_is_previewed_at_any_instant(house: House, press: Marketing) -> None:
    send(press, "POST", "import", zipped(renamed(house.campaign())))
    now = press.ask("GET", "preview").json
    assert (city(now), now["phase"]) == ("Roma", "live")
    assert city(press.ask("GET", "preview?revision=1").json) == "Rome"
    before = (house.at - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sealed = press.ask("GET", f"preview?at={before}").json
    assert (sealed["phase"], sealed["offers"]) == ("scheduled", [])
    night = press.ask("GET", "preview?popup=rome&at=2026-05-20T03:00").json
    noon = press.ask("GET", "preview?popup=rome&at=2026-05-20T13:00").json
    assert [len(one["popups"]) for one in (night, noon)] == [1, 1]
    assert [one["popups"][0]["open_now"] for one in (night, noon)] == [False, True]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("at=noon", 422),
        ("at=2026-05-20T13:00", 422),
        ("at=9999-12-31T23:59:59Z", 422),
        ("popup=rome&at=2026-99-20", 422),
        ("popup=atlantis", 404),
        ("revision=-1", 422),
        ("revision=77", 404),
    ],
)
def test_a_preview_of_nothing_says_so(press: Marketing, query: str, status: int) -> None:
    assert press.ask("GET", f"preview?{query}").status == status


# --- whose it is ----------------------------------------------------------------------------------
ROUTES = [
    (method.upper(), path.removeprefix("/api/v1/campaigns/{campaign_id}"))
    for path, methods in openapi.document()["paths"].items()
    for method, told in methods.items()
    if path.startswith("/api/v1/campaigns") and told.get("security") == [{"marketer": []}]
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_key_reaches_another_campaign_and_no_shop_any(
    house: House, method: str, path: str
) -> None:
    whole = "/api/v1/campaigns" if path == "/api/v1/campaigns" else f"{HOME}{path}"
    whole = whole.replace("{batch}", "1")
    foreign = house.marketing("festival-2019")
    shop = {"authorization": f"Bearer {house.shop().key}"}
    assert house.ask(method, whole, headers=shop).status == 403
    assert house.ask(method, whole).status == 401
    if whole.startswith(HOME):
        headers = {"authorization": f"Bearer {foreign.key}"}
        assert house.ask(method, whole, headers=headers).status == 403


def test_a_zip_of_another_campaign_is_not_taken(house: House, press: Marketing) -> None:
    other = zipped(house.campaign("festival-2019"))
    assert send(press, "POST", "import", other).reason == "not_allowed"
    assert send(press, "PUT", "draft", other, if_match='"1"').reason == "not_allowed"


@pytest.mark.parametrize("zone", ["Europe/Istanbull", "Europe", "../../etc/passwd", ""])
def test_a_draft_with_a_zone_that_is_none_is_told_and_has_no_preview(
    house: House, press: Marketing, zone: str
) -> None:
    whole = house.campaign()
    popups = (replace(whole.popups[0], time_zone=zone), *whole.popups[1:])
    saved = send(press, "PUT", "draft", zipped(replace(whole, popups=popups)), if_match='"1"')
    assert saved.status == 200
    assert "/popups/0/time_zone" in {one["pointer"] for one in saved.json["blocks"]}
    popup = whole.popups[0].popup_id
    for query in ("", "?at=2026-05-20T12:00:00Z", f"?popup={popup}&at=2026-05-20T12:00"):
        assert send(press, "GET", f"preview{query}").status == 422
