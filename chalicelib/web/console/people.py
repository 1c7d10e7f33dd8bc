"""The members of the console: invited, changed, removed; never the last owner."""

from chalice import Response

from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.member import Member, Role, email_of
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import members
from chalicelib.usecases import joining
from chalicelib.web.console import labels
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

MEMBERS = "/console/members"


def get_members(here: Visit) -> Response:
    """Return who may do what."""
    return _shown(here)


def post_member(here: Visit, form: Form) -> Response | Refusal:
    """Invite a person by address, or change what they may do."""
    email = email_of(form.text("email"))
    if email is None:
        raise InvalidPayload(
            [("/email", said("is no address; write for example anna@example.org"))]
        )
    wanted = _member("", email, form)
    fault = joining.fault_of(wanted)
    if fault is not None:
        raise InvalidPayload([fault])
    member = _member(context.pool.invite(email), email, form)
    kept = joining.keep(
        members, here.scope, member, at=context.real_now(), request_id=desk.request_id()
    )
    return kept if isinstance(kept, Refusal) else see_other(MEMBERS)


def post_removal(here: Visit, form: Form) -> Response | Refusal:
    """Remove a member; every session of theirs ends with it."""
    removed = joining.remove(
        members,
        here.scope,
        form.text("member_id"),
        at=context.real_now(),
        request_id=desk.request_id(),
    )
    return removed if isinstance(removed, Refusal) else see_other(MEMBERS)


def _shown(here: Visit) -> Response:
    people = [one for one in members.everyone(here.scope) if one.active]
    roles = [(str(role), labels.role(role, desk.reader().language)) for role in reversed(Role)]
    return desk.show("members.html", here, people=people, roles=roles)


def _member(member_id: str, email: str, form: Form) -> Member:
    campaigns = frozenset(form.text("campaigns").split())
    return Member(
        member_id=member_id,
        email=email,
        role=form.one_of(Role, "role"),
        campaign_ids=campaigns or None,
        merchant_ids=frozenset(form.text("merchants").split()),
        popup_ids=frozenset(form.text("stands").split()),
    )
