"""Claim and redeem through the whole app, against the same write by a bare botocore client."""

import json
import uuid
from copy import deepcopy
from functools import partial

from bench import festival
from bench.festival import Festival
from bench.stopwatch import Call, Stopwatch
from bench.watch import Watched, watching
from chalicelib.web.context import context
from local import ground

WARM_UP, ROUNDS = 60, 500


def measure() -> dict[str, float]:
    """Count one claim and one redemption, then time many, each beside its bare write."""
    with festival.opened() as opened:
        context.catalog.all()  # so that no check of the catalog falls into what is counted
        with watching() as claim:
            url = json.loads(festival.ask(opened.claiming(opened.visitor()), 201))["url"]
        with watching() as redeem:
            festival.ask(opened.redeeming(url, "nonce-counted"), 201)
        watch = _timed(opened, Bare(opened, claim, redeem))
    return {
        "redeem_cpu_ratio": watch.ratio("redeem", "bare update"),
        "redeem_requests": redeem.requests,
        "redeem_wcu": redeem.write_units,
        "claim_cpu_ratio": watch.ratio("claim", "bare transaction"),
        "claim_requests": claim.requests,
        "claim_wcu": claim.write_units,
    }


class Bare:
    """A client as botocore makes it, which sends what the app sends, for vouchers of its own."""

    def __init__(self, opened: Festival, claim: Watched, redeem: Watched) -> None:
        self._client = ground.aws(opened.settings, "dynamodb")
        self._transaction = claim.asked["TransactWriteItems"]
        self._update = redeem.asked["UpdateItem"]

    def claiming(self, name: str) -> Call:
        """Return the app's transaction, for another voucher."""
        asked = deepcopy(self._transaction)
        asked["TransactItems"][0]["Put"]["Item"]["pk"] = {"S": f"V#{name}"}
        asked["ClientRequestToken"] = uuid.uuid4().hex
        return partial(self._client.transact_write_items, **asked)

    def redeeming(self, name: str) -> Call:
        """Return the app's update, for another voucher."""
        key = {"pk": {"S": f"V#{name}"}, "sk": {"S": "V"}}
        return partial(self._client.update_item, **(self._update | {"Key": key}))


def _timed(opened: Festival, bare: Bare) -> Stopwatch:
    watch = Stopwatch()
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            watch.forget()
        name = f"BARE{number:011}"
        claim = partial(festival.ask, opened.claiming(opened.visitor()), 201)
        made = watch.round({"claim": claim, "bare transaction": bare.claiming(name)})
        scan = opened.redeeming(json.loads(made["claim"])["url"], f"nonce-{number:06}")
        redeem = partial(festival.ask, scan, 201)
        watch.round({"redeem": redeem, "bare update": bare.redeeming(name)})
    return watch
