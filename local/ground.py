"""What the local run stands on: settings, tables and secrets in the engine."""

import json
import os
import ssl
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import botocore.session

from chalicelib import signing
from chalicelib.config import Settings
from chalicelib.domain.notice import TRIES
from chalicelib.signing import Secrets
from chalicelib.store import setup
from local import places

REGION = "eu-south-1"
SECRETS_PARAMETER = "/marquee/secrets"
KEYS_FROM = datetime(2019, 1, 1, tzinfo=UTC)  # before any clock that AT or the strip may set


def settings_of(base_url: str, engine_url: str, at: datetime | None) -> Settings:
    """Return the settings of a local run; another AT has other tables."""
    return Settings(
        public_url=base_url,
        table_prefix="marquee-" if at is None else f"marquee-{places.name_of(at)}-",
        region=REGION,
        engine_url=engine_url,
        secrets_parameter=SECRETS_PARAMETER,
    )


def keep_home() -> None:
    """See to it that nothing meant for the local engine goes to AWS or through a proxy."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    around = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    home = ",".join(filter(None, [around, "127.0.0.1", "localhost"]))
    os.environ |= {"NO_PROXY": home, "no_proxy": home}


def unproved_tls() -> ssl.SSLContext:
    """Return a context that takes any certificate: for calls to this laptop itself."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def items_by_table(settings: Settings) -> dict[str, int]:
    """Count what the tables hold, by their short names."""
    dynamodb = aws(settings, "dynamodb")
    counts = {}
    for name in setup.names():
        table = dynamodb.describe_table(TableName=name)["Table"]
        counts[name.removeprefix(settings.table_prefix)] = table["ItemCount"]
    return counts


def aws(settings: Settings, service: str) -> Any:  # noqa: ANN401 - botocore makes it at run time
    """Return a client of one of the engine's services."""
    session = botocore.session.Session()  # type: ignore[no-untyped-call]
    return session.create_client(
        service,
        region_name=settings.region,
        endpoint_url=settings.engine_url,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - the engine takes any
    )


def ensure_tables(settings: Settings) -> int:
    """Create the tables that are missing; returns how many."""
    setup.connect(settings)
    return len(setup.create_all())


def ensure_queue(settings: Settings) -> str:
    """Return the address of the queue of errands; makes it, with its dead letters."""
    sqs, name = aws(settings, "sqs"), f"{settings.table_prefix}errands"
    dead = _queue(sqs, settings, f"{name}-dead")
    wanted = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=wanted)["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": TRIES})
    url = _queue(sqs, settings, name)
    attributes = {"VisibilityTimeout": "30", "RedrivePolicy": redrive}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    return url


def _queue(sqs: Any, settings: Settings, name: str) -> str:  # noqa: ANN401 - as `aws`
    """Return the address of a queue, made if missing; a kept one names the engine's former port."""
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return f"{settings.engine_url}{urlsplit(url).path}"


def ensure_secrets(settings: Settings, numbers: list[int]) -> Secrets:
    """Return the engine's secrets; makes them, or the keys of a campaign that has none."""
    return signing.ensure_secrets(settings, numbers, entropy=os.urandom, not_before=KEYS_FROM)
