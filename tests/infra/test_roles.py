"""Each role allows what its function calls, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from house import House

from chalicelib.store import engine
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
        (action.removeprefix("dynamodb:"), resource["Fn::GetAtt"][0].removesuffix("Table").lower())
        for statement in document["Statement"]
        for action in statement["Action"]
        if action.startswith("dynamodb:") and action.removeprefix("dynamodb:") not in _OF_STREAMS
        for resource in statement["Resource"]
    }


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
    assert browser.post("/api/v1/delivery/choices", choice).status == 201


def test_each_role_allows_what_is_called_and_the_deployed_client_knows_it(house: House) -> None:
    with watched() as api:
        everything(house)
    with watched() as projector:
        house.project()
        house.project()  # the same batch again: it looks where the checkpoint is
    assert api.seen == allowed("api")
    assert projector.seen == allowed("projector")
    assert api.operations | projector.operations == CALLS["dynamodb/2012-08-10"]


def test_the_api_reads_its_secrets_and_no_other_parameter() -> None:
    document = json.loads((ROOT / ".chalice" / "policy-api.json").read_text())
    [secrets] = [s for s in document["Statement"] if s["Action"] == ["ssm:GetParameter"]]
    [resource] = secrets["Resource"]
    assert resource["Fn::Sub"].endswith(":parameter${SecretsParameter}")
    assert "ssm:" not in (ROOT / ".chalice" / "policy-projector.json").read_text()
