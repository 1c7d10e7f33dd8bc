"""A webhook is added, gets a new secret, is paused, goes on, is removed; each leaves its entry."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import hook as rules
from chalicelib.domain import receiver as receivers
from chalicelib.domain import trail
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.event import OFFERED, Kind
from chalicelib.domain.hook import Former, Hook
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.receiver import Receiver
from chalicelib.domain.sentence import said
from chalicelib.domain.trail import Entry


class Hooks(Protocol):
    """What subscribing needs of the hooks; `chalicelib.store.hooks` fits."""

    def add(self, scope: Scope, hook: Hook, entry: Entry) -> bool | None:
        """Put a new hook: True; None where it is there already; False where there are ten."""
        ...

    def change(self, scope: Scope, hook: Hook, entry: Entry, *, over: Hook) -> bool:
        """Put what a member changed over what was read; False where it changed meanwhile."""
        ...

    def remove(self, scope: Scope, hook: Hook, entry: Entry) -> bool:
        """Forget a hook; False where it is gone."""
        ...


def wanted(url: str, kinds: Collection[str]) -> tuple[str, frozenset[Kind]]:
    """Return the address in the form that is kept, and the events. Raises InvalidPayload."""
    receiver = receivers.read(url.strip())
    if not isinstance(receiver, Receiver):
        raise InvalidPayload([("/url", receiver)])
    found = frozenset(kind for kind in OFFERED if kind in kinds)
    if not found:
        raise InvalidPayload([("/events", said("choose at least one"))])
    return receiver.url, found


def add(hooks: Hooks, scope: Scope, hook: Hook, *, request_id: str) -> Hook | Refusal:
    """Add a webhook to the scope's campaign."""
    facts = {"events": " ".join(sorted(hook.kinds))}
    entry = _entry(scope, "webhook added", hook, hook.added_at, request_id, facts)
    added = hooks.add(scope, hook, entry)
    if added:
        return hook
    if added is None:
        return Refusal(Reason.EDITED_MEANWHILE, {"subject": hook.url})
    return Refusal(Reason.NOT_ALLOWED, {"setting": "webhooks"})


def renew(
    hooks: Hooks, scope: Scope, hook: Hook, *, secret: str, at: datetime, request_id: str
) -> Hook | Refusal:
    """Give a webhook a new secret; the one before signs too, for a day.

    Before that day is over there is no third: the receiver may still know the first one alone.
    """
    if len(hook.secrets(at)) > 1:
        return Refusal(Reason.NOT_ALLOWED, {"setting": "two_secrets"})
    former = Former(secret=hook.secret, until=at + rules.BOTH_VALID)
    entry = _entry(scope, "webhook got a new secret", hook, at, request_id)
    return _changed(hooks, scope, hook, replace(hook, secret=secret, former=former), entry)


def pause(
    hooks: Hooks, scope: Scope, hook: Hook, *, paused: bool, at: datetime, request_id: str
) -> Hook | Refusal:
    """Pause a webhook, or let it go on; what it misses meanwhile is tried for three days."""
    action = "webhook paused" if paused else "webhook resumed"
    entry = _entry(scope, action, hook, at, request_id)
    return _changed(hooks, scope, hook, replace(hook, paused=paused), entry)


def remove(
    hooks: Hooks, scope: Scope, hook: Hook, *, at: datetime, request_id: str
) -> Hook | Refusal:
    """Remove a webhook; what waits for it is told to nobody."""
    entry = _entry(scope, "webhook removed", hook, at, request_id)
    removed = hooks.remove(scope, hook, entry)
    return hook if removed else Refusal(Reason.NOT_FOUND)


def _changed(hooks: Hooks, scope: Scope, before: Hook, after: Hook, entry: Entry) -> Hook | Refusal:
    if hooks.change(scope, after, entry, over=before):
        return after
    return Refusal(Reason.EDITED_MEANWHILE, {"subject": before.url})


def _entry(
    scope: Scope,
    action: str,
    hook: Hook,
    at: datetime,
    request_id: str,
    after: trail.Facts | None = None,
) -> Entry:
    facts = after or {}
    return trail.entry(scope, action, hook.host, at=at, request_id=request_id, after=facts)
