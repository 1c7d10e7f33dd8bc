"""Several vouchers of one order, as JSON: each line gets an answer of its own."""

from typing import Literal

from chalice import Response

from chalicelib.domain.api_key import Shop
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.store import uses
from chalicelib.usecases import redeeming
from chalicelib.usecases.redeeming import Line, Outcome, Redeemed
from chalicelib.web import answers, journal, session, wording
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.redemptions import document, scan_of, tell
from chalicelib.web.schema import OrderRequest, ShopOrderRequest
from chalicelib.web.tills import Asked, Till, till_of

api = Routes(__name__)


@api.route("/api/v1/redemptions/order", methods=["POST"])
def post_order() -> Response | Refusal:
    """200 with one result a line; a bad code in one line fails no other."""
    caller = session.till(api)
    if isinstance(caller, Refusal):
        return caller
    till = till_of(caller)
    body = api.body(ShopOrderRequest if isinstance(caller, Shop) else OrderRequest)
    till.check_currency(body.order_total)
    lines = _lines(till, body)
    every = body.mode == "all"
    outcomes = redeeming.redeem_order(uses, lines, every=every, request_id=api.request_id())
    told = zip(body.lines, lines, outcomes, strict=True)
    results = [_result(asked.nonce, line, outcome) for asked, line, outcome in told]
    return answer(answers.OrderResults(results=results))


def _lines(till: Till, body: OrderRequest) -> list[Line]:
    """Return each line as a scan, or what is wrong with it. A voucher counts in one line only."""
    lines: list[Line] = []
    first: dict[str, int] = {}
    for number, asked in enumerate(body.lines, start=1):
        line = scan_of(till, _asked(body, asked.scanned, asked.nonce))
        if isinstance(line, Scan) and first.setdefault(line.voucher_id, number) < number:
            line = Refusal(Reason.ALREADY_REDEEMED, {"same_as_line": str(first[line.voucher_id])})
        lines.append(line)
    return lines


def _asked(body: OrderRequest, scanned: str, nonce: str) -> Asked:
    return Asked(
        scanned=scanned,
        nonce=nonce,
        scanned_at=context.now(),
        order_ref=body.order_ref,
        order_total=body.order_total,
        hold_seconds=body.hold_seconds if isinstance(body, ShopOrderRequest) else None,
    )


def _result(nonce: str, line: Line, outcome: Outcome) -> answers.OrderResult:
    if isinstance(outcome, Redeemed) and isinstance(line, Scan):
        if outcome.made:
            tell(line, outcome.use)
        redemption = document(line, outcome.use)
        return _line(nonce, redemption.outcome, redemption=redemption)
    if isinstance(outcome, Refusal):
        journal.event("refused", route="/api/v1/redemptions/order", reason=outcome.reason)
        return _line(nonce, "refused", refusal=outcome)
    return _line(nonce, "not_used")


def _line(
    nonce: str,
    outcome: Literal["accepted", "held", "refused", "not_used"],
    *,
    refusal: Refusal | None = None,
    redemption: answers.Redemption | None = None,
) -> answers.OrderResult:
    return answers.OrderResult(
        nonce=nonce,
        outcome=outcome,
        reason=refusal.reason if refusal else None,
        detail=_detail(refusal) if refusal else None,
        redemption=redemption,
    )


def _detail(refusal: Refusal) -> str:
    """Say in the reader's language why a line was refused."""
    return wording.told(refusal, api.reader().language).detail
