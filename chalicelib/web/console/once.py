"""A form that makes a secret makes it once: sent again, it shows the same one for a day.

What was made is kept sealed, under a nonce that the form got with its page; nobody else's session
and no other form opens it. Whether it is shown as a page or as a file makes no other form of it.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from chalicelib import signing
from chalicelib.domain import idempotency as rules
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import idempotency
from chalicelib.usecases import repeating
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_BYTES = 16
NONCE = re.compile(r"[0-9a-f]{32}")

Made = Mapping[str, str]
_HOW = {"csrf", "as"}  # who sends it, and as what the answer comes: not what is asked
_MADE = msgspec.json.Decoder(dict[str, str])


def nonce() -> str:
    """Return what a form carries so that it is worked on once."""
    return context.entropy(_BYTES).hex()


def nonce_of(form: Form) -> str:
    """Return the nonce of a form. Raises InvalidPayload."""
    text = form.text("nonce")
    if not NONCE.fullmatch(text):
        raise InvalidPayload([("", said("the form is not complete; open its page again"))])
    return text


def once(here: Visit, form: Form, work: Callable[[], Made | Refusal]) -> Made | Refusal:
    """Return what the work made, now or at the first time. Raises InvalidPayload, TryAgain."""
    name, key = f"console|{here.member.member_id}", nonce_of(form)
    purpose = f"{name}|{key}"
    asked = sorted(field for field in form.fields.items() if field[0] not in _HOW)
    record = Record(
        record_id=rules.record_id(name, key),
        fingerprint=rules.fingerprint("POST", desk.reader().path, msgspec.json.encode(asked)),
        owner=desk.request_id(),
        at=context.real_now(),
    )

    def sealed(made: Made | Refusal) -> bytes | None:
        if isinstance(made, Refusal):
            return None
        plain = msgspec.json.encode(made)
        return signing.seal(context.secrets, purpose, plain, context.entropy)

    done = repeating.once(idempotency, record, work, sealed)
    if isinstance(done, bytes):
        return _MADE.decode(signing.opened(context.secrets, purpose, done))
    return done
