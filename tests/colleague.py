"""A member of the console with a browser: it reads pages, and sends forms as they stand there."""

import re
from html import unescape
from typing import Any

from house import Answer, Browser, House

from chalicelib.domain import trail
from chalicelib.domain.member import ORGANISATION, Member, Role, Scope
from chalicelib.store import members
from chalicelib.web.console import visit

_INPUT = re.compile(r"<input\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_CSRF = re.compile(r'name="csrf" value="(\w+)"')


def member(role: Role, member_id: str = "", **facts: Any) -> Member:
    """Return a member of this role, of all campaigns."""
    name = member_id or f"{role}-1"
    return Member(member_id=name, email=f"{name}@example.org", role=role, **facts)


def joined(house: House, one: Member) -> Member:
    """Put a member into the table, as an owner would."""
    scope = Scope(area=ORGANISATION, member_id="operator", email="operator")
    entry = trail.entry(
        scope, "member invited", one.email, at=house.real_at, request_id=house.nonce()
    )
    assert members.keep(scope, one, entry, over=members.get(one.member_id))
    return one


class Colleague(Browser):
    """Signed in from the start; `csrf` is that of its session."""

    def __init__(self, house: House, one: Member) -> None:
        super().__init__(house)
        self.member = joined(house, one)
        house.connect()
        self._keep(visit.begun(one))
        self.csrf = ""

    def page(self, path: str) -> str:
        """Open a page of the console and return it, unescaped."""
        answer = self.get(path)
        assert answer.status == 200, (path, answer.status, answer.text)
        return unescape(answer.text)

    def act(self, path: str, **fields: str) -> Answer:
        """Send a form with the session's own proof."""
        return self.submit(path, {"csrf": self.proof(), **fields})

    def proof(self) -> str:
        """Return what this session's forms carry, read from a page."""
        self.csrf = self.csrf or csrf_in(self.get("/console").text)
        return self.csrf


def csrf_in(page: str) -> str:
    """Return what proves that a form came from this page."""
    found = _CSRF.search(page)
    assert found
    return found[1]


def colleague(house: House, role: Role, **facts: Any) -> Colleague:
    """Return a member of this role who is signed in."""
    return Colleague(house, member(role, **facts))


def merchant(house: House, merchant_id: str = "cam-fener", **facts: Any) -> Colleague:
    """Return a merchant of the festival who is signed in."""
    whole: dict[str, Any] = {
        "campaign_ids": frozenset({"festival-now"}),
        "merchant_ids": frozenset({merchant_id}),
        **facts,
    }
    return colleague(house, Role.MERCHANT, **whole)


def inputs(page: str) -> dict[str, str]:
    """Return the inputs of a page by name, with their values."""
    found = (dict(_ATTRIBUTE.findall(one)) for one in _INPUT.findall(page))
    return {one["name"]: unescape(one.get("value", "")) for one in found if "name" in one}
