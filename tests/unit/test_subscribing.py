"""Webhooks change by what a member asks for, each with an entry; a stale one changes nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.event import OFFERED, Kind
from chalicelib.domain.hook import BOTH_VALID, Former, Hook
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry
from chalicelib.usecases import subscribing

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
SCOPE = Scope(area="festival", member_id="anna", email="anna@example.org")
HOOK = Hook(
    hook_id="a",
    campaign_id="festival",
    url="https://a.example/s3cret",
    kinds=frozenset({Kind.VOUCHER_CLAIMED}),
    secret="mhs_1",
    added_at=AT,
)


@dataclass
class Table:
    """The hooks of a campaign, two at most."""

    hooks: dict[str, Hook] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def add(self, scope: Scope, hook: Hook, entry: Entry) -> bool | None:
        assert scope == SCOPE
        if hook.hook_id in self.hooks:
            return None
        if len(self.hooks) == 2:
            return False
        self._keep(hook, entry)
        return True

    def change(self, scope: Scope, hook: Hook, entry: Entry, *, over: Hook) -> bool:
        assert scope == SCOPE
        if self.hooks.get(hook.hook_id) != over:
            return False
        self._keep(hook, entry)
        return True

    def remove(self, scope: Scope, hook: Hook, entry: Entry) -> bool:
        assert scope == SCOPE
        self.entries.append(entry)
        return self.hooks.pop(hook.hook_id, None) is not None

    def _keep(self, hook: Hook, entry: Entry) -> None:
        self.hooks[hook.hook_id] = hook
        self.entries.append(entry)


def test_a_wish_is_read_into_an_address_and_events() -> None:
    url, kinds = subscribing.wanted(" https://A.example ", {"voucher.claimed", "nothing"})
    assert (url, kinds) == ("https://a.example/", frozenset({Kind.VOUCHER_CLAIMED}))


@pytest.mark.parametrize(
    ("url", "kinds", "field_name"),
    [
        ("http://a.example/", OFFERED, "/url"),
        ("https://a.example/", (), "/events"),
        ("https://a.example/", ("test",), "/events"),
    ],
)
def test_a_wish_that_makes_no_sense_names_the_field(
    url: str, kinds: tuple[str, ...], field_name: str
) -> None:
    with pytest.raises(InvalidPayload) as raised:
        subscribing.wanted(url, kinds)
    assert [pointer for pointer, _ in raised.value.errors] == [field_name]


def test_a_webhook_is_added_once_and_not_without_end() -> None:
    table = Table()
    assert subscribing.add(table, SCOPE, HOOK, request_id="r") == HOOK
    again = subscribing.add(table, SCOPE, HOOK, request_id="r")
    assert isinstance(again, Refusal)
    assert again.reason is Reason.EDITED_MEANWHILE
    subscribing.add(table, SCOPE, replace(HOOK, hook_id="b"), request_id="r")
    third = subscribing.add(table, SCOPE, replace(HOOK, hook_id="c"), request_id="r")
    assert isinstance(third, Refusal)
    assert third.facts == {"setting": "webhooks"}
    assert {(one.action, one.subject) for one in table.entries} == {("webhook added", "a.example")}


def test_a_new_secret_leaves_the_one_before_valid_and_waits_for_its_end() -> None:
    table = Table({"a": HOOK})
    once = subscribing.renew(table, SCOPE, HOOK, secret="mhs_2", at=AT, request_id="r")
    assert once == replace(
        HOOK, secret="mhs_2", former=Former(secret="mhs_1", until=AT + BOTH_VALID)
    )
    assert isinstance(once, Hook)
    twice = subscribing.renew(table, SCOPE, once, secret="mhs_3", at=AT, request_id="r")
    assert twice == Refusal(Reason.NOT_ALLOWED, {"setting": "two_secrets"})
    later = subscribing.renew(
        table, SCOPE, once, secret="mhs_3", at=AT + BOTH_VALID, request_id="r"
    )
    assert isinstance(later, Hook)
    assert later.former == Former(secret="mhs_2", until=AT + 2 * BOTH_VALID)


def test_pausing_and_going_on_leave_their_entries() -> None:
    table = Table({"a": HOOK})
    paused = subscribing.pause(table, SCOPE, HOOK, paused=True, at=AT, request_id="r")
    assert isinstance(paused, Hook)
    assert paused.paused
    subscribing.pause(table, SCOPE, paused, paused=False, at=AT, request_id="r")
    assert [one.action for one in table.entries] == ["webhook paused", "webhook resumed"]
    assert "s3cret" not in repr(table.entries)


def test_a_change_over_what_changed_meanwhile_is_refused() -> None:
    table = Table({"a": replace(HOOK, secret="mhs_9")})
    late = subscribing.pause(table, SCOPE, HOOK, paused=True, at=AT, request_id="r")
    assert isinstance(late, Refusal)
    assert late.reason is Reason.EDITED_MEANWHILE
    assert table.entries == []


def test_a_webhook_is_removed_once() -> None:
    table = Table({"a": HOOK})
    assert subscribing.remove(table, SCOPE, HOOK, at=AT, request_id="r") == HOOK
    gone = subscribing.remove(table, SCOPE, HOOK, at=AT, request_id="r")
    assert gone == Refusal(Reason.NOT_FOUND)
