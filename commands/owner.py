"""`manage.py owner`: the first owner of the console, who invites everybody else."""

import argparse
from collections.abc import Callable
from datetime import datetime
from secrets import token_hex

from chalicelib.cognito import Cognito
from chalicelib.domain.member import ORGANISATION, Member, Role, Scope, email_of
from chalicelib.domain.reasons import Refusal
from chalicelib.store import members
from chalicelib.usecases import joining

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("email", help="who is to own the console; a new person gets a letter")


def run(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    """Make a person an owner. Returns 0, or 1 with a sentence that says what to do."""
    email = email_of(asked.email)
    if email is None:
        out(f"{asked.email} is no address; write for example anna@example.org.")
        return 1
    if not asked.settings.user_pool_id:
        out("USER_POOL_ID names no pool; the stack's outputs have it as PeopleId.")
        return 1
    member = Member(member_id=Cognito(asked.settings).invite(email), email=email, role=Role.OWNER)
    scope = Scope(area=ORGANISATION, member_id="operator", email="manage.py owner")
    kept = joining.keep(members, scope, member, at=now, request_id=token_hex(8))
    if isinstance(kept, Refusal):
        out(f"{kept.reason}: somebody changed {email} meanwhile. Try the same again.")
        return 1
    out(f"{email} owns the console at {asked.settings.public_url}/console/.")
    return 0
