"""The pool of people who may sign in: Amazon Cognito, or the engine of a laptop in its place."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from chalicelib.config import Settings
from chalicelib.domain import id_token
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.id_token import BadTokenError, PublicKey

CALLBACK = "/console/callback"
_SCOPES = "openid email"
_SECONDS = 3.0


class Pool(Protocol):
    """What signing in and inviting need; `Cognito` fits, so does a fake."""

    @property
    def issuer(self) -> str: ...

    def authorize_url(self, *, state: str, nonce: str, challenge: str) -> str:
        """Return where a browser signs in."""
        ...

    def exchange(self, code: str, verifier: str) -> str | None:
        """Return the id token for a code, or None where the pool refuses it. Raises TryAgain."""
        ...

    def keys(self) -> dict[str, PublicKey]:
        """Return the keys that sign tokens, by id. Raises TryAgain."""
        ...

    def invite(self, email: str) -> str:
        """Return the `sub` of the person with this address, who gets a letter where new."""
        ...


class Cognito:
    """The user pool that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def issuer(self) -> str:
        """What tokens say of where they come from; on a laptop, too."""
        s = self._settings
        return f"https://cognito-idp.{s.region}.amazonaws.com/{s.user_pool_id}"

    def authorize_url(self, *, state: str, nonce: str, challenge: str) -> str:
        """Return where a browser signs in (authorization code with PKCE)."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.user_pool_client_id,
            "redirect_uri": self._settings.public_url + CALLBACK,
            "scope": _SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._settings.sign_in_url}/oauth2/authorize?{urlencode(asked)}"

    def exchange(self, code: str, verifier: str) -> str | None:
        """Return the id token for a code, or None where the pool refuses it. Raises TryAgain."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self._settings.user_pool_client_id,
            "code": code,
            "redirect_uri": self._settings.public_url + CALLBACK,
            "code_verifier": verifier,
        }
        status, body = _asked(
            "POST",
            f"{self._settings.sign_in_url}/oauth2/token",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if status != 200:
            return None
        token = body.get("id_token")
        return token if isinstance(token, str) else None

    def keys(self) -> dict[str, PublicKey]:
        """Return the keys that sign tokens, by id. Raises TryAgain."""
        s = self._settings
        home = f"{s.engine_url}/{s.user_pool_id}" if s.engine_url else self.issuer
        status, body = _asked("GET", f"{home}/.well-known/jwks.json")
        if status != 200:
            raise TryAgain(f"the keys of the pool: {status}")
        try:
            return id_token.keys_of(body)
        except BadTokenError as error:
            raise TryAgain(str(error)) from error

    def invite(self, email: str) -> str:
        """Return the `sub` of the person with this address, who gets a letter where new."""
        client = _client(self._settings)
        where = {"UserPoolId": self._settings.user_pool_id, "Username": email}
        named = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        try:
            made = client.admin_create_user(
                **where, UserAttributes=named, DesiredDeliveryMediums=["EMAIL"]
            )
            return _subject(made["User"]["Attributes"])
        except client.exceptions.UsernameExistsException:
            return _subject(client.admin_get_user(**where)["UserAttributes"])


def _subject(attributes: list[Mapping[str, str]]) -> str:
    return next(each["Value"] for each in attributes if each["Name"] == "sub")


def _client(settings: Settings) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    import botocore.session  # noqa: PLC0415 - who only signs in does without

    session = botocore.session.Session()  # type: ignore[no-untyped-call]
    return session.create_client(
        "cognito-idp", region_name=settings.region, endpoint_url=settings.engine_url
    )


def _asked(method: str, url: str, **request: Any) -> tuple[int, Mapping[str, Any]]:  # noqa: ANN401 - urllib3's
    """Ask the pool; return the status with a JSON object. Raises TryAgain."""
    import urllib3  # noqa: PLC0415 - botocore has it, but visitors do without

    try:
        answer = urllib3.request(method, url, timeout=_SECONDS, retries=False, **request)
        return answer.status, msgspec.json.decode(answer.data, type=dict[str, Any])
    except (urllib3.exceptions.HTTPError, msgspec.DecodeError) as error:
        raise TryAgain(f"the pool: {type(error).__name__}") from error
