"""The Idempotency-Key of a request that creates something: its repeats get the first success.

A later route needs one line: `return once.once(api, Caller.VISITOR, visitor, work)`. Its work
must bear to be done again after a crash; ids that it makes come from `Asked.record.record_id`.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from chalice import Response

from chalicelib import signing
from chalicelib.domain import idempotency as rules
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Refusal
from chalicelib.store import idempotency
from chalicelib.usecases import repeating
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.operations import KEY_HEADER, Caller

MOST_BYTES = 16_384  # a larger answer is not kept: its repeat is worked on again

Outcome = Response | Refusal
Kept = tuple[int, msgspec.Raw]  # status and body
_KEPT = msgspec.json.Decoder(Kept)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with a key. `purpose` names caller and key, which alone open its answer."""

    purpose: str
    record: Record

    def kept(self, status: int, body: object) -> Record | None:
        """Return the record with this success, or None where it is too large to keep."""
        sealed = self._sealed(status, msgspec.json.encode(body))
        return self.record.answered(sealed) if sealed else None

    def success(self, outcome: Outcome) -> bytes | None:
        """Return a success as it is kept; None for what is none, or is too large."""
        if isinstance(outcome, Refusal) or not 200 <= outcome.status_code < 300:
            return None
        return self._sealed(outcome.status_code, str(outcome.body).encode())

    def again(self, kept: bytes) -> Response:
        """Return the first success once more."""
        plain = zlib.decompress(signing.opened(context.secrets, self.purpose, kept))
        status, body = _KEPT.decode(plain)
        return answer(body, status, {"Idempotency-Replayed": "true"})

    def judged(self, stands: Record | None) -> Outcome | None:
        """Return what a record that stands has to say to this request, or None without one."""
        if stands is None:
            return None
        told = rules.judge(stands, self.record.fingerprint)
        return self.again(told) if isinstance(told, bytes) else told

    def _sealed(self, status: int, body: bytes) -> bytes | None:
        plain = zlib.compress(msgspec.json.encode((status, msgspec.Raw(body))))
        sealed = signing.seal(context.secrets, self.purpose, plain, context.entropy)
        return sealed if len(sealed) <= MOST_BYTES else None


def asked(routes: Routes, caller: Caller, who: str) -> Asked | None:
    """Return what this caller's request says of a key, or None. Raises InvalidPayload."""
    key = routes.header(KEY_HEADER)
    if key is None:
        return None
    if not rules.is_key(key):
        raise InvalidPayload([("", f"{KEY_HEADER} has 1 to 255 printable ASCII characters")])
    name = f"{caller}|{who}"
    method = str(routes.request().method)
    record = Record(
        record_id=rules.record_id(name, key),
        fingerprint=rules.fingerprint(method, routes.reader().path, routes.raw_body()),
        owner=routes.request_id(),
        at=context.real_now(),
    )
    return Asked(f"{name}|{key}", record)


def once(routes: Routes, caller: Caller, who: str, work: Callable[[], Outcome]) -> Outcome:
    """Do the work, or with a key that came before give its first success again."""
    asking = asked(routes, caller, who)
    if asking is None:
        return work()
    done = repeating.once(idempotency, asking.record, work, asking.success)
    return asking.again(done) if isinstance(done, bytes) else done
