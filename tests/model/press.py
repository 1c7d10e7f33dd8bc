"""The keys that sign vouchers, as an operator keeps them, and what they print."""

from dataclasses import dataclass
from datetime import UTC, datetime

from made import token

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain.batch import Batch
from chalicelib.domain.redemption import KeyLife
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import Voucher

_NUMBER = 7  # of the campaign, in tokens
_FIRST = datetime(2019, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Print:
    """A QR code on a page or a card: its text, and what it says of itself."""

    text: str
    key_id: int
    generation: int


class Press:
    """What signs; it starts with one key."""

    def __init__(self) -> None:
        made = signing.new_secrets(lambda count: bytes([7]) * count, [_NUMBER], _FIRST)
        self.secrets = signing.read_secrets(made)

    @property
    def newest(self) -> int:
        return max(key.key_id for key in self.secrets.keys_of(_NUMBER))

    def rotate(self, at: datetime) -> None:
        """Add a key that signs from now on; the older ones retire in an hour."""
        seed, since = bytes([self.newest]) * 32, at.replace(microsecond=0)
        self.secrets = signing.rotated(self.secrets, _NUMBER, seed=seed, not_before=since)

    def page(
        self, voucher: Voucher, at: datetime, *, withdrawn: frozenset[int], older: int, **facts: int
    ) -> Print:
        """Sign a claimed voucher as its page does, or as it did so many generations ago."""
        found = signing.signing_key(
            self.secrets, _NUMBER, issued_at=voucher.issued_at, at=at, withdrawn=withdrawn
        )
        assert found is not None, "some key always signs"
        key, issued_at = found
        said = token(
            key_id=key.key_id,
            issued_at=issued_at,
            voucher_id=voucher.voucher_id,
            generation=voucher.generation - older,
            **facts,
        )
        return Print(signing.sign(self.secrets, said), key.key_id, said.generation)

    def card(self, batch: Batch, serial: int) -> Print:
        """Return a minted card: it stays as its batch was signed."""
        _, text = next(signing.minted(self.secrets, batch, [serial]))
        return Print(text, batch.key_id, 0)

    def read(self, shown: Print) -> tuple[Token, KeyLife]:
        """Read a print as a stand does."""
        signed = tokens.read(shown.text)
        assert signed is not None
        life = signing.verify(self.secrets, signed)
        assert isinstance(life, KeyLife)
        return signed.token, life
