"""Settings from the environment, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where this deployment runs. `engine_url` is set on a laptop only.

    `sign_in_url` is the host of the pool's pages, on which the marketing team signs in.
    `mail_from` is the sender of mails; without one there are none. `errands_url` is the queue of
    what webhooks are told.
    """

    public_url: str
    table_prefix: str = "marquee-"
    region: str = "eu-south-1"
    engine_url: str | None = None
    secrets_parameter: str = "/marquee/secrets"
    user_pool_id: str = ""
    user_pool_client_id: str = ""
    sign_in_url: str = ""
    mail_from: str = ""
    errands_url: str = ""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process. `PUBLIC_URL` is scheme and host, no path."""
    env = os.environ if environ is None else environ
    return Settings(
        public_url=env.get("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        table_prefix=env.get("TABLE_PREFIX", "marquee-"),
        region=env.get("AWS_REGION", "eu-south-1"),
        engine_url=env.get("ENGINE_URL") or None,
        secrets_parameter=env.get("SECRETS_PARAMETER", "/marquee/secrets"),
        user_pool_id=env.get("USER_POOL_ID", ""),
        user_pool_client_id=env.get("USER_POOL_CLIENT_ID", ""),
        sign_in_url=env.get("SIGN_IN_URL", "").rstrip("/"),
        mail_from=env.get("MAIL_FROM", ""),
        errands_url=env.get("ERRANDS_URL", ""),
    )
