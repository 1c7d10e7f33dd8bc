"""Mail to a visitor, one at a time, by Amazon SES. The address is used and forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Settings
from chalicelib.domain.errors import TryAgain


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


Post = Callable[[Mail], None]


def post_of(settings: Settings) -> Post | None:
    """Return what sends mail; None for an installation that has no sender's address."""
    return Ses(settings) if settings.mail_from else None


class Ses:
    """Amazon's mail service. A mail that it did not take may be tried again by the visitor."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, mail: Mail) -> None:
        """Send it. Raises TryAgain."""
        import botocore.session  # noqa: PLC0415 - mail is rare, and its client costs a cold start

        session = botocore.session.Session()  # type: ignore[no-untyped-call]
        client = session.create_client(
            "ses", region_name=self._settings.region, endpoint_url=self._settings.engine_url
        )
        try:
            client.send_email(
                Source=self._settings.mail_from,
                Destination={"ToAddresses": [mail.to]},
                Message={
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
                },
            )
        except (BotoCoreError, ClientError) as error:
            raise TryAgain(type(error).__name__) from None  # its text may hold the address
