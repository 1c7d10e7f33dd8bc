"""A receiver is told of an event; how that ended is kept beside it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain import hook as hooks_rules
from chalicelib.domain import notice as rules
from chalicelib.domain.event import Event
from chalicelib.domain.hook import Hook
from chalicelib.domain.notice import Answer, Errand, Notice, Stop, Trouble, Try

Post = Callable[[str, bytes, Mapping[str, str]], Answer]  # address, body, headers


class Hooks(Protocol):
    """What telling needs of the hooks; `chalicelib.store.hooks` fits."""

    def get(self, campaign_id: str, hook_id: str) -> Hook | None: ...


class Notices(Protocol):
    """What telling needs of the notices; `chalicelib.store.notices` fits."""

    def begin(self, errand: Errand, at: datetime) -> Notice | Stop:
        """Begin a try and count it, if no other one is under way and it is not delivered."""
        ...

    def tried(self, errand: Errand, ended: Try) -> None:
        """Keep how a try ended; a failure says nothing about what is delivered already."""
        ...


def run(
    hooks: Hooks, notices: Notices, post: Post, errand: Errand, *, tries: int, at: datetime
) -> bool:
    """Run an errand; True when nothing is left to do, False when it is to be tried again.

    `tries` counts this one. What was removed meanwhile, or is delivered, is done.
    """
    hook = hooks.get(errand.campaign_id, errand.hook_id)
    if hook is None:
        return True
    notice = notices.begin(errand, at)
    if isinstance(notice, Stop):
        return notice is Stop.DONE
    answer = Trouble.PAUSED if hook.paused else tell(post, hook, notice.event, notice.number, at)
    notices.tried(errand, rules.ended(answer, tries))
    return rules.took(answer)


def tell(post: Post, hook: Hook, event: Event, number: int, at: datetime) -> Answer:
    """Send one event, signed with the time, and return how the receiver answered."""
    body = rules.body_of(event, number)
    signed = hooks_rules.signature(hook.secrets(at), body, at)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Marquee-Webhook/1",
        hooks_rules.SIGNATURE_HEADER: signed,
    }
    return post(hook.url, body, headers)
