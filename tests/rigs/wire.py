"""Faults of DynamoDB, set between botocore and the tables, by call and count.

    with wired() as wire:
        wire.hit(Fault.LOST, 3)            # the third call is carried out, its answer is lost
        wire.hit(Fault.THROTTLED, 1, times=FOREVER)
        ...
        assert wire.calls[2] == Call("TransactWriteItems", "ledger", "V")

A call is what the store asks for once; botocore's own repeat of it is another attempt at the same
call.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.retries import base, quota, standard
from inside import Inside, answer
from rigs.faults import STRIKES, Call, Fault, Send, Strike, call_of, header

from chalicelib.store import engine

FOREVER = 10**6
_ENDLESS_QUOTA = 10**9


@dataclass(slots=True)
class _Hit:
    """Strikes at the first call that fits, from a number on, and then at repeats of that call."""

    strike: Strike
    fits: Callable[[Call], bool]
    number: int
    left: int
    call: Call | None = None

    def meets(self, number: int, call: Call) -> bool:
        """Tell whether it strikes now."""
        if self.left == 0 or number < self.number or self.call not in {None, call}:
            return False
        if not self.fits(call):
            return False
        self.left, self.call = self.left - 1, call
        return True


@dataclass
class Wire:
    """The way to the tables: it writes down each call and spoils those that it is told to."""

    send: Send
    calls: list[Call] = field(default_factory=list)
    attempts: int = 0
    _hits: list[_Hit] = field(default_factory=list)

    def hit(self, fault: Fault, number: int, *, times: int = 1) -> None:
        """Spoil so many attempts, from call `number` (1 is the first from now) on."""
        self._hits.append(_Hit(STRIKES[fault], fault.fits, len(self.calls) + number, times))

    def spoil(self, operation: str, fault: Fault, *, times: int = 1) -> None:
        """Spoil so many attempts at the next call of this operation."""
        self._hits.append(_Hit(STRIKES[fault], _asks(operation), 0, times))

    def before(self, number: int, act: Callable[[], object]) -> None:
        """Let something happen just before call `number`."""

        def strike(send: Send, request: AWSPreparedRequest) -> AWSResponse:
            act()
            return send(request)

        self._hits.append(_Hit(strike, lambda _: True, len(self.calls) + number, 1))

    def answer(self, operation: str, make: Callable[[], AWSResponse], *, times: int = 1) -> None:
        """Answer so many attempts at the next call of this operation in DynamoDB's place."""
        self._hits.append(_Hit(lambda *_: make(), _asks(operation), 0, times))

    def clear(self) -> None:
        """Forget the calls, and spoil nothing any more."""
        self.calls.clear()
        self._hits.clear()
        self.attempts = 0

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.attempts += 1
        call = call_of(request)
        if header(request, "amz-sdk-request").startswith("attempt=1"):
            self.calls.append(call)
        for hit in self._hits:
            if hit.meets(len(self.calls), call):
                return hit.strike(self.send, request)
        return self.send(request)


def _asks(operation: str) -> Callable[[Call], bool]:
    return lambda call: call.operation == operation


class Hands:
    """A time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float, /) -> None:
        self.seconds += seconds


class _NoPause(base.BaseRetryBackoff):
    def delay_amount(self, context: object) -> float:
        del context
        return 0.0


@contextmanager
def wired() -> Iterator[Wire]:
    """Set a wire before the connected tables; no repeat costs real time."""
    client, wire, hands = engine.client(), Wire(Inside().send), Hands()
    at_once = _retries_at_once(client)
    events, token = client.meta.events, engine.TIME.set(hands)
    events.unregister("before-send.dynamodb", answer)
    events.register_first("before-send.dynamodb", wire)
    events.register_first("needs-retry.dynamodb", at_once)
    events.register_first("choose-signer.dynamodb", _unsigned)
    try:
        yield wire
    finally:
        events.unregister("choose-signer.dynamodb", _unsigned)
        events.unregister("needs-retry.dynamodb", at_once)
        events.unregister("before-send.dynamodb", wire)
        events.register("before-send.dynamodb", answer)
        engine.TIME.reset(token)


def _unsigned(**_: Any) -> object:
    """Leave the signature away: nobody checks it, and it is a fifth of a call's time."""
    return UNSIGNED


def _retries_at_once(client: Any) -> Callable[..., float | None]:
    """Return botocore's own decision to repeat, without its pause and its quota."""
    attempts = client.meta.config.retries["total_max_attempts"]
    handler = standard.RetryHandler(
        retry_policy=standard.RetryPolicy(
            retry_checker=standard.StandardRetryConditions(max_attempts=attempts),
            retry_backoff=_NoPause(),
        ),
        retry_event_adapter=standard.RetryEventAdapter(),
        retry_quota=standard.RetryQuotaChecker(quota.RetryQuota(_ENDLESS_QUOTA)),
    )
    decide: Callable[..., float | None] = handler.needs_retry
    return decide
