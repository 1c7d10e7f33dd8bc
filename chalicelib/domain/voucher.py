"""A voucher: its identity, the code that people read out, and what the ledger knows of it."""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.counter import CounterId
from chalicelib.domain.offer import Scope
from chalicelib.domain.source import Source

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
ID_SYMBOLS = 15
MARK_BYTES = 8
CLAIMED_BITS = 74  # the 75th, first bit is the kind: 0 claimed, 1 minted
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LONGEST_TYPED = 512
# What people type for a symbol that the alphabet leaves out; Turkish i's come from .upper(). A
# Cyrillic keyboard has letters that look the same. U+0307 is the dot that a lower-cased İ leaves
# behind, U+2212 a minus.
_TYPED = str.maketrans("OILİАВЕКМНОРСТУХІЈЅ", "0111ABEKMH0PCTYX1JS", " -\t\n\v\f\r\u0307\u2212")
_SEPARATORS = frozenset({"Cf", "Pd", "Zs", "Zl", "Zp"})  # unseen, dashes, blanks and line breaks


class State(StrEnum):
    """Where a voucher stands in the ledger; expiry follows from time and is no state."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    REVERSED = "reversed"
    HELD = "held"
    GIVEN = "given"
    REVOKED = "revoked"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a voucher. `discount_minor` is in `currency`; `moved` names each counter.

    `local_hour` is the hour on the stand's own clock, `YYYY-MM-DDTHH`, for the figures.
    `order` and `group` are set where the use excludes others of its group from an order;
    `held_until` where it began as an order's hold, whatever became of it. `seq` is the number of a
    device's entry that was accepted without network, whose `scanned_at` is corrected; `overran`
    names what the counters did not have for it. `shift` is who worked with the device.
    """

    number: int
    nonce: str
    device_id: str
    popup_id: str
    scanned_at: datetime
    received_at: datetime
    local_hour: str
    revision: int
    request_id: str
    discount_minor: int = 0
    currency: str | None = None
    moved: tuple[tuple[CounterId, int], ...] = ()
    order: str | None = None
    group: str | None = None
    held_until: datetime | None = None
    seq: int | None = None
    overran: tuple[tuple[CounterId, int], ...] = ()
    shift: str | None = None

    @property
    def at(self) -> datetime:
        """When it was used, by the server's clock."""
        return self.received_at if self.seq is None else self.scanned_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PastUse:
    """A use that was given back: the use, and who gave it back under which nonce.

    `released` tells that it was an order's hold, which never became a use.
    """

    use: Use
    nonce: str
    device_id: str
    reversed_at: datetime
    why: str
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What a use takes from a counter. A day's counter is made by its first use, with `cap`.

    `lack` is what an offline use wants beyond what is left; it is counted apart.
    """

    counter: CounterId
    amount: int
    cap: int
    epoch: int
    lack: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A voucher as the ledger has it. `unit` is the stock counter that gave it, if any.

    `root` is the voucher whose unit was passed on to this one; None: its own. `heir` is the one to
    which it passed the unit on; `reissued` tells that supervisors' links alone did that: to here,
    and of a given one, on from here. `hold_until` ends a claim's hold, `held_until` an order's.
    `released` counts the holds among its `uses`, `version` the writes of its item; `source` is the
    print whose code led to its claim.
    """

    voucher_id: str
    campaign_id: str
    popup_id: str
    offer_id: str
    merchant_id: str | None
    ordinal: int
    visitor: str
    state: State
    issued_at: datetime
    local_hour: str
    revision: int
    generation: int = 0
    unit: CounterId | None = None
    uses: int = 0
    use: Use | None = None
    nonces: frozenset[bytes] = frozenset()
    root: str | None = None
    heir: str | None = None
    reissued: bool = False
    hold_until: datetime | None = None
    held_until: datetime | None = None
    released: int = 0
    gift_hash: str | None = None
    gift_until: datetime | None = None
    source: Source | None = None
    version: int = 1

    @property
    def code(self) -> str:
        return code_of(self.voucher_id)

    @property
    def minted(self) -> bool:
        return is_minted(self.voucher_id)

    @property
    def is_gift(self) -> bool:
        """Tell whether its holder has it from a friend; what was merely moved is nobody's gift."""
        return self.root is not None and not self.reissued

    def held_at(self, at: datetime) -> bool:
        """Tell whether an order holds it; a hold that ended stands in nobody's way."""
        return self.state is State.HELD and (self.held_until is None or at < self.held_until)

    @property
    def rests_as(self) -> State:
        """Where it goes when the hold of an order ends: to what it was before."""
        return State.REVERSED if self.uses - 1 > self.released else State.ISSUED

    def state_at(self, at: datetime) -> State:
        """Return its state; a hold that ended is over, whoever gets to write that down."""
        ended = self.state is State.HELD and not self.held_at(at)
        return self.rests_as if ended else self.state

    def knows(self, device_id: str, nonce: str) -> bool:
        """Tell whether this device used the voucher under this nonce, whatever happened since."""
        return nonce_mark(device_id, nonce) in self.nonces


def claimed_id(
    claim_secret: bytes,
    *,
    campaign_number: int,
    offer_number: int,
    popup_number: int,
    visitor: str,
    ordinal: int,
    scope: Scope,
) -> str:
    """Return the voucher id of a claim: the same visitor asking twice names the same item."""
    place = "*" if scope is Scope.CAMPAIGN else str(popup_number)
    message = f"claim|{campaign_number}|{offer_number}|{place}|{visitor}|{ordinal}"
    digest = hmac.new(claim_secret, message.encode(), hashlib.sha256).digest()
    return symbols_of(int.from_bytes(digest) >> (256 - CLAIMED_BITS))


def is_minted(voucher_id: str) -> bool:
    """Tell the kind by the first bit: 0 claimed, 1 minted."""
    return _VALUE[voucher_id[0]] >= 16


def symbols_of(number: int) -> str:
    """Write 75 bits as 15 symbols."""
    return "".join([ALPHABET[number >> shift & 31] for shift in range(70, -1, -5)])


def number_of(voucher_id: str) -> int:
    """Read 15 symbols as 75 bits."""
    number = 0
    for symbol in voucher_id:
        number = number << 5 | _VALUE[symbol]
    return number


def code_of(voucher_id: str) -> str:
    """Return the code that people read out: four groups, the last symbol checks the rest."""
    return _grouped(voucher_id + check_symbol(voucher_id))


def check_symbol(voucher_id: str) -> str:
    """Return the symbol that makes the weighted sum over GF(32) zero.

    Symbol i weighs a**(i + 1) and the check symbol 1; all weights differ and none is zero, so
    each single error and each swap of two symbols is found.
    """
    total = 0
    for products, symbol in zip(_PRODUCTS, voucher_id, strict=True):
        total ^= products[symbol]
    return ALPHABET[total]


def read_code(typed: str) -> str | None:
    """Return the voucher id of a code as typed, in any case and spacing, or None."""
    symbols = _symbols(typed)
    return symbols[:ID_SYMBOLS] if symbols and _checks(symbols) else None


def mistyped(typed: str) -> str | None:
    """Return what was typed, in groups, where it has a code's form but a wrong symbol."""
    symbols = _symbols(typed)
    return None if symbols is None or _checks(symbols) else _grouped(symbols)


def tidied(typed: str) -> str:
    """Return the symbols that somebody meant, in any case and spacing."""
    short = typed[:_LONGEST_TYPED]
    return (short if short.isascii() else _plain(short)).upper().translate(_TYPED)


def _plain(text: str) -> str:
    """Return a text in plain letters and digits, be they wide or of another script."""
    spelled = unicodedata.normalize("NFKC", text)
    kept = [one for one in spelled if unicodedata.category(one) not in _SEPARATORS]
    return "".join([str(unicodedata.decimal(one, one)) for one in kept])


def _symbols(typed: str) -> str | None:
    """Return the 16 symbols of a typed code, or None where it has not a code's form."""
    symbols = tidied(typed)
    known = len(symbols) == ID_SYMBOLS + 1 and all(symbol in _VALUE for symbol in symbols)
    return symbols if known else None


def _checks(symbols: str) -> bool:
    return symbols[ID_SYMBOLS] == check_symbol(symbols[:ID_SYMBOLS])


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in range(0, 16, 4))


def nonce_mark(device_id: str, nonce: str) -> bytes:
    """Return the 12 bytes by which a voucher remembers a nonce of a device."""
    return hashlib.sha256(f"{device_id}#{nonce}".encode()).digest()[:12]


def mark_of(voucher_id: str) -> bytes:
    """Return the 8 bytes under which a list of used vouchers names one: they are no code."""
    return hashlib.sha256(voucher_id.encode()).digest()[:MARK_BYTES]


def redemption_id(voucher_id: str, number: int) -> str:
    return f"{voucher_id}.{number}"


def read_redemption_id(text: str) -> tuple[str, int] | None:
    """Return voucher id and use number, or None where the text is no redemption id."""
    voucher_id, _, number = text.partition(".")
    if len(voucher_id) != ID_SYMBOLS or any(symbol not in _VALUE for symbol in voucher_id):
        return None
    return (voucher_id, int(number)) if number in {"1", "2", "3", "4", "5", "6", "7", "8"} else None


def _times(left: int, right: int) -> int:
    """Multiply in GF(32) with the polynomial x^5 + x^2 + 1, of which 2 is a primitive root."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0b100101 if left & 16 else 0)
        right >>= 1
    return product


def _powers() -> tuple[int, ...]:
    weights = [2]
    while len(weights) < ID_SYMBOLS:
        weights.append(_times(weights[-1], 2))
    return tuple(weights)


_PRODUCTS = [{s: _times(weight, value) for s, value in _VALUE.items()} for weight in _powers()]
