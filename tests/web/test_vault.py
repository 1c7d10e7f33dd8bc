"""Secrets are read again every five minutes, and what was read last serves while that fails."""

from botocore.exceptions import EndpointConnectionError
from house import fixed_secrets

from chalicelib.signing import Secrets
from chalicelib.web.vault import READ_AGAIN_SECONDS, Vault


class Shelf:
    """Where the secrets lie; a test changes them, and the time."""

    def __init__(self) -> None:
        self.secrets, self.seconds, self.reads, self.gone = fixed_secrets(1), 0.0, 0, False

    def fetch(self) -> Secrets:
        self.reads += 1
        if self.gone:
            raise EndpointConnectionError(endpoint_url="ssm")  # type: ignore[no-untyped-call]
        return self.secrets

    def clock(self) -> float:
        return self.seconds


def test_they_are_read_once_in_five_minutes() -> None:
    shelf = Shelf()
    vault = Vault(shelf.fetch, shelf.clock)
    first = vault.open()
    shelf.secrets, shelf.seconds = fixed_secrets(1, 2), READ_AGAIN_SECONDS - 1
    assert (vault.open(), shelf.reads) == (first, 1)
    shelf.seconds = READ_AGAIN_SECONDS
    assert (vault.open(), shelf.reads) == (shelf.secrets, 2)


def test_what_was_read_last_serves_while_reading_fails() -> None:
    shelf = Shelf()
    vault = Vault(shelf.fetch, shelf.clock)
    first = vault.open()
    shelf.gone, shelf.seconds = True, READ_AGAIN_SECONDS
    assert (vault.open(), vault.open(), shelf.reads) == (first, first, 2)
    shelf.gone, shelf.seconds = False, 2 * READ_AGAIN_SECONDS
    shelf.secrets = fixed_secrets(9)
    assert vault.open() == shelf.secrets
