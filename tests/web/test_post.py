"""Mail goes out where there is a sender, and what the service says holds no address."""

import pytest
from moto import mock_aws

from chalicelib.config import Settings, read_settings
from chalicelib.domain.errors import TryAgain
from chalicelib.post import Mail, post_of

MAIL = Mail(to="ayse@example.org", subject="Kuponlarınız", text="Burada")


def test_without_a_sender_nothing_is_sent() -> None:
    assert post_of(Settings(public_url="")) is None
    assert read_settings({}).mail_from == ""


def test_a_mail_goes_out_and_an_unknown_sender_is_to_be_tried_again() -> None:
    with mock_aws():
        import botocore.session

        session = botocore.session.Session()  # type: ignore[no-untyped-call]
        ses = session.create_client("ses", region_name="eu-south-1")
        post = post_of(read_settings({"MAIL_FROM": "hello@example.org"}))
        assert post is not None
        with pytest.raises(TryAgain) as told:
            post(MAIL)
        assert "example.org" not in str(told.value)
        ses.verify_email_identity(EmailAddress="hello@example.org")
        post(MAIL)
        assert ses.get_send_quota()["SentLast24Hours"] == 1
