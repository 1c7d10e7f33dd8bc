"""Each role allows what its function calls, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from colleague import Colleague, colleague
from handing import OfflinePhone
from house import House
from pool import fake_pool

from chalicelib import sweeper
from chalicelib.domain.device import Profile
from chalicelib.domain.member import Role, Scope
from chalicelib.store import api_keys, campaigns, engine, generations, schedules
from chalicelib.store import desk as store
from chalicelib.usecases import rebuilding
from tools.package.project import ROOT
from tools.package.slim import CALLS

Calls = set[tuple[str, str]]  # action, table
_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_OF_STREAMS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}


def allowed(role: str) -> Calls:
    """Return which actions a policy allows on which table."""
    document = json.loads((ROOT / ".chalice" / f"policy-{role}.json").read_text())
    return {
        (action.removeprefix("dynamodb:"), _table(resource))
        for statement in document["Statement"]
        for action in statement["Action"]
        if action.startswith("dynamodb:") and action.removeprefix("dynamodb:") not in _OF_STREAMS
        for resource in statement["Resource"]
    }


def _table(resource: dict[str, Any]) -> str:
    """Return the table that a resource is, or whose index it is."""
    named = resource["Fn::GetAtt"][0] if "Fn::GetAtt" in resource else resource["Fn::Sub"][2:]
    return str(named).partition("Table")[0].lower()


class Watch:
    """Notes each call to DynamoDB as IAM sees it."""

    def __init__(self) -> None:
        self.seen: Calls = set()
        self.operations: set[str] = set()

    def __call__(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.operations.add(model.name)
        self.seen |= {(action, name.rpartition("-")[2]) for action, name in _asked(params, model)}


def _asked(params: dict[str, Any], model: Any) -> Iterator[tuple[str, str]]:
    if model.name == "TransactWriteItems":
        for action in params["TransactItems"]:
            for kind, call in action.items():
                yield _ACTIONS[kind], call["TableName"]
    elif model.name == "BatchGetItem":
        yield from (("BatchGetItem", name) for name in params["RequestItems"])
    else:
        yield model.name, params["TableName"]


@contextmanager
def watched() -> Iterator[Watch]:
    events, watch, name = engine.client().meta.events, Watch(), "before-parameter-build.dynamodb"
    events.register(name, watch)
    try:
        yield watch
    finally:
        events.unregister(name, watch)


def everything(house: House) -> None:
    """Do what visitors, staff and onlookers can do, each in its plain and its rarer form."""
    browser, phone = house.browser(), house.phone()
    gift = browser.claim("istanbul", "lantern-gift")
    free = browser.claim("istanbul", "delivery-on-us")
    daily = browser.claim("istanbul", "lamp-100")
    for path in ("/p/istanbul", urlsplit(gift["url"]).path, "/me", "/live", "/health/deep"):
        assert browser.get(path).status == 200, path
    used = phone.redeem(gift["url"], "nonce-a1").json
    assert phone.reverse(used["redemption_id"], "nonce-a2").status == 201
    assert phone.redeem(gift["code"], "nonce-a3").status == 201
    assert phone.redeem(gift["code"], "nonce-a1").status == 200
    assert phone.redeem(daily["url"], "nonce-b1", total=(60_000, "TRY")).status == 201
    choice = {"voucher": free["code"], "option": "home_van_electric"}
    assert browser.post("/api/v1/delivery/choices", choice, idempotency_key="once").status == 201
    marketing(house)
    shopping(house)
    passing_on(house)
    losing_the_network(house)
    console(house)
    assert browser.get("/V/NOTHING").status == 404
    assert phone.redeem("0000-0000-0000-0000").status == 404


def marketing(house: House) -> None:
    """Mint a batch, look at it, use one of its codes, withdraw others."""
    press = house.marketing()
    codes = press.minted("lantern-gift", 3)
    assert press.ask("GET", "mints").status == 200
    assert house.phone().redeem(codes[0]["url"]).status == 201
    assert press.revoke(codes[1]["code"]).status == 201
    assert press.revoke(batch=1, first=3, last=3).status == 201


def shopping(house: House) -> None:
    """Hold two vouchers for orders; confirm one and release the other."""
    shop, held, used = house.shop(), *(house.browser().claim("milan", "parcel-10") for _ in "ab")
    for name, voucher in (("release", held), ("confirm", used)):
        made = shop.redeem(voucher["url"], order=name, total=(9_000, "EUR"), hold_seconds=60)
        assert made.status == 201, made.text
        answer = shop.post(f"/api/v1/redemptions/{made.json['redemption_id']}/{name}", {})
        assert answer.status == 201, answer.text


def losing_the_network(house: House) -> None:
    """Let two doors accept the same voucher without network, and a supervisor decide."""
    url = house.browser().claim("istanbul", "lantern-gift")["url"]
    for phone in (OfflinePhone(house), OfflinePhone(house)):
        phone.accept(url)
        assert phone.hand_in().answer.status == 200
    boss = OfflinePhone(house, profile=Profile.SUPERVISOR)
    assert boss.manifest().status == 200
    (case,) = boss.cases()
    assert boss.decide(case, "give_back").status == 200


def console(house: House) -> None:
    """Sign in, look, edit, publish, pause, invite, sign out."""
    home = "/console/c/festival-now"
    anna = colleague(house, Role.OWNER)
    for path in ("/console", home, f"{home}/edit/offers", f"{home}/trail", "/console/members"):
        assert anna.get(path).status == 200, path
    found = store.draft(Scope(area="festival-now", member_id="x", email="x"))
    assert found is not None
    seen = {"version": str(found.version), "digest": found.digest}
    edit = {"cell:lantern-gift:visitor_limit": "2", "cell:lantern-gift:day_limit": "900"}
    assert anna.act(f"{home}/edit/offers/lantern-gift", **seen, **edit).status == 303
    version = str(found.version + 1)
    assert anna.act(f"{home}/publish", version=version).status == 303
    assert anna.act(f"{home}/pause", paused="no").status == 303
    later = {"version": version, "over": "", "at": "2026-05-22T10:00", "zone": "UTC"}
    assert anna.act(f"{home}/schedule", **later).status == 303
    planned = schedules.get("festival-now")
    assert planned
    assert anna.act(f"{home}/unschedule", mark=planned.mark).status == 303
    wish = {"year": "2027", "campaign_id": "next", "number": "9"}
    assert anna.act(f"{home}/clone", **wish).status == 303
    webhooks(anna, f"{home}/webhooks")
    with fake_pool():
        assert anna.act("/console/members", email="b@example.org", role="auditor").status == 303
    operations(house, anna)
    assert anna.act("/console/sign-out").status == 303


def webhooks(anna: Colleague, home: str) -> None:
    """Add two webhooks, change one, try it, remove it."""
    for name in "ab":
        wish = {"hook_id": name * 16, "url": f"https://{name}.example.org/"}
        assert anna.act(home, **wish, **{"event:voucher.claimed": "yes"}).status == 200
    for what in ("secret", "test", "again", "remove"):
        assert anna.act(f"{home}/{what}", hook_id="a" * 16).status in {200, 303}, what


def operations(house: House, anna: Colleague) -> None:
    """Set up and shut out a device, mint and withdraw, make keys, look up and move a voucher."""
    home, nonce = "/console/c/festival-now", "ab" * 16
    phone = house.phone()
    wish = {"popup": "rome", "profile": "steward", "nonce": nonce}
    assert anna.get(f"{home}/devices").status == 200
    assert anna.act(f"{home}/devices/invite", **wish).status == 200
    assert anna.act(f"{home}/devices/revoke", device_id=phone.device_id).status == 303
    wish = {"offer": "lantern-gift", "popup": "rome", "count": "2", "nonce": nonce}
    batch = anna.act(f"{home}/batches", **wish).headers["location"]
    assert anna.act(f"{batch}/codes", first="1").status == 200
    assert anna.act(f"{batch}/revoke", what="batch").status == 303
    wish = {"role": "shop", "name": "Harbour", "days": "1", "nonce": "cd" * 16}
    assert anna.act(f"{home}/keys", **wish).status == 200
    (key,) = [k for k in api_keys.of_campaign("festival-now") if k.name == "Harbour"]
    assert anna.act(f"{home}/keys/revoke", key_id=key.key_id).status == 303
    code = house.browser().claim("rome", "lantern-gift")["code"]
    assert anna.act(f"{home}/voucher", code=code).status == 200
    assert anna.act(f"{home}/voucher/reissue", code=code, nonce="ef" * 16).status == 200
    assert anna.act(f"{home}/messages", message="Rain", all="yes").status == 303
    assert anna.get(f"{home}/trail/csv").status == 200


def passing_on(house: House) -> None:
    """Pass a voucher on by a link."""
    giver, friend = house.browser(), house.browser()
    voucher = giver.claim("istanbul", "lantern-gift")
    link = giver.post(f"/api/v1/vouchers/{voucher['code']}/gift", {}).json
    friend.sign_in()
    taken = friend.post("/api/v1/gifts", {"gift": link["url"].rpartition("/")[2]})
    assert taken.status == 201, taken.text


def held(house: House) -> None:
    """Claim with a hold of two days, and hold for an order of a minute."""
    house.browser().claim("milan", "parcel-cup-gift")
    voucher = house.browser().claim("milan", "parcel-10")
    shop = house.shop("hold")
    assert shop.redeem(voucher["url"], total=(9_000, "EUR"), hold_seconds=60).status == 201
    house.swept()


def planned(house: House, limit: int) -> None:
    """Plan to publish a draft that moves a day limit, for now."""
    before = campaigns.draft("festival-now")
    assert before
    lamp = before[0].offer["lamp-100"]
    offers = tuple(replace(o, day_limit=limit) if o == lamp else o for o in before[0].offers)
    whole = replace(before[0], offers=offers)
    version = campaigns.save_draft(whole, over=before[1], now=house.at)
    anna = colleague(house, Role.OWNER)
    soon = f"{house.at + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    wish = {"version": str(version), "over": "", "at": soon, "zone": "UTC"}
    assert anna.act("/console/c/festival-now/schedule", **wish).status == 303


def test_each_role_allows_what_is_called_and_the_deployed_client_knows_it(house: House) -> None:
    with watched() as api:
        everything(house)
    with watched() as projector:
        house.project()
        house.project()  # the same batch again: it looks where the checkpoint is
    with watched() as announcer:
        assert house.announce() > 0
        assert house.announce() > 0
    with watched() as courier:
        house.carry()  # of two messages about one event the later may find the other under way
        assert house.carry() == 0
    rebuilding.begin(generations, "festival-now")
    held(house)
    with watched() as beside:  # a rebuild: it remembers what that counts
        house.project()
    planned(house, 950)
    house.at += timedelta(minutes=2)
    with watched() as sweeps:
        assert sweeper.sweep(house.at).released == 1
    assert schedules.get("festival-now") is None
    house.at += timedelta(hours=47)
    house.swept()
    house.at += timedelta(hours=2)
    with watched() as later:
        assert sweeper.sweep(house.at).lapsed == 1
    assert api.seen == allowed("api")
    assert projector.seen | beside.seen == allowed("projector")
    assert announcer.seen == allowed("announcer")
    assert courier.seen == allowed("courier")
    assert sweeps.seen | later.seen == allowed("sweeper")
    called = api.operations | projector.operations | sweeps.operations | later.operations
    assert called == CALLS["dynamodb/2012-08-10"]


def test_the_api_reads_its_secrets_and_no_other_parameter() -> None:
    document = json.loads((ROOT / ".chalice" / "policy-api.json").read_text())
    [secrets] = [s for s in document["Statement"] if s["Action"] == ["ssm:GetParameter"]]
    [resource] = secrets["Resource"]
    assert resource["Fn::Sub"].endswith(":parameter${SecretsParameter}")


def test_no_other_function_reads_secrets_and_the_courier_sees_no_ledger() -> None:
    policies = {path.stem: path.read_text() for path in (ROOT / ".chalice").glob("policy-*.json")}
    assert {name for name, text in policies.items() if "ssm:" in text} == {"policy-api"}
    reads_ledger = {name for name, text in policies.items() if "LedgerTable" in text}
    assert reads_ledger == policies.keys() - {"policy-courier"}
