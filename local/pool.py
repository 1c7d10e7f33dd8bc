"""The laptop's pool of people: ministack's Cognito, with one member of the console for each role.

They sign in through the same pages and code as in AWS; the strip only fills the form in.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from chalicelib.cognito import CALLBACK
from chalicelib.config import Settings
from chalicelib.domain.member import ORGANISATION, Member, Role, Scope
from chalicelib.domain.reasons import Refusal
from chalicelib.post import Mail
from chalicelib.store import members
from chalicelib.usecases import joining
from local import ground, rest
from local.clock import real_now
from local.gateway import Answer

NAME = "marquee"
_MERCHANT = "cam-fener"
_STANDS = frozenset({"istanbul", "milan"})
_SECONDS = 10
Answerer = Callable[[rest.Request], Answer]


@dataclass(frozen=True, slots=True)
class People:
    """Who may sign in on this laptop: an address a role, one password for all."""

    password: str
    engine_url: str

    @staticmethod
    def email(role: Role) -> str:
        return f"{role}@sample.example"


def ensure_pool(settings: Settings) -> Settings:
    """Return the settings with the engine's pool, which is made where there is none."""
    cognito = ground.aws(settings, "cognito-idp")
    pools = cognito.list_user_pools(MaxResults=10)["UserPools"]
    found = next((pool["Id"] for pool in pools if pool["Name"] == NAME), None)
    pool_id = found or _new_pool(cognito)
    return replace(
        settings,
        user_pool_id=pool_id,
        user_pool_client_id=_client(cognito, pool_id, settings.public_url),
        sign_in_url=settings.engine_url or "",
    )


def _new_pool(cognito: Any) -> str:  # noqa: ANN401 - botocore makes its clients at run time
    made = cognito.create_user_pool(
        PoolName=NAME,
        UsernameAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )
    return str(made["UserPool"]["Id"])


def _client(cognito: Any, pool_id: str, public_url: str) -> str:  # noqa: ANN401 - as above
    """Return the pool's client for this address: a run may take another port than the last."""
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=10)
    for client in clients["UserPoolClients"]:
        cognito.delete_user_pool_client(UserPoolId=pool_id, ClientId=client["ClientId"])
    made = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=NAME,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        CallbackURLs=[public_url + CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )
    return str(made["UserPoolClient"]["ClientId"])


def ensure_people(settings: Settings, campaign_id: str) -> People:
    """Let one person a role sign in, with a password of this run."""
    people = People(f"Aa1!{secrets.token_urlsafe(12)}", settings.engine_url or "")
    cognito = ground.aws(settings, "cognito-idp")
    for role in Role:
        member_id = _person(cognito, settings.user_pool_id, people.email(role), people.password)
        merchants = frozenset({_MERCHANT} if role is Role.MERCHANT else ())
        member = Member(
            member_id=member_id,
            email=people.email(role),
            role=role,
            campaign_ids=frozenset({campaign_id}) if merchants else None,
            merchant_ids=merchants,
            popup_ids=_STANDS if role is Role.MANAGER else frozenset(),
        )
        scope = Scope(area=ORGANISATION, member_id="laptop", email="make run")
        kept = joining.keep(members, scope, member, at=real_now(), request_id=secrets.token_hex(8))
        assert not isinstance(kept, Refusal), kept
    return people


def _person(cognito: Any, pool_id: str, email: str, password: str) -> str:  # noqa: ANN401 - as above
    where = {"UserPoolId": pool_id, "Username": email}
    try:
        attributes = cognito.admin_get_user(**where)["UserAttributes"]
    except cognito.exceptions.UserNotFoundException:
        named = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        made = cognito.admin_create_user(**where, UserAttributes=named, MessageAction="SUPPRESS")
        attributes = made["User"]["Attributes"]
    cognito.admin_set_user_password(**where, Password=password, Permanent=True)
    return next(str(each["Value"]) for each in attributes if each["Name"] == "sub")


def signed_in(people: People, role: Role, app: Answerer, asked: rest.Request) -> Answer:
    """Sign in as this role: ask the app where to, fill in the pool's form, hand its answer back.

    The browser then goes to the callback, with the cookie of its attempt, as after typing.
    """
    start = app(replace(asked, method="GET", target="/console/sign-in", body=b""))
    form = dict(parse_qsl(urlsplit(start.header("location") or "").query))
    form |= {"username": people.email(role), "password": people.password}
    url = f"{people.engine_url}/login"
    location = urlsplit(_redirected(url, urlencode(form).encode()))
    cookies = [("Set-Cookie", v) for name, v in start.headers if name.lower() == "set-cookie"]
    back = ("Location", f"{location.path}?{location.query}")
    return Answer(303, (back, ("Cache-Control", "no-store"), *cookies))


def letters(engine_url: str) -> list[Mail]:
    """Return what the pool wrote to people who were invited, the newest first."""
    url = f"{engine_url}/_ministack/ses/messages"
    with build_opener().open(url, timeout=_SECONDS) as answer:
        sent = json.load(answer)["messages"]
    return [
        Mail(to=", ".join(one["To"]), subject=one["Subject"], text=one["BodyText"])
        for of_account in sent.values()
        for one in reversed(of_account)
        if one["Type"] == "CognitoInvitationMessage"
    ]


class _Stay(HTTPRedirectHandler):
    """Shows where a redirect leads to, and does not follow it."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _redirected(url: str, body: bytes) -> str:
    opener: OpenerDirector = build_opener(_Stay)
    try:
        with opener.open(Request(url, body), timeout=_SECONDS) as answer:
            said = answer.read(200)
        raise RuntimeError(f"the pool did not let them in: {said!r}")
    except HTTPError as redirect:
        if redirect.code not in {302, 303}:
            raise
        return str(redirect.headers["Location"])
