"""The document says what the routes do: the same routes, the same shapes, the same reasons."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from handing import OfflinePhone
from house import Answer, House, Marketing

from app import app
from chalicelib.domain.device import Profile
from chalicelib.domain.reasons import Reason
from chalicelib.web import answers, openapi, problems, samples
from chalicelib.web.operations import OPERATIONS, Operation

DOCUMENTED = ("/api/", "/health")
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.method} {o.path}")


def registered() -> dict[tuple[str, str], str]:
    """Return the view's name for each method of each JSON route of the app."""
    return {
        (method, path): entry.view_function.__name__
        for path, methods in app.routes.items()
        for method, entry in methods.items()
        if path.startswith(DOCUMENTED)
    }


def test_every_json_route_is_in_the_table_and_the_other_way_round() -> None:
    assert {(o.method, o.path): o.view for o in OPERATIONS} == registered()


def test_every_reference_leads_somewhere() -> None:
    document = openapi.document()
    found = re.findall(r'"#/components/schemas/(\w+)"', msgspec.json.encode(document).decode())
    assert set(found) == set(document["components"]["schemas"])


def test_operation_ids_are_unique() -> None:
    ids = [operation.view for operation in OPERATIONS]
    assert len(ids) == len(set(ids))


@EACH
def test_each_example_is_what_its_own_shape_takes(operation: Operation) -> None:
    if operation.body is not None:
        body = msgspec.json.encode(operation.body)
        assert msgspec.json.decode(body, type=type(operation.body)) == operation.body
        assert body.decode() in samples.curl(operation)


@EACH
def test_each_path_parameter_is_described_and_has_an_example(operation: Operation) -> None:
    told = openapi.document()["paths"][operation.path][operation.method.lower()]
    named = {p["name"] for p in told.get("parameters", []) if p["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", operation.path))
    assert "{" not in samples.curl(operation).partition("-d '")[0]


@EACH
def test_refusals_stand_under_the_status_of_their_reasons(operation: Operation) -> None:
    told = openapi.document()["paths"][operation.path][operation.method.lower()]["responses"]
    for reason in openapi.reasons(operation):
        shown = told[str(problems.ROWS[reason].status)]["content"]["application/problem+json"]
        assert reason in shown["schema"]["allOf"][1]["properties"]["reason"]["enum"]


def test_the_route_serves_the_document_with_its_server(house: House) -> None:
    answer = house.ask("GET", "/api/v1/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "https://marquee.example"}]
    assert answer.json["paths"].keys() == {operation.path for operation in OPERATIONS}


# --- answers as they come have the shapes that the document shows ---------------------------------
def journey(house: House) -> Iterator[tuple[str, Answer]]:
    """Go through every operation; yield each view's name with what came back."""
    browser, phone = house.browser(), house.phone()
    yield "post_claim", browser.try_to_claim("istanbul", "coffee-pot-20")
    again = browser.try_to_claim("istanbul", "coffee-pot-20")
    yield "post_claim", again
    voucher = again.json
    yield "get_voucher", browser.get(f"/api/v1/vouchers/{voucher['code']}")
    yield "get_campaign", browser.get("/api/v1/campaigns/festival-now")
    yield "get_manifest", phone.manifest()
    for device in (phone, house.phone(profile=Profile.SCREEN)):
        path = "/api/v1/devices/self/presence"
        yield "get_presence", house.ask("GET", path, headers=device.headers)
    total = (125_000, "TRY")
    yield "post_redemption", phone.redeem(voucher["url"], total=total, simulate=True)
    used = phone.redeem(voucher["url"], "nonce-of-use", total=total)
    yield "post_redemption", used
    yield "post_redemption", phone.redeem(voucher["url"], "nonce-of-use", total=total)
    yield "post_redemption", phone.redeem(voucher["url"], total=total)
    wish = {"voucher": voucher["code"], "option": "locker"}
    yield "post_choice", browser.post("/api/v1/delivery/choices", wish)
    yield "post_options", browser.post("/api/v1/delivery/options", {"popup_id": "istanbul"})
    yield "get_method", browser.get("/api/v1/delivery/method")
    yield "post_reversal", phone.reverse(used.json["redemption_id"])
    yield from shopping(house)
    yield from losing_the_network(house)
    yield "get_live", browser.get("/api/v1/insights/live")
    yield "get_health", browser.get("/health")
    yield "get_deep_health", browser.get("/health/deep")
    yield "post_claim", browser.post("/api/v1/claims", {"offer": 1})
    press = house.marketing()
    yield from releasing(press)
    yield "post_mint", press.mint("lantern-gift", 2, idempotency_key="autumn")
    yield "post_mint", press.mint("lantern-gift", 2, idempotency_key="autumn")
    yield "post_mint", press.mint("lantern-gift", 5000)
    yield "get_mints", press.ask("GET", "mints")
    yield "get_codes", press.ask("GET", "mints/9/codes")
    yield "post_revocation", press.revoke(batch=1, first=1, last=1)
    yield "post_revocation", press.revoke(press.codes(1)[1]["code"])
    yield "post_revocation", press.revoke(press.codes(1)[1]["code"])


def releasing(press: Marketing) -> Iterator[tuple[str, Answer]]:
    """Go through what a program does with a campaign; zips are tried by themselves."""
    key = {"authorization": f"Bearer {press.key}"}
    yield "get_campaigns", press.house.ask("GET", "/api/v1/campaigns", headers=key)
    body = press.ask("GET", "draft").body
    path, sent = f"/api/v1/campaigns/{press.campaign_id}", key | {"content-type": "application/zip"}
    yield "post_import", press.house.ask("POST", f"{path}/import", headers=sent, body=body)
    for read in ('"1"', '"0"', "1"):
        headers = sent | {"if-match": read}
        yield "put_draft", press.house.ask("PUT", f"{path}/draft", headers=headers, body=body)
    for name in ("popups", "offers", "merchants"):
        yield f"get_{name}", press.ask("GET", f"{name}?limit=2")
        yield f"get_{name}", press.ask("GET", f"{name}?limit=0")
    yield "get_preview", press.ask("GET", "preview")
    yield "get_preview", press.ask("GET", "preview?at=noon")
    yield "get_export", press.ask("GET", "export?revision=99")
    for version in (1, 9):
        yield "post_publish", press.ask("POST", "publish", {"draft_version": version})
    yield "get_revisions", press.ask("GET", "revisions")
    for revision in (1, 9):
        yield "post_rollback", press.ask("POST", "rollback", {"revision": revision})


def losing_the_network(house: House) -> Iterator[tuple[str, Answer]]:
    """Go through what a device does that had no network, and what a supervisor decides."""
    url = house.browser().claim("istanbul", "lantern-gift")["url"]
    for phone in (OfflinePhone(house), OfflinePhone(house, "milan")):
        phone.accept(url)
        phone.accept("rubbish")
        yield "post_batch", phone.hand_in().answer
        yield "post_batch", phone.send_batch([phone.accept(url)], signature="A" * 86).answer
        phone.previous = "0" * 64
        yield "post_batch", phone.hand_in().answer
    for name, pin in (("Ayşe", None), ("Ayşe", "271828"), ("", None)):
        yield "post_shift", phone.begin_shift(name, pin)
    yield "delete_shift", phone.end_shift()
    boss = OfflinePhone(house, profile=Profile.SUPERVISOR)
    yield "get_conflicts", boss.ask("/api/v1/conflicts")
    yield "get_conflicts", phone.ask("/api/v1/conflicts")
    there = OfflinePhone(house, "milan", Profile.SUPERVISOR)
    (case,) = there.cases()
    yield "post_resolution", there.decide(case, "keep")
    yield "post_resolution", there.decide(case, "give_back")


def shopping(house: House) -> Iterator[tuple[str, Answer]]:
    """Go through what a shop does."""
    browser, shop = house.browser(), house.shop()
    voucher, total = browser.claim("milan", "parcel-10"), (5_000, "EUR")
    for end in (shop.release, shop.confirm):
        hold = shop.redeem(voucher["url"], total=total, hold_seconds=60)
        yield "post_redemption", hold
        view = "post_release" if end == shop.release else "post_confirmation"
        yield view, end(hold.json["redemption_id"])
        yield view, end(hold.json["redemption_id"])
    yield "post_confirmation", shop.confirm("nothing")
    yield "post_release", shop.release(hold.json["redemption_id"])
    yield "post_reversal", shop.reverse(hold.json["redemption_id"])
    shown = voucher["url"], "rubbish"
    yield "post_order", shop.order(*shown, mode="valid", total=total, hold_seconds=60)
    yield "post_order", shop.order(*shown)


def fits(body: bytes, shape: type[Any]) -> bool:
    """Tell whether a body has exactly the members and types of a shape."""
    try:
        decoded = msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError:
        return False
    return bool(msgspec.json.decode(msgspec.json.encode(decoded)) == msgspec.json.decode(body))


def test_every_answer_on_the_way_has_a_shape_and_a_status_of_the_document(house: House) -> None:
    operations = {operation.view: operation for operation in OPERATIONS}
    for view, answer in journey(house):
        operation = operations[view]
        if answer.reason:
            assert Reason(answer.reason) in openapi.reasons(operation)
            msgspec.json.decode(answer.body, type=answers.Problem)
        else:
            shapes = operation.gives[answer.status]
            assert any(fits(answer.body, shape) for shape in shapes), (view, answer.text)
